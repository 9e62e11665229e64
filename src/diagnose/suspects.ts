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

/** Whether nothing that is thinkable below the root is left: what was looked at is well. */
export function isBeyond(network: Network, root: number): boolean {
  const unseen = network.checks[root]?.unseen;
  return unseen !== undefined && unseen.candidates.every((each) => isNone(network, root, each));
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
  // Of several roots it must be none below each: one that was not looked at leaves it open.
  const left = candidates.filter((each) => !roots.every((root) => isNone(network, root, each)));
  const well = candidates
    .filter((each) => roots.every((root) => wasSeenWell(network, root, each)))
    .map(nameOf);
  const [next] = left;
  if (next === undefined && beyond) {
    const further = leftBelow(network, roots, beyond);
    return { ...further, well: [...well, ...further.well] };
  }
  const isFirst = left.length === candidates.length;
  const own = isFirst || typeof next !== 'object' ? undefined : next.decide;
  return { candidates: left.map(nameOf), well, decide: own ?? decide };
}

function nameOf(candidate: string | Candidate): string {
  return typeof candidate === 'string' ? candidate : candidate.name;
}

/** It was looked at below this root and is well, or the root's own facts contradict it. */
function isNone(network: Network, root: number, candidate: string | Candidate): boolean {
  if (typeof candidate === 'string') return false;
  if (!matches((network.faults[root] as Fault).facts, candidate.when)) return true;
  return wasSeenWell(network, root, candidate);
}

function wasSeenWell(network: Network, root: number, candidate: string | Candidate): boolean {
  if (typeof candidate === 'string' || candidate.tie === undefined) return false;
  const { tie, shownBy = [] } = candidate;
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
