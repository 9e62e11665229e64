/** Names and addresses of the bed of real nodes, and where its files lie. */
import path from 'node:path';
import { cacheRoot } from '../build.ts';

export type Role = 'server' | 'agent';

/** One node: a container with systemd and one unit. */
export interface BedNode {
  /** Of the Node object, and the host name. */
  readonly name: string;
  readonly role: Role;
  /** Number of the container as `pct` knows it. */
  readonly vmid: number;
  /** Name of the container as LXC knows it. */
  readonly lxcName: string;
  readonly address: string;
  /** Name of its systemd unit. */
  readonly unit: 'k3s' | 'k3s-agent';
  /** Its port on the bridge, in the switch's namespace. */
  readonly port: string;
  readonly mac: string;
  /** Its root file system, as the machine sees it. */
  readonly root: string;
  /** The file that holds this file system. */
  readonly image: string;
}

/** What everything of ours is called: containers, namespaces, control groups. */
export const mark = 'evenkeel';

const subnet = '10.20.0';

export const addresses = {
  prefixLength: 24,
  /** HAProxy, and the way out of the cluster. */
  switch: `${subnet}.1`,
  /** Where `exec` runs programs. */
  client: `${subnet}.2`,
  /** The stand-in for a Proxmox host. */
  pve: `${subnet}.3`,
  apiPort: 6443,
  /** Of the web app's Service. */
  nodePort: 30_080,
  web: 80,
  stats: 8404,
} as const;

/** Network namespaces, by what they are for. */
export const namespaces = {
  switch: `${mark}-switch`,
  client: `${mark}-client`,
  pve: `${mark}-pve`,
} as const;

export const bridge = 'br0';

/** Where records of runs are; processes.ts keeps its own in the directory above. */
export function recordDirectory(): string {
  return path.join(cacheRoot(), 'running', 'nodes');
}

/** Everything that a running bed writes is in here. */
export function bedDirectory(): string {
  return path.join(recordDirectory(), 'bed');
}

/** Always the same absolute path: LXC finds a running container by it. */
export function lxcPath(): string {
  return path.join(bedDirectory(), 'lxc');
}

export function namespaceFile(namespace: string): string {
  return path.join('/run/netns', namespace);
}

/** The first name is the server's. */
export function layoutOf(names: readonly string[]): BedNode[] {
  return names.map((name, index) => ({
    name,
    role: index === 0 ? 'server' : 'agent',
    vmid: 101 + index,
    lxcName: `${mark}-${name}`,
    address: `${subnet}.${11 + index}`,
    unit: index === 0 ? 'k3s' : 'k3s-agent',
    // At most 15 characters.
    port: `to-${name}`.slice(0, 15),
    mac: `02:65:6b:00:00:${(11 + index).toString(16).padStart(2, '0')}`,
    root: path.join(lxcPath(), `${mark}-${name}`, 'rootfs'),
    image: path.join(bedDirectory(), `${name}.ext4`),
  }));
}

export function serverURL(nodes: readonly BedNode[]): string {
  const server = nodes.find(({ role }) => role === 'server');
  return `https://${server?.address}:${addresses.apiPort}`;
}
