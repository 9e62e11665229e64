import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WayProblem } from './failure.ts';
import {
  fingerprint,
  type KnownHost,
  knownName,
  parseKnownHosts,
  typeOf,
} from './known-hosts-file.ts';
import { quote } from './quote.ts';

export interface KnownHostsFiles {
  /** Ours: keys are pinned here when first seen. */
  readonly own: string;
  /** The user's: read, never written. */
  readonly others: readonly string[];
  /** For the name of the file that is renamed into its place. */
  readonly random: () => string;
}

type Line = KnownHost & { readonly file: string };

/** Host keys: pinned on first use, checked ever after. */
export class KnownHosts {
  readonly #files: KnownHostsFiles;
  /** Writers wait for each other: each writes the whole file. */
  #written: Promise<void> = Promise.resolve();

  constructor(files: KnownHostsFiles) {
    this.#files = files;
  }

  /** What is known of a host, that its key may be asked for in a type that can be compared. */
  async about(
    address: string,
    port: number,
  ): Promise<{ readonly types: readonly string[]; readonly hasAuthority: boolean }> {
    const lines = await this.#linesOf(knownName(address, port));
    return {
      types: [...new Set(lines.filter(({ marker }) => !marker).map(({ type }) => type))],
      hasAuthority: lines.some(({ marker }) => marker === 'cert-authority'),
    };
  }

  /** Resolves when this may be the host's key. Rejects with a `WayProblem` when it is not. */
  async check(address: string, port: number, key: Buffer): Promise<void> {
    const name = knownName(address, port);
    await this.#written;
    if (!(await this.#judge(name, key))) await this.#pin(name, key);
  }

  /** True when the key is known, false when the host is not. Throws when it is the wrong key. */
  async #judge(name: string, key: Buffer): Promise<boolean> {
    const lines = await this.#linesOf(name);
    const same = lines.filter((line) => line.key.equals(key));
    const revoked = same.find(({ marker }) => marker === 'revoked');
    if (revoked) {
      const detail = `${fingerprint(key)} is revoked in ${revoked.file}:${revoked.line}`;
      throw new WayProblem('host-key-changed', detail, { stage: 'reach' });
    }
    if (same.some(({ marker }) => !marker)) return true;
    const plain = lines.filter(({ marker }) => !marker);
    const pinned = plain.find(({ type }) => type === typeOf(key)) ?? plain[0];
    if (pinned) throw changed(name, pinned, key);
    return false;
  }

  async #linesOf(name: string): Promise<readonly Line[]> {
    const files = [this.#files.own, ...this.#files.others];
    const texts = await Promise.all(files.map(contentOf));
    return files.flatMap((file, at) =>
      parseKnownHosts(texts[at] ?? '')
        .filter((line) => line.matches(name))
        .map((line) => ({ ...line, file })),
    );
  }

  async #pin(name: string, key: Buffer): Promise<void> {
    const line = `${name} ${typeOf(key)} ${key.toString('base64')}`;
    // Judged again in turn: two first visits at once may have seen two keys.
    const written = this.#written.then(async () => {
      if (!(await this.#judge(name, key))) await this.#append(line);
    });
    this.#written = written.catch(() => undefined);
    try {
      await written;
    } catch (error) {
      if (error instanceof WayProblem) throw error;
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      // Not remembered is not checked the next time either.
      const detail = `its host key cannot be remembered in ${this.#files.own}: ${code}`;
      throw new WayProblem('denied', detail, {
        stage: 'reach',
        next: `Make it writable: 'ls -ld ${quote(dirname(this.#files.own))}'.`,
        cause: error,
      });
    }
  }

  async #append(line: string): Promise<void> {
    const { own, random } = this.#files;
    await mkdir(dirname(own), { recursive: true, mode: 0o700 });
    const before = await contentOf(own);
    const next = `${own}.${random()}`;
    try {
      const file = await open(next, 'wx', 0o600);
      try {
        const gap = before === '' || before.endsWith('\n') ? '' : '\n';
        await file.writeFile(`${before}${gap}${line}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(next, own);
    } catch (error) {
      await rm(next, { force: true });
      throw error;
    }
  }
}

function changed(name: string, pinned: Line, key: Buffer): WayProblem {
  const place = `${pinned.file}:${pinned.line}`;
  const shown = `it shows ${typeOf(key)} ${fingerprint(key)}`;
  const detail = `${shown}, pinned is ${pinned.type} ${fingerprint(pinned.key)} (${place})`;
  const forget = `ssh-keygen -R ${quote(name)} -f ${quote(pinned.file)}`;
  return new WayProblem('host-key-changed', detail, {
    stage: 'reach',
    next: `Compare it on the host's console with 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'; only if it is the host's own, forget the old one with '${forget}'.`,
  });
}

/** A file that is not there holds nothing; one that cannot be read is not taken for empty. */
async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    const detail = `known host keys cannot be read from ${file}: ${code}`;
    throw new WayProblem('denied', detail, { stage: 'reach', cause: error });
  }
}
