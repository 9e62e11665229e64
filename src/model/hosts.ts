import { groupBy } from '../lib/order.ts';
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
 * the one of its machine id, else the one of its own name. No node lies on two hosts.
 */
export function hostIndex(snapshot: Snapshot): HostIndex {
  const hosts = listed(snapshot.facets.hosts);
  const nodes = listed(snapshot.facets.nodes);
  const nodeOfHost = new Map<string, Node>();
  const hostOfNode = new Map<string, Host>();
  const claims = hosts.flatMap((host) => claimOf(host, hosts, nodes) ?? []);
  for (const [name, rivals] of groupBy(claims, ({ node }) => node.metadata.name)) {
    const carrier = carrierOf(rivals);
    if (!carrier) continue;
    nodeOfHost.set(carrier.host.metadata.name, carrier.node);
    hostOfNode.set(name, carrier.host);
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

/** That a host carries a node, and by what: the lower, the stronger. */
interface Claim {
  readonly host: Host;
  readonly node: Node;
  readonly rank: number;
}

function claimOf(host: Host, hosts: readonly Host[], nodes: readonly Node[]): Claim | undefined {
  const named = (name: string | null | undefined): Node | undefined =>
    name ? nodes.find((node) => node.metadata.name === name) : undefined;
  const { declared, k3s, system, metadata } = host;
  const own = system.state === 'known' ? system.value : undefined;
  const told = k3s.state === 'known' ? k3s.value.nodeName : undefined;
  const found = declared.node
    ? [named(declared.node)]
    : [
        undefined,
        named(told),
        nodeOfMachine(host, hosts, nodes),
        named(own?.hostname),
        named(metadata.name),
      ];
  const rank = found.findIndex((node) => node !== undefined);
  const node = found[rank];
  return node && { host, node, rank };
}

/** Copied containers share their machine id: then it tells nothing. */
function nodeOfMachine(
  host: Host,
  hosts: readonly Host[],
  nodes: readonly Node[],
): Node | undefined {
  const id = machineIdOf(host);
  const alike = nodes.filter(({ status }) => id && status.nodeInfo?.machineID === id);
  const isCopied = hosts.some((other) => other !== host && id && machineIdOf(other) === id);
  return alike.length === 1 && !isCopied ? alike[0] : undefined;
}

function machineIdOf({ system }: Host): string | null | undefined {
  return system.state === 'known' ? system.value.machineId : undefined;
}

/**
 * Of several hosts the one that is declared, that has the node's address, or the better claim. A copy
 * has the names of what it was made from, and where that does not answer, nobody else has them.
 */
function carrierOf(rivals: readonly Claim[]): Claim | undefined {
  const least = Math.min(...rivals.map(({ rank }) => rank));
  const declared = rivals.filter(({ rank }) => rank === 0);
  const atHome = rivals.filter(hasItsAddress);
  const best = rivals.filter(({ rank }) => rank === least);
  return [declared, atHome, best].find((each) => each.length === 1)?.[0];
}

function hasItsAddress({ host: { addresses, declared }, node: { status } }: Claim): boolean {
  const seen = addresses.state === 'known' ? addresses.value.map(({ address }) => address) : [];
  const own = [...declared.addresses, ...seen];
  return (status.addresses ?? []).some(
    ({ type, address }) => type === 'InternalIP' && own.includes(address),
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
