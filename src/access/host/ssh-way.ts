import type { Clock, Millis } from '../../lib/clock.ts';
import { type Access, type Executed, type ExecuteOptions, within } from './access.ts';
import { WayProblem } from './failure.ts';
import { withHome } from './home-path.ts';
import type { KnownHosts } from './known-hosts.ts';
import type { Places } from './places.ts';
import { quoteAll } from './quote.ts';
import type { Run } from './run.ts';
import type { SshSettings } from './settings.ts';
import type { SshAccess } from './ssh.ts';
import { askSshConfig, type SshConfigSays } from './ssh-config.ts';
import { SystemSshAccess, sshArguments } from './system-ssh.ts';

/** What all ways over ssh have in common. */
export interface SshMeans {
  readonly run: Run;
  readonly env: NodeJS.ProcessEnv;
  readonly home?: string | undefined;
  /** Our name on this machine. */
  readonly user: string;
  readonly clock: Clock;
  readonly knownHosts: KnownHosts;
  readonly logins: Places;
  readonly looks: Places;
  readonly connectTimeoutMs: Millis;
}

type Inner =
  | { readonly kind: 'builtin'; readonly access: SshAccess }
  | { readonly kind: 'system'; readonly access: SystemSshAccess };

/**
 * A way over ssh. Which client goes it, ours or the machine's, is decided when it is first gone:
 * `~/.ssh/config` has a say in that, and neither it nor the library costs anything before.
 */
export class SshWay implements Access {
  readonly transport = 'ssh';
  readonly name: string;
  readonly byHand: string;
  readonly #ssh: SshSettings;
  readonly #means: SshMeans;
  readonly #jump: SshWay | undefined;
  #inner: Promise<Inner> | undefined;

  constructor(ssh: SshSettings, means: SshMeans, jump?: SshWay) {
    const { identityFile } = ssh;
    this.#ssh =
      identityFile === undefined
        ? ssh
        : { ...ssh, identityFile: withHome(identityFile, means.home) };
    this.#means = means;
    this.#jump = jump;
    this.name = `ssh ${this.place}`;
    this.byHand = quoteAll(['ssh', ...sshArguments(this.#ssh, jump?.place), 'true']);
  }

  /** As `ssh -J` takes it. */
  get place(): string {
    const { address, port = 22, user = this.#means.user } = this.#ssh;
    return `${user}@${address.includes(':') ? `[${address}]` : address}:${port}`;
  }

  async execute(argv: readonly string[], options: ExecuteOptions): Promise<Executed> {
    const { clock } = this.#means;
    const endsAt = clock.monotonic() + options.timeoutMs;
    const { access } = await within(this.#decided(), {
      clock,
      signal: options.signal,
      timeoutMs: options.timeoutMs,
      late: () => new WayProblem('timed-out', "'ssh -G' does not answer", { stage: 'reach' }),
    });
    return await access.execute(argv, { ...options, timeoutMs: endsAt - clock.monotonic() });
  }

  #decided(): Promise<Inner> {
    this.#inner ??= this.#decide();
    return this.#inner;
  }

  async #decide(): Promise<Inner> {
    const { client } = this.#ssh;
    const jump = this.#jump;
    if (client === 'system') return this.#system();
    const [says, through] = await Promise.all([
      askSshConfig(this.#ssh, this.#means),
      jump ? jump.#decided() : undefined,
    ]);
    const mayBeOurs = client === 'builtin' || !(says.needsSystem || (await this.#hasAuthority()));
    if (!mayBeOurs || through?.kind === 'system') return this.#system();
    return await this.#builtin(says, through?.access);
  }

  /** A certificate proves this host, and our client cannot check one. */
  async #hasAuthority(): Promise<boolean> {
    const { address, port = 22 } = this.#ssh;
    return (await this.#means.knownHosts.about(address, port)).hasAuthority;
  }

  async #builtin(says: SshConfigSays, jump: SshAccess | undefined): Promise<Inner> {
    const { SshAccess } = await import('./ssh.ts');
    const { home, env } = this.#means;
    const { address, port = 22, sudo = true } = this.#ssh;
    const identityFile = this.#ssh.identityFile ?? says.identityFile;
    const access = new SshAccess({
      ...this.#means,
      address,
      port,
      user: this.#ssh.user ?? says.user ?? this.#means.user,
      keys: { identityFile, home, agentSocket: env['SSH_AUTH_SOCK'] || undefined },
      name: this.name,
      byHand: this.byHand,
      sudo,
      ...(jump ? { jump } : {}),
    });
    return { kind: 'builtin', access };
  }

  #system(): Inner {
    const access = new SystemSshAccess({
      ...this.#means,
      ssh: this.#ssh,
      jump: this.#jump?.place,
      name: this.name,
    });
    return { kind: 'system', access };
  }

  async close(): Promise<void> {
    const inner = await this.#inner?.catch(() => undefined);
    await inner?.access.close();
  }
}
