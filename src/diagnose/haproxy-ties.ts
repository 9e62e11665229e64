import { listed } from '../model/facet.ts';
import { type Ref, refKey } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Topology } from '../model/topology.ts';
import type { Reach } from './reach.ts';

/** Relations that end at a server of HAProxy, or at a backend as a whole. */
export type HaproxyTies = Readonly<
  Record<'node-haproxy' | 'node-nodeports' | 'service-haproxy' | 'haproxy-backend', Reach>
>;

/** `services` leads from a node to the Services that have pods on it. */
export function haproxyTies(snapshot: Snapshot, topology: Topology, services: Reach): HaproxyTies {
  const servers = haproxyServers(snapshot);
  return {
    'node-haproxy': ({ name }) =>
      servers.filter((each) => isOn(each, topology, name)).map((each) => each.key),
    // Of healthy nodes too: their NodePorts go on choosing endpoints on this one.
    'node-nodeports': (ref) =>
      services(ref).flatMap((key) => {
        const [, namespace, name = ''] = key.split('/');
        return serversOfService({ kind: 'Service', namespace, name }, topology, servers);
      }),
    'service-haproxy': (service) => serversOfService(service, topology, servers),
    'haproxy-backend': ({ namespace, name }) => backendOf(topology, namespace ?? '', name),
  };
}

interface Server {
  readonly key: string;
  /** As HAProxy's configuration calls it. */
  readonly name: string;
  /** HAProxy tells addresses to its operators only, and on a page with `stats show-legends`. */
  readonly ip?: string | undefined;
  readonly port?: string | undefined;
}

/** Backends as a whole have no address: they follow from their servers. */
function haproxyServers({ facets }: Snapshot): readonly Server[] {
  return listed(facets.hosts).flatMap(({ metadata, haproxy }) =>
    (haproxy.state === 'known' ? haproxy.value : [])
      .filter(({ server }) => server !== 'BACKEND')
      .map(({ backend, server: name, address }) => {
        const [, ip, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address ?? '') ?? [];
        return { key: `HAProxyServer/${metadata.name}/${backend}/${name}`, name, ip, port };
      }),
  );
}

/** Without an address a server is taken for the node of its name, as people tend to call them. */
function isOn(server: Server, topology: Topology, node: string): boolean {
  if (server.ip !== undefined) return addressesOf(topology, node).has(server.ip);
  return server.name === node || server.name === topology.hostOfNode.get(node)?.metadata.name;
}

/** `shop/web-1` → the backend `shop` as a whole, on the same host. */
function backendOf(topology: Topology, namespace: string, name: string): readonly string[] {
  const backend = name.slice(0, name.lastIndexOf('/'));
  const whole = refKey({ kind: 'HAProxyServer', namespace, name: `${backend}/BACKEND` });
  return topology.hosts.has(namespace) && name !== `${backend}/BACKEND` ? [whole] : [];
}

function addressesOf(topology: Topology, node: string): ReadonlySet<string> {
  const own = (topology.nodes.get(node)?.status.addresses ?? []).map((each) => each.address);
  return new Set([...own, ...(topology.hostOfNode.get(node)?.declared.addresses ?? [])]);
}

function serversOfService(ref: Ref, topology: Topology, servers: readonly Server[]): string[] {
  const service = topology.services.get(`${ref.namespace ?? ''}/${ref.name}`);
  const ports = (service?.spec.ports ?? []).flatMap(({ nodePort }) =>
    nodePort ? [String(nodePort)] : [],
  );
  if (ports.length === 0) return [];
  // A server that does not tell its port may be one of any Service that has one.
  return servers
    .filter(({ port }) => port === undefined || ports.includes(port))
    .map((each) => each.key);
}
