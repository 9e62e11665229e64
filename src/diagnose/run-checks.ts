import { shortHash } from '../lib/hash.ts';
import type { Check, Verdict, View } from '../model/check.ts';
import type { Facet, Known } from '../model/facet.ts';
import type { FacetName } from '../model/facets.ts';
import type { Blind, CheckId, Finding, Gap } from '../model/finding.ts';
import { type Ref, refKey, refOf } from '../model/ref.ts';
import { nowOf, type Snapshot } from '../model/snapshot.ts';
import { buildTopology, type Topology } from '../model/topology.ts';

/** What became of one check. */
export interface CheckRun {
  readonly check: Check;
  /** `absent`: what it reads is not installed, so it says nothing. `blind`: it could not look. */
  readonly state: 'ran' | 'blind' | 'absent';
  /** Every subject that was judged, well or not. */
  readonly subjects: readonly Ref[];
  readonly findings: readonly Finding[];
}

export interface RunOptions {
  /** Options of a check by its id; what is missing takes its default. */
  readonly options?: { readonly [id: string]: unknown };
}

/** The stable name of a finding: the same check on the same subject. */
export function findingId(check: CheckId, subject?: Ref): string {
  return `F-${shortHash(`${check} ${subject ? refKey(subject) : '*'}`)}`;
}

/** Runs every check on one snapshot. Each is fenced: one that throws is unknown and hides nobody. */
export function runChecks(
  snapshot: Snapshot,
  checks: readonly Check[],
  { options = {} }: RunOptions = {},
  topology: Topology = buildTopology(snapshot),
): readonly CheckRun[] {
  return checks.map((check) => runCheck(check, snapshot, topology, options[check.id]));
}

function runCheck(check: Check, snapshot: Snapshot, topology: Topology, given: unknown): CheckRun {
  const none = { check, subjects: [], findings: [] };
  const needed = [...check.reads, ...missedOf(check, snapshot)];
  if (needed.some((name) => snapshot.facets[name].state === 'absent')) {
    return { ...none, state: 'absent' };
  }
  const gaps = needed.flatMap((name) => gapsIn(snapshot, name));
  if (needed.some((name) => snapshot.facets[name].state === 'unknown')) {
    return { ...none, state: 'blind', findings: [blind(check, gaps)] };
  }
  try {
    const { subjects, findings } = judgeAll(check, viewOf(check, snapshot, topology), given);
    return {
      check,
      state: 'ran',
      subjects,
      findings: gaps.length > 0 ? [...findings, blind(check, gaps)] : findings,
    };
  } catch (error) {
    const detail = `the check itself failed: ${error instanceof Error ? error.message : String(error)}`;
    const gap: Gap = { facet: '', reason: 'check-failed', detail };
    return { ...none, state: 'blind', findings: [blind(check, [gap])] };
  }
}

/** What was not seen of what the check takes either of: nothing, once one of them was. */
function missedOf({ either = [] }: Check, { facets }: Snapshot): readonly FacetName[] {
  if (either.some((name) => facets[name].state === 'known')) return [];
  return either.filter((name) => facets[name].state !== 'absent');
}

function blind(check: Check, gaps: readonly Gap[]): Blind {
  const details = [...new Set(gaps.map((gap) => gap.detail))];
  const named = gaps.map((gap) => `${gap.facet}: ${gap.detail}`);
  return {
    id: findingId(check.id),
    check: check.id,
    verdict: 'unknown',
    severity: check.severity,
    reason: gaps[0]?.reason ?? 'check-failed',
    detail: details.length === 1 ? (details[0] ?? '') : named.join('; '),
    gaps,
  };
}

function viewOf(check: Check, snapshot: Snapshot, topology: Topology): View<FacetName, FacetName> {
  const facets: Partial<Record<FacetName, unknown>> = {};
  for (const name of check.wants) facets[name] = snapshot.facets[name];
  for (const name of check.reads) facets[name] = (snapshot.facets[name] as Known<unknown>).value;
  return { ...facets, now: nowOf(snapshot), topology } as unknown as View<FacetName, FacetName>;
}

function judgeAll(
  check: Check,
  view: View<FacetName, FacetName>,
  given: unknown,
): { subjects: Ref[]; findings: Finding[] } {
  const options = check.options.parse(given ?? {});
  const subjects: Ref[] = [];
  const findings: Finding[] = [];
  for (const subject of check.subjects(view, options)) {
    const ref = refOf(subject);
    subjects.push(ref);
    const verdict = check.judge(subject, view, options);
    if (verdict) findings.push(findingOf(check, ref, verdict));
  }
  return { subjects, findings };
}

function findingOf(check: Check, subject: Ref, verdict: NonNullable<Verdict>): Finding {
  const base = { id: findingId(check.id, subject), check: check.id, subject };
  switch (verdict.verdict) {
    case 'fail':
      return { ...base, kind: check.kind, ...verdict };
    case 'past':
      return { ...base, ...verdict };
    case 'unknown':
      return { ...base, severity: check.severity, ...verdict };
  }
}

/** What of a facet was not seen: all of it, namespaces out of reach, items that made no sense. */
export function gapsIn(snapshot: Snapshot, name: FacetName): Gap[] {
  const facet: Facet<unknown> = snapshot.facets[name];
  if (facet.state === 'absent') return [];
  if (facet.state === 'unknown') {
    return [{ facet: name, reason: facet.reason, detail: facet.detail }];
  }
  const gaps: Gap[] = [];
  if (facet.scope !== 'cluster' && !isWholeScope(facet.scope, snapshot)) {
    const seen = facet.scope.namespaces.join(', ') || 'none';
    const detail = `seen in namespaces ${seen} only`;
    gaps.push({ facet: name, reason: 'forbidden', detail });
  }
  const [first] = facet.rejected;
  if (first) {
    const more = facet.rejected.length > 1 ? ` and ${facet.rejected.length - 1} more` : '';
    const detail = `${first.name}${more} could not be read (${first.problem})`;
    gaps.push({ facet: name, reason: 'malformed', detail });
  }
  return gaps;
}

/** Whether all was seen that was asked for: some namespaces only, if those were named. */
function isWholeScope(
  { namespaces }: { readonly namespaces: readonly string[] },
  { namespaces: asked }: Snapshot,
): boolean {
  return asked?.every((namespace) => namespaces.includes(namespace)) ?? false;
}
