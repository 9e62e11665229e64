import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  certificate: string;
  key: string;
}

/** A certificate authority for one test file, made with the openssl command. */
export class TestAuthority {
  readonly directory = mkdtempSync(join(tmpdir(), 'evenkeel-ca-'));
  readonly certificate: string;

  constructor(name = 'test-authority') {
    this.#openssl(
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes',
      `-keyout ca.key -out ca.crt -days 2 -subj /CN=${name}`,
    );
    this.certificate = this.#read('ca.crt');
  }

  /** `days` below zero gives a certificate that has expired; `until` sets its end to the second. */
  issue(subject: string, options: { names?: string; days?: number; until?: Date } = {}): Pair {
    const extensions = options.names === undefined ? '' : `subjectAltName=${options.names}\n`;
    writeFileSync(join(this.directory, 'extensions'), extensions);
    this.#openssl(
      'req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes',
      `-keyout leaf.key -out leaf.csr -subj ${subject}`,
    );
    if (options.until) this.#signUntil(options.until);
    else {
      this.#openssl(
        'x509 -req -in leaf.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out leaf.crt',
        `-days ${options.days ?? 2} -extfile extensions`,
      );
    }
    return { certificate: this.#read('leaf.crt'), key: this.#read('leaf.key') };
  }

  /** `openssl x509` knows days only. */
  #signUntil(end: Date): void {
    const sections = [
      '[ca]\ndefault_ca = own',
      '[own]\ndatabase = index.txt\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any',
      'unique_subject = no\nrand_serial = yes\n[any]\ncommonName = supplied',
    ];
    writeFileSync(join(this.directory, 'ca.cnf'), `${sections.join('\n')}\n`);
    writeFileSync(join(this.directory, 'index.txt'), '');
    const until = `${end.toISOString().slice(2, 19).replace(/\D/g, '')}Z`;
    this.#openssl(
      'ca -config ca.cnf -batch -notext -cert ca.crt -keyfile ca.key',
      `-in leaf.csr -out leaf.crt -startdate 200101000000Z -enddate ${until} -extfile extensions`,
    );
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #openssl(...words: string[]): void {
    const argv = words.join(' ').split(' ');
    execFileSync('openssl', argv, { cwd: this.directory, stdio: 'pipe' });
  }

  #read(name: string): string {
    return readFileSync(join(this.directory, name), 'utf8');
  }
}

/** OpenSSL's own server, which demands a client certificate and says what it dislikes. */
export async function startStrictServer(
  pair: Pair,
  clientAuthority: string,
  version: string,
): Promise<{ url: string; stop(): void }> {
  const directory = mkdtempSync(join(tmpdir(), 'evenkeel-server-'));
  writeFileSync(join(directory, 'server.pem'), `${pair.certificate}${pair.key}`);
  writeFileSync(join(directory, 'clients.pem'), clientAuthority);
  const argv = `s_server -accept 127.0.0.1:0 -cert server.pem -CAfile clients.pem ${version}`;
  const strict = '-Verify 1 -verify_return_error -www -naccept 10';
  const server = spawn('openssl', `${argv} ${strict}`.split(' '), {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    let said = '';
    server.on('error', reject);
    server.on('close', () => reject(new Error(`openssl ended: ${said}`)));
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const stop = (): void => {
    server.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  return { url: `https://127.0.0.1:${port}`, stop };
}
