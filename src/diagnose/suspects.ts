import { oneOf } from '../lib/format.ts';
import type { Candidate, Unseen } from '../model/check.ts';
import type { Suspected } from '../model/incident.ts';
import { type Ref, refKey } from '../model/ref.ts';
import { matches } from './matches.ts';
import type { Fault, Network } from './network.ts';
import { type Common, inCommon } from './shared.ts';

/** What may lie below the roots, less what was looked at and is well; undefined: nothing unseen does. */
export function suspectedBelow(network: Network, roots: readonly number[]): Suspected | undefined {
  const [first] = roots;
  const unseen = first === undefined ? undefined : network.checks[first]?.unseen;
  const fault = first === undefined ? undefined : network.faults[first];
  if (!unseen || !fault || fault.verdict === 'past') return undefined;
  if (!matches(fault.facts, unseen.when)) return undefined;
  const left = leftBelow(network, roots, unseen);
  const shared = roots.length > 1;
  const common = shared ? commonBelow(network, roots, unseen) : [];
  const decide = left.decide.replaceAll(
    '{name}',
    String(fault.facts['name'] ?? fault.subject.name),
  );
  return {
    candidates: left.candidates,
    well: left.well,
    decide: common[0]?.decide ?? decide,
    shared,
    what: oneOf(common.map(({ what }) => what)),
  };
}

/** Whether all that could be looked at below the root was, and is well. */
export function isBeyond(network: Network, root: number): boolean {
  const unseen = network.checks[root]?.unseen;
  if (!unseen) return false;
  return wellBelow(network, root, unseen.candidates).size === unseen.candidates.length;
}

function commonBelow(
  network: Network,
  roots: readonly number[],
  { beyond, shared = [] }: Unseen,
): readonly Common[] {
  if (roots.every((root) => isBeyond(network, root))) {
    return beyond?.shared === undefined ? [] : [{ what: beyond.shared }];
  }
  return typeof shared === 'string' ? [{ what: shared }] : inCommon(network, roots, shared);
}

type Left = Pick<Suspected, 'candidates' | 'well' | 'decide'>;

function leftBelow(
  network: Network,
  roots: readonly number[],
  { candidates, decide, beyond }: Pick<Unseen, 'candidates' | 'decide' | 'beyond'>,
): Left {
  const [first = new Set<string>(), ...others] = roots.map((root) =>
    wellBelow(network, root, candidates),
  );
  // Of several roots it must be well below each: one that was not looked at leaves it open.
  const well = [...first].filter((name) => others.every((each) => each.has(name)));
  const left = candidates.filter((each) => !well.includes(nameOf(each)));
  const [next] = left;
  if (next === undefined && beyond) {
    const further = leftBelow(network, roots, beyond);
    return { ...further, well: [...well, ...further.well] };
  }
  const own = well.length > 0 && typeof next === 'object' ? next.decide : undefined;
  return { candidates: left.map(nameOf), well, decide: own ?? decide };
}

function nameOf(candidate: string | Candidate): string {
  return typeof candidate === 'string' ? candidate : candidate.name;
}

/** Names of the candidates that were looked at below this root and found well. */
function wellBelow(
  network: Network,
  root: number,
  candidates: Unseen['candidates'],
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const each of candidates) {
    if (typeof each === 'object' && wasSeenWell(network, root, each)) found.add(each.name);
  }
  return found;
}

function wasSeenWell(network: Network, root: number, { tie, shownBy }: Candidate): boolean {
  const target = refKey((network.faults[root] as Fault).subject);
  const isTied = (subject: Ref): boolean =>
    tie === 'cluster' || network.reaches[tie](subject).includes(target);
  let judged = 0;
  for (const check of shownBy) {
    const well = network.wellOf(check);
    if (!well) return false;
    for (const [key, subject] of network.judgedBy(check)) {
      if (!isTied(subject)) continue;
      if (!well.has(key)) return false;
      judged += 1;
    }
  }
  return judged > 0;
}
