import type { Shared } from '../model/check.ts';
import { machineOf } from '../model/hosts.ts';
import { isHeard } from '../model/kubernetes/kubelet-word.ts';
import type { Host } from '../model/objects/host/host.ts';
import { nowOf } from '../model/snapshot.ts';
import type { Fault, Network } from './network.ts';

type Attribute = 'hypervisor' | 'switch';
const attributes: readonly Attribute[] = ['hypervisor', 'switch'];

/**
 * What the roots may have in common, in words. Where `evenkeel.yaml` gives all their hosts one name
 * for it, that name stands alone; where it gives them several, or somebody else on it is well, it is
 * ruled out.
 */
export function inCommon(
  network: Network,
  roots: readonly number[],
  shared: readonly Shared[],
): readonly Common[] {
  const hosts = roots.map((root) => hostOf(network, root));
  const named = shared.flatMap(({ as, decide }): Common[] => {
    const name = as && as !== 'our-way' ? nameOfAll(network, hosts, as) : undefined;
    if (name === undefined) return [];
    return [{ what: `the ${as} ${name}`, decide: decide?.replaceAll('{name}', name) }];
  });
  if (named.length > 0) return named;
  return shared.flatMap(({ what, as }): Common[] => {
    if (as === 'our-way') return isAloneHere(network) ? [{ what }] : [];
    return as && isRuledOut(network, hosts, as) ? [] : [{ what }];
  });
}

export interface Common {
  readonly what: string;
  /** The one observation that would decide, where its name is known. */
  readonly decide?: string | undefined;
}

/**
 * Roots that fell silent together, apart by what they are declared to stand on: three guests of one
 * hypervisor beside one of another are two stories, unless something above both is thinkable.
 */
export function splitByDeclared(
  network: Network,
  roots: readonly number[],
  shared: readonly Shared[],
): readonly (readonly number[])[] {
  const hosts = new Map(roots.map((root) => [root, hostOf(network, root)]));
  if (nameOf(network, [...hosts.values()], shared) !== undefined) return [roots];
  for (const as of attributes.filter((each) => shared.some((other) => other.as === each))) {
    const names = new Set(roots.map((root) => hosts.get(root)?.declared[as] ?? undefined));
    if (names.has(undefined)) continue;
    const parts = [...names].map((name) =>
      roots.filter((root) => hosts.get(root)?.declared[as] === name),
    );
    const isStory = parts.some(
      (part) =>
        part.length > 1 &&
        nameOfAll(
          network,
          part.map((root) => hosts.get(root)),
          as,
        ) !== undefined,
    );
    if (isStory) return parts;
  }
  return [roots];
}

/** Something by its name stands below all of them, or they are all that we cannot reach. */
export function hasNameInCommon(
  network: Network,
  roots: readonly number[],
  shared: readonly Shared[],
): boolean {
  const hosts = roots.map((root) => hostOf(network, root));
  if (nameOf(network, hosts, shared) !== undefined) return true;
  return shared.some(({ as }) => as === 'our-way') && isAloneHere(network);
}

type Hosts = readonly (Host | undefined)[];

function nameOf(network: Network, hosts: Hosts, shared: readonly Shared[]): string | undefined {
  for (const as of attributes) {
    if (!shared.some((each) => each.as === as)) continue;
    const name = nameOfAll(network, hosts, as);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The host below the subject: the machine itself, or the one that carries the node. */
function hostOf({ faults, topology }: Network, root: number): Host | undefined {
  const { subject } = faults[root] as Fault;
  const machine = machineOf(subject);
  if (machine !== undefined) return topology.hosts.get(machine);
  return subject.kind === 'Node' ? topology.hostOfNode.get(subject.name) : undefined;
}

/** The one name that all of them declare, unless somebody on it is well. */
function nameOfAll(network: Network, hosts: Hosts, as: Attribute): string | undefined {
  const [name, ...others] = new Set(hosts.map((host) => host?.declared[as] ?? undefined));
  if (name === undefined || others.length > 0) return undefined;
  return isWell(network, hosts, as, name) ? undefined : name;
}

/** A name for each, and not one: or one that somebody else stands on and answers. */
function isRuledOut(network: Network, hosts: Hosts, as: Attribute): boolean {
  const names = new Set(hosts.map((host) => host?.declared[as] ?? undefined));
  if (names.has(undefined)) return false;
  const [name] = names;
  return names.size > 1 || isWell(network, hosts, as, name ?? '');
}

/** The hypervisor itself answers, or another that stands on it, if only to the API server. */
function isWell(
  { snapshot, topology }: Network,
  roots: Hosts,
  as: Attribute,
  name: string,
): boolean {
  return [...topology.hosts.values()].some((host) => {
    if (roots.includes(host) || !isHeard(host, topology, nowOf(snapshot))) return false;
    return host.declared[as] === name || (as === 'hypervisor' && host.metadata.name === name);
  });
}

/** Neither the API server nor any host answers us: we may be the one that is cut off. */
function isAloneHere({ snapshot, topology }: Network): boolean {
  const { access } = snapshot.facets;
  if (access.state !== 'known' || access.value.outcome === 'ok') return false;
  return [...topology.hosts.values()].every((host) => host.reach.state === 'silent');
}
