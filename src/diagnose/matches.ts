import type { Match } from '../model/check.ts';
import type { Fact, Facts } from '../model/finding.ts';

/** Whether the facts say what the match asks; a fact that is not there says nothing, so: no. */
export function matches(facts: Facts, match: Match | undefined): boolean {
  if (!match) return true;
  return Object.entries(match).every(([name, wanted]) => says(facts[name], wanted));
}

function says(fact: Fact | undefined, wanted: Match[string]): boolean {
  if (fact === undefined) return false;
  if (wanted instanceof RegExp) return texts(fact).some((text) => wanted.test(text));
  if (Array.isArray(wanted)) return texts(fact).some((text) => wanted.includes(text));
  return fact === wanted || texts(fact).includes(String(wanted));
}

function texts(fact: Fact): readonly string[] {
  return typeof fact === 'object' ? fact : [String(fact)];
}
