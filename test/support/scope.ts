import { expect, test } from 'vitest';
import { runChecks } from '../../src/diagnose/run-checks.ts';
import type { Check } from '../../src/model/check.ts';
import type { FacetName } from '../../src/model/facets.ts';
import { type RawObject, snapshotOf } from './snapshot.ts';

/** Where one of these facets was seen in other namespaces only, nothing there may be judged. */
export function testPartialScope(
  check: Check,
  objects: readonly RawObject[],
  facets: readonly FacetName[],
): void {
  test.each(facets)('%s: a namespace that was not looked at is not judged', (name) => {
    const whole = snapshotOf({ objects });
    const part = { ...whole.facets[name], scope: { namespaces: ['other'] } };
    const [run] = runChecks({ ...whole, facets: { ...whole.facets, [name]: part } }, [check]);
    expect(run?.subjects).toEqual([]);
    expect(run?.findings.map((each) => each.verdict)).toEqual(['unknown']);
  });
}
