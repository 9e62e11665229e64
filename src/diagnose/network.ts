import type { Millis } from '../lib/clock.ts';
import { byText } from '../lib/order.ts';
import type { Check, Explains } from '../model/check.ts';
import type { CheckId, Fail, Past } from '../model/finding.ts';
import { type Ref, refKey } from '../model/ref.ts';
import { nowOf, type Snapshot } from '../model/snapshot.ts';
import { buildTopology, type Topology } from '../model/topology.ts';
import { matches } from './matches.ts';
import type { Reach } from './reach.ts';
import type { CheckRun } from './run-checks.ts';
import { type LocalTie, tiesOf } from './ties.ts';
import { mayBeTooLate, skewMs, timeAllows } from './times.ts';

/** A failed event, or one that is past: whatever can cause or be caused. */
export type Fault = Fail | Past;

/** One fault that may have caused another. Indexes are into `Network.faults`. */
export interface Edge {
  readonly cause: number;
  readonly effect: number;
  /** How likely the effect is, given the cause. */
  readonly strength: number;
}

/** A cause that was ruled out for one effect before any weighing. */
export interface Refuted {
  readonly cause: number;
  readonly effect: number;
  readonly by: 'time';
}

/** All that could have caused all that is seen, over one snapshot. */
export interface Network {
  /** Sorted by id: nothing depends on the order in which the world was listed. */
  readonly faults: readonly Fault[];
  readonly checks: readonly Check[];
  /** By effect. */
  readonly causesOf: readonly (readonly Edge[])[];
  /** By cause. */
  readonly effectsOf: readonly (readonly Edge[])[];
  /** By cause: log-probability of all that it should have broken and that is well. */
  readonly absent: readonly number[];
  readonly refuted: readonly Refuted[];
  /** By posture's finding id: the faults it made possible or worse. */
  readonly contributes: ReadonlyMap<string, ReadonlySet<number>>;
  readonly snapshot: Snapshot;
  readonly topology: Topology;
  readonly reaches: Reaches;
  /** Keys of the subjects that the check judged and found well; undefined if it could not look. */
  readonly wellOf: (check: CheckId) => ReadonlySet<string> | undefined;
  /** Keys of every subject that the check looked at. */
  readonly judgedBy: (check: CheckId) => ReadonlyMap<string, Ref>;
}

export type Reaches = Readonly<Record<LocalTie, Reach>>;

/**
 * Well subjects that one cause predicted to be broken fail together or not at all, so they are not
 * independent witnesses: no more than so many are heard, each at part of its weight.
 */
const mostWitnesses = 12;
const witnessWeight = 0.6;

/** Hardly likelier than coming from nowhere: what is over explains little that may have begun since. */
const afterTheEnd = 0.06;

export function buildNetwork(
  snapshot: Snapshot,
  runs: readonly CheckRun[],
  topology: Topology = buildTopology(snapshot),
): Network {
  const checkById = new Map(runs.map((run) => [run.check.id, run.check]));
  const findings = runs.flatMap((run) => run.findings);
  const faults = findings
    .filter((each): each is Fault => each.verdict === 'past' || isEvent(each))
    .sort((a, b) => byText(a.id, b.id));
  const checks = faults.map((fault) => checkById.get(fault.check) as Check);
  const index = indexFaults(faults);
  const reaches = tiesOf(snapshot, topology);
  const witnesses = new Witnesses(runs);
  const edges = weave({ faults, checks, index, reaches, witnesses, topology }, nowOf(snapshot));
  const contributes = contributions(runs, faults, reaches, index);
  return {
    faults,
    checks,
    ...edges,
    contributes,
    snapshot,
    topology,
    reaches,
    wellOf: (id) => witnesses.wellOf(id),
    judgedBy: (id) => witnesses.judgedBy(id),
  };
}

interface Parts {
  readonly faults: readonly Fault[];
  readonly checks: readonly Check[];
  readonly index: FaultIndex;
  readonly reaches: Reaches;
  readonly witnesses: Witnesses;
  readonly topology: Topology;
}

