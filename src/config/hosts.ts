import type { HostSettings, SshSettings } from '../access/host/settings.ts';
import { nearest } from '../lib/nearest.ts';
import type { HostsSection } from './hosts-schema.ts';
import { sshPlace } from './ssh-place.ts';

type Entry = HostsSection[string];

/** The section as those who open hosts need it: no short forms, and one hypervisor a host. */
export function hostSettings(section: HostsSection = {}): readonly HostSettings[] {
  return Object.entries(section).map(([name, entry]) => {
    const { node, pct, lxc, uplink } = entry;
    return {
      name,
      node,
      ssh: sshOf(entry.ssh),
      pct,
      lxc,
      local: entry.local === true ? { sudo: true } : entry.local,
      hypervisor: entry.hypervisor ?? pct?.host ?? lxc?.host,
      switch: entry.switch,
      optional: entry.optional ?? false,
      uplink,
      haproxy: haproxyOf(entry.haproxy),
    };
  });
}

function sshOf(ssh: Entry['ssh']): SshSettings | undefined {
  return typeof ssh === 'string' ? sshPlace(ssh) : ssh;
}

function haproxyOf(haproxy: Entry['haproxy']): HostSettings['haproxy'] {
  if (haproxy?.socket !== undefined) return { socket: haproxy.socket };
  return haproxy?.url === undefined ? undefined : { url: haproxy.url };
}

/** What is wrong with a host, and where: of a key itself, or of what stands behind it. */
export interface HostMistake {
  readonly path: readonly string[];
  readonly at: 'key' | 'value';
  readonly message: string;
}

interface Reference {
  /** Below the host. */
  readonly path: readonly string[];
  readonly to: string;
}

/** What no schema sees: hosts that are named and not there, circles, hosts with no way to them. */
export function hostMistakes(section: HostsSection): readonly HostMistake[] {
  const mistakes = Object.entries(section).flatMap(([name, entry]) => {
    const { ssh, pct, lxc, local } = entry;
    const hasWay = Boolean(ssh ?? pct ?? lxc ?? local);
    const message = `hosts.${name}: there is no way to it; it needs ssh, pct, lxc or local`;
    const noWay: HostMistake[] = hasWay ? [] : [{ path: [name], at: 'key', message }];
    return [...noWay, ...referencesOf(entry).flatMap((each) => wrong(section, name, each))];
  });
  return mistakes.length > 0 ? mistakes : circles(section);
}

function referencesOf(entry: Entry): readonly Reference[] {
  const { ssh, pct, lxc, hypervisor } = entry;
  const jump = typeof ssh === 'string' ? undefined : ssh?.jump;
  return [
    ...(jump === undefined ? [] : [{ path: ['ssh', 'jump'], to: jump }]),
    ...(pct === undefined ? [] : [{ path: ['pct', 'host'], to: pct.host }]),
    ...(lxc?.host === undefined ? [] : [{ path: ['lxc', 'host'], to: lxc.host }]),
    ...(hypervisor === undefined ? [] : [{ path: ['hypervisor'], to: hypervisor }]),
  ];
}

function wrong(
  section: HostsSection,
  name: string,
  { path, to }: Reference,
): readonly HostMistake[] {
  const say = (message: string): HostMistake[] => [
    { path: [name, ...path], at: 'value', message: `hosts.${name}.${path.join('.')}: ${message}` },
  ];
  if (to === name) return say('it cannot be the host itself');
  if (!Object.hasOwn(section, to)) {
    const near = nearest(
      to,
      Object.keys(section).filter((each) => each !== name),
    );
    return say(`there is no host ${to}${near ? `; did you mean ${near}?` : ''}`);
  }
  const needsSsh = path[0] === 'ssh' && section[to]?.ssh === undefined;
  return needsSsh ? say(`${to} has no ssh to connect through`) : [];
}

/** Each circle once, at the first reference that belongs to it. */
function circles(section: HostsSection): readonly HostMistake[] {
  const done = new Set<string>();
  const mistakes: HostMistake[] = [];
  const follow = (name: string, above: readonly string[]): void => {
    const entry = section[name];
    if (done.has(name) || !entry) return;
    for (const { path, to } of referencesOf(entry)) {
      const from = [...above, name];
      const at = from.indexOf(to);
      if (at < 0) follow(to, from);
      else {
        const message = `hosts.${name}.${path.join('.')}: it leads round: ${[...from.slice(at), to].join(', ')}`;
        mistakes.push({ path: [name, ...path], at: 'value', message });
      }
    }
    done.add(name);
  };
  for (const name of Object.keys(section)) follow(name, []);
  return mistakes;
}
