import type { AreaState } from '../model/audit.ts';
import { refKey } from '../model/ref.ts';
import { type Layer, layers, type Severity } from '../model/severity.ts';
import type { CheckRun } from './run-checks.ts';

/** What one fault of that severity leaves of its subject. */
const leaves: { readonly [S in Severity]: number } = {
  critical: 0,
  high: 0.5,
  medium: 0.8,
  low: 0.95,
  info: 1,
};

/**
 * The state of every area that some check applies to, in percent; docs/reference/state.md has the
 * formula. What could not be seen counts as the fault it may hide, so that hiding a fault, like
 * adding one, can never raise it.
 */
export function stateOf(runs: readonly CheckRun[]): readonly AreaState[] {
  return layers.flatMap((area) => {
    const ofArea = runs.filter((run) => run.check.layer === area && run.state !== 'absent');
    return ofArea.length > 0 ? [areaState(area, ofArea)] : [];
  });
}

function areaState(area: Layer, runs: readonly CheckRun[]): AreaState {
  const seen = new Map<string, number>();
  const hidden = new Map<string, number>();
  let hiddenEverywhere = 1;
  for (const run of runs) {
    for (const subject of run.subjects) times(seen, refKey(subject), 1);
    for (const finding of run.findings) {
      if (finding.verdict === 'past') continue;
      const left = leaves[finding.severity];
      if (finding.verdict === 'fail') times(seen, refKey(finding.subject), left);
      else if (finding.subject) times(hidden, refKey(finding.subject), left);
      else hiddenEverywhere *= left;
    }
  }
  const unknown = runs.filter((run) => run.findings.some((e) => e.verdict === 'unknown')).length;
  const values = [...seen].map(([key, value]) => value * (hidden.get(key) ?? 1) * hiddenEverywhere);
  const well = values.filter((value) => value === 1).length;
  const counts = { subjects: values.length, well, unknown };
  if (values.length > 0) {
    return { area, percent: percentOf(values), atMost: percentOf([...seen.values()]), ...counts };
  }
  return unknown > 0
    ? { area, percent: 0, atMost: 100, ...counts }
    : { area, percent: null, atMost: null, ...counts };
}

function times(values: Map<string, number>, key: string, factor: number): void {
  values.set(key, (values.get(key) ?? 1) * factor);
}

/** The mean, rounded down: 100 % is said only of what is well to the last subject. */
function percentOf(values: readonly number[]): number {
  // Sorted, so that the order in which the world was listed cannot move the last bit.
  const sum = values.toSorted((a, b) => a - b).reduce((total, value) => total + value, 0);
  return Math.floor((sum / values.length) * 100 + 1e-9);
}
