import { expect } from 'vitest';
import type { Fact, Facts } from '../../src/model/finding.ts';

/** These facts, whatever else is said: for cases about one of them. */
export function including(facts: { readonly [name: string]: Fact | RegExp }): Facts {
  const patterns = Object.entries(facts).map(([name, fact]) => [
    name,
    fact instanceof RegExp ? expect.stringMatching(fact) : fact,
  ]);
  return expect.objectContaining(Object.fromEntries(patterns)) as Facts;
}

/** That none of these facts is claimed. */
export function without(...names: readonly string[]): Facts {
  return expect.not.objectContaining(
    Object.fromEntries(names.map((name) => [name, expect.anything()])),
  ) as Facts;
}
