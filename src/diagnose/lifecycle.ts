import { byText } from '../lib/order.ts';
import type { Change, Remembered } from '../model/audit.ts';
import type { CheckId, Finding } from '../model/finding.ts';

/** What an earlier audit had to say, as far as this one needs it. */
export interface Baseline {
  readonly failed: readonly { id: string; check: CheckId; subject: string }[];
  readonly gone: readonly Remembered[];
}

export interface Lifecycle {
  /** By finding id. */
  readonly changes: { readonly [id: string]: Change };
  /** What the baseline had, or remembered, and this audit has not. */
  readonly gone: readonly Remembered[];
}

/**
 * New, ongoing, or regressed (the baseline remembers it as fixed). What is gone is fixed only if its
 * check could look; otherwise it is merely unseen.
 */
export function compare(findings: readonly Finding[], baseline: Baseline): Lifecycle {
  const fixed = new Set(baseline.gone.filter((e) => e.change === 'fixed').map((each) => each.id));
  const before = new Set(baseline.failed.map((each) => each.id));
  const unseen = new Set(baseline.gone.filter((e) => e.change === 'unseen').map((each) => each.id));
  const changes: { [id: string]: Change } = {};
  const blind = new Set<CheckId>();
  const blindSubjects = new Set<string>();
  for (const finding of findings) {
    if (finding.verdict === 'unknown') {
      if (finding.subject) blindSubjects.add(finding.id);
      else blind.add(finding.check);
    }
    if (finding.verdict !== 'fail') continue;
    const ongoing = before.has(finding.id) || unseen.has(finding.id);
    changes[finding.id] = ongoing ? 'ongoing' : fixed.has(finding.id) ? 'regressed' : 'new';
  }
  const remembered = new Map<string, Remembered>();
  for (const each of [...baseline.gone, ...baseline.failed]) {
    if (changes[each.id]) continue;
    const wasFixed = 'change' in each && each.change === 'fixed';
    const looked = !blind.has(each.check) && !blindSubjects.has(each.id);
    const change = wasFixed || looked ? 'fixed' : 'unseen';
    remembered.set(each.id, { id: each.id, check: each.check, subject: each.subject, change });
  }
  return { changes, gone: [...remembered.values()].sort((a, b) => byText(a.id, b.id)) };
}
