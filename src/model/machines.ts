import { type Facet, listed } from './facet.ts';
import type { Host } from './objects/host/host.ts';
import type { Node } from './objects/node.ts';
import type { Topology } from './topology.ts';

/** A host with the node that it carries, or a node that no host is declared for. */
export type Machine = Host | Node;

/** Each machine once: what is known of it from below and from the API is judged together. */
export function machines(
  hosts: Facet<readonly Host[]>,
  nodes: Facet<readonly Node[]>,
  topology: Topology,
): readonly Machine[] {
  const bare = listed(nodes).filter(({ metadata }) => !topology.hostOfNode.has(metadata.name));
  return [...listed(hosts), ...bare];
}

/** Both sides of a machine, as far as they are known. */
export function sidesOf(
  machine: Machine,
  topology: Topology,
): { readonly host: Host | undefined; readonly node: Node | undefined } {
  if (machine.kind === 'Node') return { host: undefined, node: machine };
  return { host: machine, node: topology.nodeOfHost.get(machine.metadata.name) };
}
