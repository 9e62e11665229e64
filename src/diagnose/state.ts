import { byText } from '../lib/order.ts';
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
  const left = new Map<string, number>();
  let everywhere = 1;
  let unknown = 0;
  for (const run of runs) {
    for (const subject of run.subjects) {
      const key = refKey(subject);
      if (!left.has(key)) left.set(key, 1);
    }
    let blind = false;
    for (const finding of run.findings) {
      if (finding.verdict === 'past') continue;
      if (finding.verdict === 'unknown') blind = true;
      const factor = leaves[finding.severity];
      if (!finding.subject) everywhere *= factor;
      else {
        const key = refKey(finding.subject);
        left.set(key, (left.get(key) ?? 1) * factor);
      }
    }
    if (blind) unknown += 1;
  }
  const values = [...left].sort(([a], [b]) => byText(a, b)).map(([, value]) => value * everywhere);
  const well = values.filter((value) => value === 1).length;
  const counted = values.length;
  if (counted === 0) return { area, percent: unknown > 0 ? 0 : null, subjects: 0, well, unknown };
  const mean = values.reduce((sum, value) => sum + value, 0) / counted;
  // Rounded down: 100 % is said only of what is well to the last subject.
  return { area, percent: Math.floor(mean * 100 + 1e-9), subjects: counted, well, unknown };
}
