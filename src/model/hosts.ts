import { listed } from './facet.ts';
import type { Host } from './objects/host/host.ts';
import type { Node } from './objects/node.ts';
import type { Ref } from './ref.ts';
import type { Snapshot } from './snapshot.ts';

/** Which host carries which node, and which host lies on which other. */
export interface HostIndex {
  readonly hosts: ReadonlyMap<string, Host>;
  /** By node name. */
  readonly hostOfNode: ReadonlyMap<string, Host>;
  /** By host name. */
  readonly nodeOfHost: ReadonlyMap<string, Node>;
  /** By name of the hypervisor, which need not be a host that we can see. */
  readonly guestsOf: ReadonlyMap<string, readonly Host[]>;
}

/**
 * A host carries the node that `evenkeel.yaml` names, else the one that k3s is told to be there, else
 * the one of its machine id, else the one of its own name.
 */
export function hostIndex(snapshot: Snapshot): HostIndex {
  const hosts = listed(snapshot.facets.hosts);
  const nodes = listed(snapshot.facets.nodes);
  const nodeOfHost = new Map<string, Node>();
  const hostOfNode = new Map<string, Host>();
  for (const host of hosts) {
    const node = nodeOf(host, nodes);
    if (!node) continue;
    nodeOfHost.set(host.metadata.name, node);
    hostOfNode.set(node.metadata.name, host);
  }
  const guestsOf = new Map<string, Host[]>();
  for (const host of hosts) {
    const { hypervisor } = host.declared;
    if (!hypervisor) continue;
    guestsOf.set(hypervisor, [...(guestsOf.get(hypervisor) ?? []), host]);
  }
  return {
    hosts: new Map(hosts.map((host) => [host.metadata.name, host])),
    hostOfNode,
    nodeOfHost,
    guestsOf,
  };
}

function nodeOf(host: Host, nodes: readonly Node[]): Node | undefined {
  const named = (name: string | null | undefined): Node | undefined =>
    name ? nodes.find((node) => node.metadata.name === name) : undefined;
  const { declared, k3s, system } = host;
  if (declared.node) return named(declared.node);
  const told = k3s.state === 'known' ? named(k3s.value.nodeName) : undefined;
  if (told) return told;
  const machineId = system.state === 'known' ? system.value.machineId : undefined;
  // Copied containers share their machine id: then it tells nothing.
  const alike = nodes.filter(({ status }) => machineId && status.nodeInfo?.machineID === machineId);
  const hostname = system.state === 'known' ? system.value.hostname : undefined;
  return (
    (alike.length === 1 ? alike[0] : undefined) ?? named(hostname) ?? named(host.metadata.name)
  );
}

/** Kinds of subject that lie within a host, which is their namespace. */
const withinHosts: ReadonlySet<string> = new Set(['Link', 'HAProxyServer']);

/** The host that a subject is, or is a part of; undefined for objects of the API. */
export function machineOf({ kind, namespace, name }: Ref): string | undefined {
  if (kind === 'Host') return name;
  return withinHosts.has(kind) ? namespace : undefined;
}

/** The subject of checks on one of a host's network interfaces. */
export function linkRef(host: string, name: string): Ref {
  return { kind: 'Link', namespace: host, name };
}

/** A subject for checks on one of a host's network interfaces. */
export function linkSubject(
  host: Host,
  name: string,
): { kind: 'Link'; metadata: { namespace: string; name: string }; host: Host } {
  return { kind: 'Link', metadata: { namespace: host.metadata.name, name }, host };
}
