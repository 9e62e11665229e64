import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeRef, runOf, type SaidBy } from '../../test/support/runs.ts';
import { type Severity, severities } from '../model/severity.ts';
import type { CheckRun } from './run-checks.ts';
import { stateOf } from './state.ts';

const refs = ['a', 'b', 'c'].map(nodeRef);
const onset: [null, number] = [null, 0];

function percent(runs: readonly CheckRun[]): number | null | undefined {
  return stateOf(runs)[0]?.percent;
}

const ready = (...failing: number[]): CheckRun =>
  runOf({
    id: 'node/not-ready',
    severity: 'critical',
    fails: failing.map((at) => ({ subject: refs[at] ?? nodeRef('?'), onset })),
    well: refs.filter((_, at) => !failing.includes(at)),
  });

describe('state in percent', () => {
  test('one of three nodes is dead: 66 %, as a person would say', () => {
    expect(stateOf([ready(1)])).toEqual([
      { area: 'node', percent: 66, atMost: 66, subjects: 3, well: 2, unknown: 0 },
    ]);
  });

  test('faults of one subject multiply', () => {
    const pressure = runOf({
      id: 'node/pressure',
      severity: 'high',
      fails: [{ subject: nodeRef('a'), onset }],
      well: refs.slice(1),
    });
    expect(percent([pressure])).toBe(83);
    expect(percent([pressure, pressure])).toBe(75);
    expect(percent([pressure, ready(0)])).toBe(66);
  });

  test('a check that could not look counts as the fault it may hide, everywhere', () => {
    const blind = runOf({ id: 'node/disk-filling', severity: 'high', blind: true });
    expect(stateOf([ready(), blind])).toEqual([
      { area: 'node', percent: 50, atMost: 100, subjects: 3, well: 0, unknown: 1 },
    ]);
  });

  test('nothing seen is 0 %; nothing that applies has no state', () => {
    const blind = runOf({ id: 'node/not-ready', severity: 'critical', blind: true });
    expect(percent([blind])).toBe(0);
    expect(percent([runOf({ id: 'node/not-ready' })])).toBe(null);
    expect(stateOf([{ ...blind, state: 'absent', findings: [] }])).toEqual([]);
  });
});

const said: fc.Arbitrary<SaidBy> = fc.record({
  id: fc.constantFrom('node/not-ready', 'node/pressure', 'node/cordoned'),
  severity: fc.constantFrom<Severity>(...severities),
  fails: fc
    .uniqueArray(fc.constantFrom(...refs))
    .map((subjects) => subjects.map((subject) => ({ subject, onset }))),
  blind: fc.boolean(),
});

/** Every subject is judged by every check: only verdicts differ. */
const whole = (each: SaidBy): CheckRun => {
  const failing = each.fails?.map((fail) => fail.subject) ?? [];
  return runOf({ ...each, well: refs.filter((ref) => !failing.includes(ref)) });
};

describe('one more fault or unknown never raises it', () => {
  test('one more fault', () => {
    fc.assert(
      fc.property(
        fc.array(said, { minLength: 1 }),
        said,
        fc.constantFrom(...refs),
        (before, more, subject) => {
          const lower = whole({ ...more, fails: [{ subject, onset }], blind: false });
          const runs = before.map(whole);
          const judged = whole({ ...more, fails: [], blind: false });
          expect(percent([...runs, lower])).toBeLessThanOrEqual(percent([...runs, judged]) ?? 0);
        },
      ),
    );
  });

  test('one more unknown', () => {
    fc.assert(
      fc.property(fc.array(said, { minLength: 1 }), said, (before, more) => {
        const runs = before.map(whole);
        const blind = whole({ ...more, fails: [], blind: true });
        expect(percent([...runs, blind])).toBeLessThanOrEqual(percent(runs) ?? 0);
      }),
    );
  });

  test('hiding a fault', () => {
    fc.assert(
      fc.property(fc.array(said), said, (before, hidden) => {
        const runs = before.map(whole);
        const seen = whole({ ...hidden, blind: false });
        const unseen = runOf({ id: hidden.id, severity: hidden.severity ?? 'high', blind: true });
        expect(percent([...runs, unseen])).toBeLessThanOrEqual(percent([...runs, seen]) ?? 0);
      }),
    );
  });
});
