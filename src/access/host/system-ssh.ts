import type { Clock, Millis } from '../../lib/clock.ts';
import { type Access, type Executed, type ExecuteOptions, stopped } from './access.ts';
import { WayProblem } from './failure.ts';
import { executedOf } from './local.ts';
import { elevate } from './look-script.ts';
import type { Places } from './places.ts';
import { quoteAll } from './quote.ts';
import type { Run } from './run.ts';
import type { SshSettings } from './settings.ts';

export interface SystemSshOptions {
  readonly ssh: SshSettings;
  /** The host that the way leads through, as `ssh -J` takes it. */
  readonly jump?: string | undefined;
  readonly name: string;
  readonly run: Run;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly connectTimeoutMs: Millis;
  readonly logins: Places;
}

/**
 * The machine's own `ssh`: for host certificates, ProxyCommand, and whatever else `~/.ssh/config` asks
 * for. A login each time. Host keys are checked against the user's known_hosts, and never added.
 */
export class SystemSshAccess implements Access {
  readonly transport = 'ssh';
  readonly name: string;
  readonly byHand: string;
  readonly #options: SystemSshOptions;
  readonly #argv: readonly string[];
  readonly #closed = new AbortController();

  constructor(options: SystemSshOptions) {
    this.#options = options;
    this.name = options.name;
    const where = sshArguments(options.ssh, options.jump);
    this.byHand = quoteAll(['ssh', ...where, 'true']);
    const connect = `ConnectTimeout=${Math.max(1, Math.ceil(options.connectTimeoutMs / 1000))}`;
    const strict = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes'];
    this.#argv = ['ssh', '-T', '-x', '-a', ...strict, '-o', connect, ...where];
  }

  async execute(argv: readonly string[], options: ExecuteOptions): Promise<Executed> {
    const { run, env, ssh, logins } = this.#options;
    const command = ssh.sudo === false ? argv : ['sh', '-c', elevate, 'sh', ...argv];
    const signal = AbortSignal.any([options.signal, this.#closed.signal]);
    const late = (): WayProblem => new WayProblem('timed-out', 'the look took too long');
    const leave = await logins
      .at(`${ssh.address} ${ssh.port ?? 22}`)
      .enter(signal)
      .catch(() => {
        throw stopped(signal, late());
      });
    try {
      options.onStart?.();
      const { input, timeoutMs, maxBytes: maxOutputBytes } = options;
      const given = { env, input, timeoutMs, maxOutputBytes, signal };
      const result = await run([...this.#argv, quoteAll(command)], given);
      if (result.kind === 'cancelled') throw stopped(signal, late());
      const executed = executedOf(result, 'ssh');
      // Its own failures end with 255, and so may a program's; only its own come without an answer.
      if (executed.code === 255 && executed.stdout.length === 0) throw problemOf(executed.stderr);
      return executed;
    } finally {
      leave();
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }
}

/** Where to, for `ssh`: its options and the address, safe from being taken for an option. */
export function sshArguments(ssh: SshSettings, jump?: string): readonly string[] {
  return [
    ...(ssh.port === undefined ? [] : ['-p', String(ssh.port)]),
    ...(ssh.user === undefined ? [] : ['-l', ssh.user]),
    ...(ssh.identityFile === undefined ? [] : ['-i', ssh.identityFile]),
    ...(jump === undefined ? [] : ['-J', jump]),
    '--',
    ssh.address,
  ];
}

/** What OpenSSH's client says, in the order in which it is told apart. */
const said: readonly (readonly [RegExp, WayProblem['kind']])[] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED|is revoked/, 'host-key-changed'],
  [/Host key verification failed|No .* host key is known/, 'denied'],
  [/Permission denied|Too many authentication failures/, 'denied'],
  [/Could not resolve hostname/, 'unknown-host'],
  [/Connection refused/, 'refused'],
  [/timed out/, 'timed-out'],
  [/No route to host|unreachable/, 'unreachable'],
];

function problemOf(stderr: string): WayProblem {
  const kind = said.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'cut';
  const prints = [...stderr.matchAll(/SHA256:[\w+/]+/g)].map(([print]) => print);
  const lines = stderr.trim().split('\n');
  // `ssh: connect to host 192.0.2.13 port 22: No route to host`: the way has the address already.
  const last = lines
    .at(-1)
    ?.replace(/^ssh: connect to host \S+ port \d+: (.)/, (_, first: string) => first.toLowerCase());
  const place = /Offending .* key in (\S+)/.exec(stderr)?.[1];
  const detail = [last, ...prints, place].filter(Boolean).join('; ');
  return new WayProblem(kind, detail, { stage: 'reach' });
}
