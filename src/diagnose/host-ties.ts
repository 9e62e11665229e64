import { hostOfUrl } from '../lib/url.ts';
import { listed } from '../model/facet.ts';
import { machineOf } from '../model/hosts.ts';
import { isUp } from '../model/kubernetes/k3s-unit.ts';
import type { Host } from '../model/objects/host/host.ts';
import { hasRole } from '../model/objects/node.ts';
import { refKey } from '../model/ref.ts';
import { nowOf, type Snapshot } from '../model/snapshot.ts';
import type { Topology } from '../model/topology.ts';
import { type HaproxyTies, haproxyTies } from './haproxy-ties.ts';
import type { Reach } from './reach.ts';

/** What is tied to a machine, and to each of its links through it. */
const ofMachine = ['node', 'guests', 'haproxy', 'nodeports', 'api'] as const;
type OfMachine = Record<(typeof ofMachine)[number], Reach>;

/** Relations between machines, what they are made of, and what stands on them. */
export type HostTies = Readonly<
  Record<
    | `${'link' | 'host'}-${keyof OfMachine}`
    | 'link-host'
    | 'link-links'
    | 'host-links'
    | 'host-pods'
    | 'host-services'
    | 'host-workloads'
    | 'node-host'
    | 'pod-host',
    Reach
  >
> &
  HaproxyTies;

/** `onNode` are the ties that begin at a node: whatever stands on it stands on its host as well. */
export function hostTies(
  snapshot: Snapshot,
  topology: Topology,
  onNode: { readonly pods: Reach; readonly services: Reach; readonly workloads: Reach },
): HostTies {
  const balancers = haproxyTies(snapshot, topology, onNode.services);
  const from =
    (reach: Reach): Reach =>
    ({ name }) => {
      const found = topology.nodeOfHost.get(name);
      return found ? reach({ kind: 'Node', name: found.metadata.name }) : [];
    };
  const host = (name: string): readonly string[] => {
    const found = topology.hostOfNode.get(name);
    return found ? [`Host/${found.metadata.name}`] : [];
  };
  const machine: OfMachine = {
    node: from(node),
    guests: ({ name }) =>
      (topology.guestsOf.get(name) ?? []).map((guest) => `Host/${guest.metadata.name}`),
    haproxy: from(balancers['node-haproxy']),
    nodeports: from(balancers['node-nodeports']),
    api: apiOf(snapshot, topology),
  };
  return {
    ...machineTies(machine),
    'link-host': (link) => [`Host/${machineOf(link) ?? ''}`],
    'link-links': (link) =>
      linksOf(topology.hosts.get(machineOf(link) ?? '')).filter((key) => key !== refKey(link)),
    'host-links': ({ name }) => linksOf(topology.hosts.get(name)),
    'host-pods': from(onNode.pods),
    'host-services': from(onNode.services),
    'host-workloads': from(onNode.workloads),
    'node-host': ({ name }) => host(name),
    'pod-host': (pod) =>
      host(topology.pods.get(`${pod.namespace ?? ''}/${pod.name}`)?.spec.nodeName ?? ''),
    ...balancers,
  };
}

/** `host-node` and `link-node`, and so on. */
function machineTies(machine: OfMachine): Record<`${'link' | 'host'}-${keyof OfMachine}`, Reach> {
  const below =
    (reach: Reach): Reach =>
    (link) =>
      reach({ kind: 'Host', name: machineOf(link) ?? '' });
  const pairs = ofMachine.flatMap((name) => [
    [`host-${name}`, machine[name]],
    [`link-${name}`, below(machine[name])],
  ]);
  return Object.fromEntries(pairs) as Record<`${'link' | 'host'}-${keyof OfMachine}`, Reach>;
}

const node: Reach = ({ name }) => [`Node/${name}`, `CSINode.storage.k8s.io/${name}`];

const apiKey = refKey({ kind: 'Cluster', name: 'kube-apiserver' });

/**
 * From a host to the API server that we ask, where that is gone without the host: the one that has its address,
 * else, behind a name or an address of many, every server; but none that is down while another runs.
 */
function apiOf(snapshot: Snapshot, topology: Topology): Reach {
  const { facets } = snapshot;
  const hosts = listed(facets.hosts);
  const url = facets.access.state === 'known' ? facets.access.value.server : '';
  const address = hostOfUrl(url) ?? '';
  const has = (host: Host): boolean =>
    ownAddresses(host).includes(address) ||
    (isLoopback(address) && host.ways.some(({ transport }) => transport === 'local'));
  const asked = hosts.filter(has);
  const isServer = (host: Host): boolean => {
    const node = topology.nodeOfHost.get(host.metadata.name);
    if (node && hasRole(node, 'control-plane', 'master')) return true;
    return host.k3s.state === 'known' && host.k3s.value.role === 'server';
  };
  const servers = hosts.filter(isServer);
  const running = servers.filter((host) => isUp(host, nowOf(snapshot)) === true);
  const any = running.length > 0 ? running : servers;
  const all = asked.length > 0 ? asked : any;
  const names = new Set(all.map(({ metadata }) => metadata.name));
  return ({ name }) => (names.has(name) ? [apiKey] : []);
}

function ownAddresses({ declared, addresses, metadata }: Host): readonly string[] {
  const seen = addresses.state === 'known' ? addresses.value.map((each) => each.address) : [];
  return [metadata.name, ...declared.addresses, ...seen.filter((each) => !isLoopback(each))];
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.');
}

function linksOf(host: Host | undefined): readonly string[] {
  if (!host) return [];
  const namespace = host.metadata.name;
  const seen = host.interfaces.state === 'known' ? host.interfaces.value : [];
  const names = new Set(seen.map((each) => each.name));
  // The uplink of the baseline may be gone: that is what its finding is about.
  if (host.baseline?.uplink) names.add(host.baseline.uplink.name);
  if (host.declared.uplink) names.add(host.declared.uplink);
  return [...names].map((name) => refKey({ kind: 'Link', namespace, name }));
}
