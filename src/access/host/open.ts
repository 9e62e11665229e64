import { randomBytes } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Clock, type Millis, systemClock } from '../../lib/clock.ts';
import type { Access } from './access.ts';
import { KnownHosts } from './known-hosts.ts';
import { LocalAccess } from './local.ts';
import { lxcAccess } from './lxc.ts';
import { pctAccess } from './pct.ts';
import { Places } from './places.ts';
import type { HostReader } from './port.ts';
import { type Run, run as runProgram } from './run.ts';
import type { HostSettings } from './settings.ts';
import { type SshMeans, SshWay } from './ssh-way.ts';
import { WaysReader } from './ways.ts';

/** What opening needs of the world. Whatever is absent is the real one. */
export interface HostDeps {
  readonly clock?: Clock;
  readonly env?: NodeJS.ProcessEnv;
  readonly run?: Run;
  readonly home?: string;
  /** A new name at each call that nobody can guess, of letters and digits. */
  readonly random?: () => string;
  /** Whether we are root on this machine. */
  readonly root?: boolean;
  /** Where host keys are pinned. */
  readonly knownHosts?: string;
  /** Read for host keys as well, and never written. */
  readonly otherKnownHosts?: readonly string[];
  /** For connecting and logging in; 10 s. */
  readonly connectTimeoutMs?: Millis;
  /** Logins at a time at one address; 8, below sshd's MaxStartups. */
  readonly logins?: number;
  /** Of one look; 16 MiB. */
  readonly maxBytes?: number;
}

const usualMaxBytes = 16 * 1024 * 1024;
const usualConnectTimeoutMs: Millis = 10_000;
const usualLogins = 8;

/** Below sshd's MaxSessions, which is 10. More at once would only make each of them late. */
const mostLooks = 8;

/**
 * A reader for each host, by its name. Nothing is connected before the first look.
 * Connections are shared: what leads through a hypervisor or a jump host goes over that host's own,
 * so close the readers together.
 */
export function openHosts(
  hosts: readonly HostSettings[],
  deps: HostDeps = {},
): ReadonlyMap<string, HostReader> {
  const accesses = new Accesses(hosts, meansOf(deps), deps);
  const random = deps.random ?? randomName;
  const options = {
    clock: deps.clock ?? systemClock,
    boundary: random,
    maxBytes: deps.maxBytes ?? usualMaxBytes,
  };
  return new Map(
    hosts.map((host) => [host.name, new WaysReader(host.name, accesses.of(host), options)]),
  );
}

function randomName(): string {
  return randomBytes(16).toString('hex');
}

function meansOf(deps: HostDeps): SshMeans {
  const { clock = systemClock, env = process.env, run = runProgram } = deps;
  const home = deps.home ?? (env['HOME'] || homedir());
  const state = env['XDG_STATE_HOME'] ?? '';
  const states = isAbsolute(state) ? state : join(home, '.local', 'state');
  const own = deps.knownHosts ?? join(states, 'evenkeel', 'known_hosts');
  const others = deps.otherKnownHosts ?? [
    join(home, '.ssh', 'known_hosts'),
    join(home, '.ssh', 'known_hosts2'),
    '/etc/ssh/ssh_known_hosts',
  ];
  return {
    clock,
    env,
    run,
    home,
    user: env['USER'] || env['LOGNAME'] || userInfo().username,
    knownHosts: new KnownHosts({ own, others, random: deps.random ?? randomName }),
    logins: new Places(deps.logins ?? usualLogins),
    looks: new Places(mostLooks),
    connectTimeoutMs: deps.connectTimeoutMs ?? usualConnectTimeoutMs,
  };
}

/** The ways to all hosts, each made once, however many lead through it. */
class Accesses {
  readonly #hosts: ReadonlyMap<string, HostSettings>;
  readonly #means: SshMeans;
  readonly #root: boolean;
  readonly #made = new Map<string, readonly Access[] | 'being made'>();
  readonly #sshWays = new Map<string, SshWay>();

  constructor(hosts: readonly HostSettings[], means: SshMeans, deps: HostDeps) {
    this.#hosts = new Map(hosts.map((host) => [host.name, host]));
    this.#means = means;
    this.#root = deps.root ?? process.getuid?.() === 0;
  }

  /** In the order in which they are tried. */
  of(host: HostSettings): readonly Access[] {
    const made = this.#made.get(host.name);
    if (made === 'being made') throw new Error(`the way to ${host.name} leads through itself`);
    if (made) return made;
    this.#made.set(host.name, 'being made');
    const { ssh, pct, lxc, local } = host;
    const { clock } = this.#means;
    const ways: Access[] = [
      ...(ssh ? [this.#ssh(host.name)] : []),
      ...(pct ? [pctAccess(pct, this.#first(pct.host), clock)] : []),
      ...(lxc ? [lxcAccess(lxc, this.#hypervisor(lxc.host), clock)] : []),
      ...(local ? [this.#local(local.sudo)] : []),
    ];
    this.#made.set(host.name, ways);
    return ways;
  }

  #ssh(name: string): SshWay {
    const known = this.#sshWays.get(name);
    if (known) return known;
    const ssh = this.#hosts.get(name)?.ssh;
    if (!ssh) throw new Error(`${name} has no ssh`);
    const jump = ssh.jump === undefined ? undefined : this.#ssh(ssh.jump);
    const way = new SshWay(ssh, this.#means, jump);
    this.#sshWays.set(name, way);
    return way;
  }

  /** How one starts something on a host that others are reached through. */
  #first(name: string): Access {
    const host = this.#hosts.get(name);
    const [first] = host ? this.of(host) : [];
    if (!first) throw new Error(`there is no way to ${name}`);
    return first;
  }

  #hypervisor(name: string | undefined): Access {
    return name === undefined ? this.#local(true) : this.#first(name);
  }

  #local(sudo: boolean): Access {
    const { run, env } = this.#means;
    return new LocalAccess({ run, env, sudo: sudo && !this.#root });
  }
}
