import { type Condition, conditionOf } from '../objects/meta.ts';
import type { Node } from '../objects/node.ts';
import { isMeantToRun, type Pod } from '../objects/pod.ts';

/** What the scheduler's sentence says, in a vocabulary of our own. */
export interface Refusal {
  readonly why: 'taint' | 'resources' | 'gpu' | 'affinity' | 'volume' | 'no-node' | 'other';
  /** Keys of the taints that keep the pod away. */
  readonly taints: readonly string[];
  /** Of how many nodes it speaks. */
  readonly nodes: number;
}

const cordoned = 'node.kubernetes.io/unschedulable';

/** Taints that say what has happened to a node, not what it is meant for. */
const lifecycle = /^node\.(kubernetes|cloudprovider\.kubernetes|cilium)\.io\//;

/**
 * A node is named for the first thing that keeps the pod off it, so a node in trouble counts before
 * nodes that never were an answer, and one that lacks resources before those a volume cannot reach.
 */
const kinds: readonly (readonly [Refusal['why'], RegExp])[] = [
  ['gpu', /insufficient (\S*gpu\S*|nvidia\.com\/\S+|amd\.com\/\S+)/i],
  ['resources', /insufficient \S+|too many pods/i],
  ['volume', /persistent ?volume|\bpvc\b|volume node affinity|volume (count|zone)|free storage/i],
  ['taint', /had (untolerated )?taint/i],
  ['affinity', /affinity|selector|topology spread|requested node name/i],
  ['no-node', /^no nodes available|^0\/0 nodes/i],
];

/**
 * Reads `0/3 nodes are available: 1 node(s) had untolerated taint {key: value}, 2 Insufficient cpu`.
 * Since Kubernetes 1.36 it no longer names the taints: then they are those that the nodes have.
 */
export function readRefusal(message: string, nodes: readonly Node[]): Refusal {
  const [said = ''] = message.split(/\. preemption: /);
  const named = [...said.matchAll(/had (?:untolerated )?taint \{([^:}]+)/g)].map(([, key]) => key);
  const found = /untolerated taint\(s\)/.test(said) ? nodes.flatMap(repellingTaints) : named;
  const taints = [...new Set(found.filter((key) => key !== undefined))].sort();
  if (said.includes('were unschedulable')) taints.push(cordoned);
  const kind = taints.some((key) => lifecycle.test(key))
    ? 'taint'
    : kinds.find(([, pattern]) => pattern.test(said))?.[0];
  const count = Number(/^0\/(\d+) nodes are available/.exec(said)?.[1] ?? 0);
  return { why: kind ?? 'other', taints, nodes: count };
}

/** A cordoned node is spoken of in other words, so its taint is not meant. */
function repellingTaints(node: Node): string[] {
  return (node.spec.taints ?? [])
    .filter(({ key, effect }) => key !== cordoned && effect !== 'PreferNoSchedule')
    .map(({ key }) => key);
}

export function scheduledOf(pod: Pod): Condition | undefined {
  return conditionOf(pod.status.conditions, 'PodScheduled');
}

/** Somebody means it to wait: its scheduling has not begun. */
export function isGated(pod: Pod): boolean {
  return scheduledOf(pod)?.reason === 'SchedulingGated';
}

/** A second replica that keeps apart from the first, where there is one node: it never fits. */
export function isSurplusReplica(pod: Pod, siblings: readonly Pod[]): boolean {
  const message = scheduledOf(pod)?.message ?? '';
  const owner = pod.metadata.ownerReferences?.find((each) => each.controller);
  const apart = /free ports|anti-affinity|topology spread/.test(message);
  if (!owner || !apart || !message.startsWith('0/1 nodes')) return false;
  return siblings.some(
    (each) =>
      each.spec.nodeName &&
      isMeantToRun(each) &&
      each.metadata.ownerReferences?.some(({ uid }) => uid === owner.uid),
  );
}
