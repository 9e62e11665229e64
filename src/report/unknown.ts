import { byText, groupBy } from '../lib/order.ts';
import { safeText } from '../lib/terminal-text.ts';
import type { AuditResult, Missed } from '../model/audit.ts';
import type { Blind } from '../model/finding.ts';
import { severityRank } from '../model/severity.ts';
import type { UnknownEntry } from './schema.ts';

/**
 * What could not be seen, folded: checks that were blind for the same reason are one entry, and so
 * are the subjects that one check could not judge. What may hide the worst comes first.
 */
export function unknownEntries({ findings, missed = [] }: AuditResult): UnknownEntry[] {
  const blind = findings.filter((each): each is Blind => each.verdict === 'unknown');
  const groups = groupBy(blind, (each) =>
    each.subject ? `${each.reason} ${each.check}` : `${each.reason}\n${each.detail}`,
  );
  const entries = [...groups.values()].flatMap(entryOf);
  return [...entries, ...missed.map(judgedWithout)].sort(worstFirst);
}

/** Its checks judged all the same: it may hide a detail, and no fault. */
function judgedWithout({ checks, reason, detail }: Missed): UnknownEntry {
  return {
    reason,
    detail: safeText(detail),
    checks: [...checks].sort(byText),
    subjects: 0,
    mayHide: 'info',
    findings: [],
  };
}

function entryOf(group: readonly Blind[]): UnknownEntry[] {
  const [first] = group;
  if (!first) return [];
  const details = [...new Set(group.map((each) => each.detail))].sort(byText);
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : '';
  const severities = group.map((each) => each.severity);
  return [
    {
      reason: first.reason,
      detail: safeText(`${details[0]}${more}`),
      checks: [...new Set(group.map((each) => each.check))].sort(byText),
      subjects: group.filter((each) => each.subject).length,
      mayHide: severities.sort((a, b) => severityRank(a) - severityRank(b))[0] ?? first.severity,
      findings: group.map((each) => each.id).sort(byText),
    },
  ];
}

function worstFirst(a: UnknownEntry, b: UnknownEntry): number {
  return (
    severityRank(a.mayHide) - severityRank(b.mayHide) ||
    b.checks.length - a.checks.length ||
    byText(a.reason, b.reason) ||
    byText(a.checks.join(), b.checks.join()) ||
    byText(a.detail, b.detail)
  );
}
