import { byText } from '../lib/order.ts';
import { minute } from '../lib/time.ts';
import { refKey } from '../model/ref.ts';
import { nowOf } from '../model/snapshot.ts';
import type { Explanation } from './infer.ts';
import { matches } from './matches.ts';
import type { Fault, Network } from './network.ts';
import { hasNameInCommon, splitByDeclared } from './shared.ts';
import { isBeyond } from './suspects.ts';

/** Roots whose onsets lie within this of each other may have one thing below them in common. */
const togetherMs = 2 * minute;

/**
 * Roots of one kind that began together, each with something unseen below, are one incident: that as
 * many independent things broke in the same two minutes is less likely than one that they share.
 */
export function gather(
  network: Network,
  explanation: Explanation,
  roots: readonly number[],
): readonly (readonly number[])[] {
  const began = beginnings(network, explanation, roots);
  const at = (root: number): number => began.get(root) ?? 0;
  const groups: number[][] = [];
  const name = (root: number): string => refKey((network.faults[root] as Fault).subject);
  for (const root of [...roots].sort(
    (a, b) => at(a) - at(b) || byText(name(a), name(b)) || a - b,
  )) {
    const key = sharedKey(network, root);
    const last = groups.findLast(
      ([first]) => key !== undefined && first !== undefined && sharedKey(network, first) === key,
    );
    const newest = last?.at(-1);
    const isOfThem = newest !== undefined && at(root) - at(newest) <= togetherMs;
    if (last && isOfThem) last.push(root);
    else groups.push([root]);
  }
  const now = nowOf(network.snapshot);
  return groups.flatMap((group) => {
    const isDated = group.some((root) => at(root) < now);
    return split(network, group, isDated);
  });
}

/**
 * By what they are declared to stand on. That they are silent in one look is no sign that they fell
 * silent together: where nothing tells since when, only a name in common makes one story of them.
 */
function split(
  network: Network,
  group: readonly number[],
  isDated: boolean,
): readonly (readonly number[])[] {
  const [first] = group;
  const shared = first === undefined ? undefined : network.checks[first]?.unseen?.shared;
  if (group.length < 2 || shared === undefined || typeof shared === 'string') return [group];
  const parts = splitByDeclared(network, group, shared);
  if (isDated) return parts;
  return parts.flatMap((part) =>
    hasNameInCommon(network, part, shared) ? [part] : part.map((root) => [root]),
  );
}

/** One look does not tell since when a host is silent; what it took down with it may. */
function beginnings(
  network: Network,
  { cause }: Explanation,
  roots: readonly number[],
): ReadonlyMap<number, number> {
  const onset = (at: number): Fault['onset'] => (network.faults[at] as Fault).onset;
  const began = new Map(roots.map((root) => [root, onset(root).to]));
  for (const [effect, edge] of cause.entries()) {
    const known = edge ? began.get(edge.cause) : undefined;
    if (!edge || known === undefined || onset(edge.cause).from !== null) continue;
    began.set(edge.cause, Math.min(known, onset(effect).to));
  }
  return began;
}

/** Nodes that merely fell silent look alike, whether the controller has said so yet or not. */
function sharedKey(network: Network, at: number): string | undefined {
  const fault = network.faults[at] as Fault;
  const shared = network.checks[at]?.unseen?.shared;
  if (fault.verdict === 'past' || !shared) return undefined;
  if (!matches(fault.facts, network.checks[at]?.unseen?.sharedWhen)) return undefined;
  const { reason = 'NodeStatusUnknown' } = fault.facts;
  const words = typeof shared === 'string' ? shared : shared.map(({ what }) => what).join();
  return `${words}: ${String(reason)}: ${isBeyond(network, at)}`;
}