function weave(
  { faults, checks, index, reaches, witnesses, topology }: Parts,
  now: Millis,
): Pick<Network, 'causesOf' | 'effectsOf' | 'absent' | 'refuted'> {
  const causesOf: Edge[][] = faults.map(() => []);
  const effectsOf: Edge[][] = faults.map(() => []);
  const absent = faults.map(() => 0);
  const refuted: Refuted[] = [];
  for (const [cause, fault] of faults.entries()) {
    // Several rules may lead to one effect: it is one cause all the same.
    const strongest = new Map<number, number>();
    for (const rule of (checks[cause] as Check).explains) {
      if (!matches(fault.facts, rule.when)) continue;
      for (const effect of reach(rule, fault, reaches, index)) {
        const other = faults[effect] as Fault;
        if (effect === cause || other.verdict === 'past') continue;
        if (!matches(other.facts, rule.signature)) continue;
        if (!timeAllows(fault, other, rule, topology)) {
          refuted.push({ cause, effect, by: 'time' });
          continue;
        }
        const tooLate = mayBeTooLate(fault, other, rule, topology);
        const strength = tooLate ? afterTheEnd : rule.strength;
        strongest.set(effect, Math.max(strength, strongest.get(effect) ?? 0));
      }
      absent[cause] = (absent[cause] ?? 0) + missing(rule, fault, reaches, witnesses, now);
    }
    for (const [effect, strength] of strongest) {
      const edge = { cause, effect, strength };
      causesOf[effect]?.push(edge);
      effectsOf[cause]?.push(edge);
    }
  }
  return { causesOf, effectsOf, absent, refuted };
}

function isEvent(finding: { verdict: string; kind?: string }): boolean {
  return finding.verdict === 'fail' && finding.kind === 'event';
}

type FaultIndex = ReadonlyMap<CheckId, ReadonlyMap<string, number>>;

function indexFaults(faults: readonly Fault[]): FaultIndex {
  const index = new Map<CheckId, Map<string, number>>();
  for (const [at, fault] of faults.entries()) {
    const ofCheck = index.get(fault.check) ?? new Map<string, number>();
    ofCheck.set(refKey(fault.subject), at);
    index.set(fault.check, ofCheck);
  }
  return index;
}

function reach(
  rule: Explains,
  { subject }: Pick<Fault, 'subject'>,
  reaches: Reaches,
  index: FaultIndex,
): number[] {
  const candidates = index.get(rule.effect);
  if (!candidates) return [];
  if (rule.tie === 'cluster') return [...candidates.values()];
  return reaches[rule.tie](subject).flatMap((key) => candidates.get(key) ?? []);
}

/** Log-probability that the cause left alone what is well, though it should long have broken it. */
function missing(
  rule: Explains,
  cause: Fault,
  reaches: Reaches,
  witnesses: Witnesses,
  now: Millis,
): number {
  // What looks alike by the tie but not by its signature was never promised; nor what had no time to
  // break, or had time to recover.
  if (rule.signature || rule.tie === 'cluster' || cause.verdict === 'past') return 0;
  if (now < cause.onset.to + rule.within + skewMs) return 0;
  const well = witnesses.wellOf(rule.effect);
  if (!well) return 0;
  let heard = 0;
  for (const key of reaches[rule.tie](cause.subject)) {
    if (well.has(key)) heard += 1;
    if (heard === mostWitnesses) break;
  }
  return heard * witnessWeight * Math.log(1 - rule.strength);
}

/** Which subjects a check looked at and found well; built only for checks that somebody asks about. */
class Witnesses {
  readonly #runs: ReadonlyMap<CheckId, CheckRun>;
  readonly #well = new Map<CheckId, ReadonlySet<string>>();

  constructor(runs: readonly CheckRun[]) {
    this.#runs = new Map(runs.map((run) => [run.check.id, run]));
  }

  judgedBy(id: CheckId): ReadonlyMap<string, Ref> {
    const subjects = this.#runs.get(id)?.subjects ?? [];
    return new Map(subjects.map((subject) => [refKey(subject), subject]));
  }

  wellOf(id: CheckId): ReadonlySet<string> | undefined {
    const run = this.#runs.get(id);
    if (run?.state !== 'ran') return undefined;
    const known = this.#well.get(id);
    if (known) return known;
    const spoken = new Set(
      run.findings.flatMap((each) => (each.subject ? [refKey(each.subject)] : [])),
    );
    const well = new Set(run.subjects.map(refKey).filter((key) => !spoken.has(key)));
    this.#well.set(id, well);
    return well;
  }
}

/** A posture's `explains` names what it makes possible or worse; it is never a cause itself. */
function contributions(
  runs: readonly CheckRun[],
  faults: readonly Fault[],
  reaches: Reaches,
  index: FaultIndex,
): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const run of runs) {
    if (run.check.kind !== 'posture') continue;
    for (const finding of run.findings) {
      if (finding.verdict !== 'fail') continue;
      for (const rule of run.check.explains) {
        if (!matches(finding.facts, rule.when)) continue;
        for (const at of reach(rule, finding, reaches, index)) {
          if (!matches((faults[at] as Fault).facts, rule.signature)) continue;
          found.set(finding.id, (found.get(finding.id) ?? new Set()).add(at));
        }
      }
    }
  }
  return found;
}
