import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { systemClock } from '../../../lib/clock.ts';
import { execute, noProgram, programPath, type TestPlace } from './place.ts';

/** Why tests that log in cannot run here; empty when they can. */
export const noSshd = noProgram('sshd') || noProgram('ssh-keygen');

/** Makes a key pair and gives the path of the private one. */
export function newKey(place: TestPlace, name: string, passphrase = ''): string {
  const file = place.path(name);
  execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', name, '-f', file]);
  return file;
}

export interface SshdOptions {
  /** Private keys that may log in. */
  readonly keys: readonly string[];
  /** Private host key. */
  readonly hostKey: string;
  /** Runs in place of every command, which is in `$SSH_ORIGINAL_COMMAND`. */
  readonly force?: string;
  /** Further lines of sshd_config. */
  readonly config?: readonly string[];
  /** Of a server that ran before. */
  readonly port?: number;
  /** Before the usual PATH of a session. */
  readonly bin?: string;
}

/** A real sshd on loopback. */
export class TestSshd {
  readonly port: number;
  readonly user = userInfo().username;
  readonly #child: ChildProcess;
  readonly #log: string[];

  private constructor(port: number, child: ChildProcess, log: string[]) {
    this.port = port;
    this.#child = child;
    this.#log = log;
  }

  static async start(place: TestPlace, options: SshdOptions): Promise<TestSshd> {
    const port = options.port ?? (await freePort());
    // The directory that it confines its unprivileged part to; root's only.
    if (userInfo().uid === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
    const publicKeys = options.keys.map((key) => readFileSync(`${key}.pub`, 'utf8'));
    const authorized = place.write(`authorized_keys_${port}`, publicKeys.join(''));
    const path = `${options.bin === undefined ? '' : `${options.bin}:`}${process.env['PATH'] ?? ''}`;
    const lines = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${options.hostKey}`,
      `AuthorizedKeysFile ${authorized}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      'PidFile none',
      'LogLevel VERBOSE',
      // bash reads ~/.bashrc for sshd unless another shell started it: nobody's own has a say here.
      `SetEnv PATH=${path} SHLVL=2`,
      ...(options.force === undefined ? [] : [`ForceCommand ${options.force}`]),
      ...(options.config ?? []),
    ];
    const file = place.write(`sshd_config_${port}`, `${lines.join('\n')}\n`);
    const child = spawn(programPath('sshd') ?? 'sshd', ['-D', '-e', '-f', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const log: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => log.push(chunk.toString('utf8')));
    await listening(port, child, log);
    return new TestSshd(port, child, log);
  }

  /** What it logged so far. */
  log(): string {
    return this.#log.join('');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

/** A server that accepts connections and never speaks. */
export async function silentServer(): Promise<{ port: number; stop: () => Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { port: address.port, stop };
}

/** Where nobody listens. */
export async function freePort(): Promise<number> {
  const { port, stop } = await silentServer();
  await stop();
  return port;
}

async function listening(port: number, child: ChildProcess, log: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) break;
    if (await accepts(port)) return;
    await systemClock.sleep(25);
  }
  child.kill('SIGKILL');
  throw new Error(`sshd does not listen: ${log.join('')}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
