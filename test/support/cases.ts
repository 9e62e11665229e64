import { describe, expect, test } from 'vitest';
import { runChecks } from '../../src/diagnose/run-checks.ts';
import type { Check } from '../../src/model/check.ts';
import type { Facts } from '../../src/model/finding.ts';
import { refKey } from '../../src/model/ref.ts';
import type { Severity } from '../../src/model/severity.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { snapshotOf, type World } from './snapshot.ts';

/** What a check must say of one subject; `facts` and `onset` are compared where they are given. */
export interface Said {
  readonly verdict: 'fail' | 'past' | 'unknown';
  /** `refKey` of the subject: `Node/k3s3`, `Pod/media/plex`; empty when nothing could be judged. */
  readonly subject: string;
  readonly severity?: Severity;
  readonly facts?: Facts;
  readonly onset?: { readonly from: string | null; readonly to: string };
  /** The field that decides, as the evidence names it. */
  readonly field?: string;
}

/**
 * One world and what a check says of it. The same cases are also served by an HTTP API, collected
 * and audited, and run again with each projected field removed: see test/catalogue.
 */
export interface CheckCase {
  readonly name: string;
  readonly world: World;
  /** Empty: silent. */
  readonly says: readonly Said[];
  /** How many subjects must have been judged; a silent case that judged nothing proves nothing. */
  readonly judged?: number;
  readonly options?: { readonly [name: string]: unknown };
}

/** Where the shared catalogue tests find the cases of every check. */
export const caseBook: Map<string, { check: Check; cases: readonly CheckCase[] }> = new Map();

/** While this is set on globalThis, cases are recorded in the book and no tests are registered. */
export const recordCases: unique symbol = Symbol.for('evenkeel.record-cases');

/** Registers a check's cases as unit tests. */
export function describeCheck(check: Check, cases: readonly CheckCase[]): void {
  if (Reflect.get(globalThis, recordCases) === true) {
    caseBook.set(check.id, { check, cases });
    return;
  }
  describe(check.id, () => {
    for (const each of cases) {
      test(each.name, () => {
        const run = runOne(check, each);
        expect(run.said).toEqual(each.says.map((said) => expect.objectContaining(said)));
        if (each.judged !== undefined) expect(run.judged).toBe(each.judged);
      });
    }
  });
}

/** What a check says of a case's world, in the shape the case is written in. */
export interface Outcome {
  readonly said: readonly Said[];
  readonly judged: number;
}

export function runOne(check: Check, { world, options }: CheckCase): Outcome {
  return outcomeOf(check, snapshotOf(world), options);
}

/** The same, of any snapshot. */
export function outcomeOf(
  check: Check,
  snapshot: Snapshot,
  options: CheckCase['options'] = {},
): Outcome {
  const [run] = runChecks(snapshot, [check], { options: { [check.id]: options } });
  if (!run) throw new Error(`${check.id} did not run`);
  const said = run.findings.map((finding): Said => {
    const subject = finding.subject ? refKey(finding.subject) : '';
    if (finding.verdict === 'unknown') {
      return {
        verdict: 'unknown',
        subject,
        severity: finding.severity,
        facts: { reason: finding.reason },
      };
    }
    const { from, to } = finding.onset;
    const onset = { from: from === null ? null : iso(from), to: iso(to) };
    const field = finding.evidence[0]?.field ?? '';
    const severity = finding.verdict === 'fail' ? { severity: finding.severity } : {};
    return { verdict: finding.verdict, subject, ...severity, facts: finding.facts, onset, field };
  });
  return { said, judged: run.subjects.length };
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
