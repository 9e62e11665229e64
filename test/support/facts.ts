import type { Facts } from '../../src/model/finding.ts';

/** All but these: of a case in which they are not known, so not claimed. */
export function less(facts: Facts, ...names: readonly string[]): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !names.includes(name)));
}
