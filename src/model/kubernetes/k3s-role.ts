import { hostOfUrl } from '../../lib/url.ts';
import type { Host } from '../objects/host/host.ts';
import { hasRole } from '../objects/node.ts';
import type { Topology } from '../topology.ts';

export interface K3sRole {
  readonly role: 'server' | 'agent' | 'unknown';
  /** How many servers are known of, by nodes and hosts together; 0: none is. */
  readonly servers: number;
}

/**
 * A server by its own word, by its node's labels, or because others are told to join it: a container
 * that is stopped says nothing of itself.
 */
export function k3sRole(host: Host, topology: Topology): K3sRole {
  const servers = serversOf(topology);
  if (servers.has(serverKey(host, topology))) return { role: 'server', servers: servers.size };
  const { k3s } = host;
  const isAgent =
    (k3s.state === 'known' && k3s.value.role === 'agent') ||
    topology.nodeOfHost.has(host.metadata.name);
  return { role: isAgent ? 'agent' : 'unknown', servers: servers.size };
}

/** The hosts that are servers, as far as hosts were looked at. */
export function serverHosts(topology: Topology): readonly Host[] {
  const servers = serversOf(topology);
  return [...topology.hosts.values()].filter((host) => servers.has(serverKey(host, topology)));
}

/** A server's node and its host count once. */
function serversOf(topology: Topology): ReadonlySet<string> {
  const joined = joinedAddresses(topology);
  const found = new Set<string>();
  for (const host of topology.hosts.values()) {
    const { k3s, declared } = host;
    const bySelf = k3s.state === 'known' && k3s.value.role === 'server';
    const names = [host.metadata.name, ...declared.addresses];
    if (bySelf || names.some((each) => joined.has(each))) found.add(serverKey(host, topology));
  }
  for (const node of topology.nodes.values()) {
    if (hasRole(node, 'control-plane', 'master')) found.add(`node ${node.metadata.name}`);
  }
  return found;
}

function serverKey({ metadata }: Host, topology: Topology): string {
  const node = topology.nodeOfHost.get(metadata.name);
  return node ? `node ${node.metadata.name}` : `host ${metadata.name}`;
}

/** Names and addresses that agents are told to join. */
function joinedAddresses(topology: Topology): ReadonlySet<string> {
  const told = [...topology.hosts.values()].flatMap(
    ({ k3s }) => (k3s.state === 'known' ? hostOfUrl(k3s.value.serverUrl) : undefined) ?? [],
  );
  return new Set(told);
}
