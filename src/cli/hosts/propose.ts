import { stringify } from 'yaml';
import type { HostsSection } from '../../config/hosts-schema.ts';
import { sshPlace } from '../../config/ssh-place.ts';
import { byText } from '../../lib/order.ts';
import { safeText } from '../../lib/terminal-text.ts';
import { hasRole, type Node } from '../../model/objects/node.ts';

type Entry = HostsSection[string];

/** One machine of the proposal, and what a person should know of it. */
export interface Proposed {
  readonly name: string;
  readonly entry: Entry;
  /** It stands so in evenkeel.yaml already. */
  readonly kept: boolean;
  /** The node that it carries. */
  readonly node?: string;
  readonly notes: readonly string[];
}

/** A container of a Proxmox host that answered. */
export interface Container {
  readonly hypervisor: string;
  readonly id: number;
  readonly name: string;
}

/**
 * A section `hosts` for the nodes of a cluster: what stands there is kept, what is missing is proposed
 * by the node's own addresses. A container is found by its name, where its Proxmox host was asked.
 */
export function proposeHosts(
  nodes: readonly Node[],
  section: HostsSection,
  containers: readonly Container[] = [],
): readonly Proposed[] {
  const kept = Object.entries(section).map(([name, entry]): Proposed => {
    const node = nodes.find((each) => carries(name, entry, each));
    return { name, entry, kept: true, notes: [], ...(node ? { node: node.metadata.name } : {}) };
  });
  const taken = new Set(kept.map(({ name }) => name));
  const missing = nodes.filter((node) => !kept.some((each) => each.node === node.metadata.name));
  const fresh = missing
    .toSorted((a, b) => byText(a.metadata.name, b.metadata.name))
    .map((node) => freshOf(node, taken, containers));
  return [...kept, ...fresh];
}

function carries(name: string, entry: Entry, node: Node): boolean {
  if (entry.node !== undefined) return entry.node === node.metadata.name;
  if (name === node.metadata.name) return true;
  const ssh = typeof entry.ssh === 'string' ? sshPlace(entry.ssh) : entry.ssh;
  return ssh !== undefined && addressesOf(node).includes(ssh.address);
}

function freshOf(node: Node, taken: Set<string>, containers: readonly Container[]): Proposed {
  const own = node.metadata.name;
  const name = hostName(own, taken);
  taken.add(name);
  const address = addressesOf(node)[0];
  const container = containers.find((each) => each.name === own || each.name === name);
  const entry: Entry = {
    ...(name === own ? {} : { node: own }),
    ...(address === undefined ? {} : { ssh: `root@${bracketed(address)}` }),
    ...(container ? { pct: { host: container.hypervisor, id: container.id } } : {}),
  };
  const role = hasRole(node, 'control-plane', 'master') ? 'server' : 'agent';
  const notes = [
    `Node ${own}, ${role}.`,
    address === undefined
      ? 'It has no address that could be written here: give it ssh, pct, lxc or local.'
      : 'That it is root is a guess: any user will do who may become root with sudo -n.',
    container
      ? `Container ${container.id} of ${container.hypervisor}, by its name.`
      : 'If it is a container of a Proxmox host, add: pct: {host: <name here>, id: <number>}',
  ];
  return { name, entry, kept: false, node: own, notes };
}

/** A name that evenkeel.yaml takes: a node's may have dots. */
function hostName(node: string, taken: ReadonlySet<string>): string {
  const [first = '', ...rest] = node.toLowerCase().split('.');
  const short = first.slice(0, 63);
  if (!taken.has(short)) return short;
  return [short, ...rest].join('-').slice(0, 63);
}

/** The address to go to first. */
function addressesOf({ status }: Node): readonly string[] {
  const order = ['InternalIP', 'ExternalIP', 'Hostname'];
  return (status.addresses ?? [])
    .filter(({ type }) => order.includes(type ?? ''))
    .toSorted((a, b) => order.indexOf(a.type ?? '') - order.indexOf(b.type ?? ''))
    .map(({ address }) => address)
    .filter((address) => sshPlace(`root@${bracketed(address)}`) !== undefined);
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** The section as YAML, with what is guessed in comments. */
export function sectionYaml(proposed: readonly Proposed[]): string {
  const lines = proposed.flatMap(({ name, entry, notes }) => [
    ...notes.map((note) => `  # ${safeText(note, 300)}`),
    ...stringify({ [name]: entry }, { lineWidth: 0 })
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ]);
  return `hosts:\n${lines.join('\n')}\n`;
}

/** `pct list`: a head, then number, status, lock (often empty) and name in columns. */
export function containersOf(hypervisor: string, output: string): readonly Container[] {
  return output.split('\n').flatMap((line) => {
    const [, id, name] = /^\s*(\d+)\s+\S+.*?\s(\S+)\s*$/.exec(line) ?? [];
    return id !== undefined && name !== undefined ? { hypervisor, id: Number(id), name } : [];
  });
}
