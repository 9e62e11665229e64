import { byText, groupBy } from '../lib/order.ts';
import { safeText } from '../lib/terminal-text.ts';
import type { AuditResult, Missed } from '../model/audit.ts';
import type { Blind } from '../model/finding.ts';
import { severityRank } from '../model/severity.ts';
import type { UnknownEntry } from './schema.ts';

/**
 * What could not be seen, folded: facets that are missing for the same reason are one entry, and so
 * are the subjects that one check could not judge. What may hide the worst comes first.
 */
export function unknownEntries({ findings, missed = [] }: AuditResult): UnknownEntry[] {
  const blind = findings.filter((each): each is Blind => each.verdict === 'unknown');
  const groups = groupBy(blind.flatMap(seenAs), (each) => each.key);
  const entries = [...groups.values()].map(entryOf);
  return [...entries, ...missed.map(judgedWithout)].sort(worstFirst);
}

interface Gone {
  readonly key: string;
  readonly blind: Blind;
  readonly reason: Blind['reason'];
  readonly detail: string;
  readonly facet: string;
}

/** A check that lacks two facets is part of two entries: each has a remedy of its own. */
function seenAs(blind: Blind): Gone[] {
  const { reason, detail, check, subject, gaps = [] } = blind;
  if (gaps.length === 0) {
    const key = subject ? `${reason} ${check}` : `${reason}\n${detail}`;
    return [{ key, blind, reason, detail, facet: '' }];
  }
  return gaps.map((gap) => ({ ...gap, key: `${gap.reason}\n${gap.detail}`, blind }));
}

/** Its checks judged all the same: it may hide a detail, and no fault. */
function judgedWithout({ facet, checks, reason, detail }: Missed): UnknownEntry {
  return {
    reason,
    facets: [facet],
    detail: safeText(detail),
    checks: [...checks].sort(byText),
    subjects: 0,
    mayHide: 'info',
    findings: [],
  };
}

function entryOf(group: readonly Gone[]): UnknownEntry {
  const details = unique(group.map((each) => each.detail));
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : '';
  const severities = group.map((each) => each.blind.severity);
  return {
    reason: group[0]?.reason ?? 'check-failed',
    facets: unique(group.map((each) => each.facet)).filter((facet) => facet !== ''),
    detail: safeText(`${details[0]}${more}`),
    checks: unique(group.map((each) => each.blind.check)),
    subjects: group.filter((each) => each.blind.subject).length,
    mayHide: severities.sort((a, b) => severityRank(a) - severityRank(b))[0] ?? 'info',
    findings: unique(group.map((each) => each.blind.id)),
  };
}

function unique<T extends string>(values: readonly T[]): T[] {
  return [...new Set(values)].sort(byText);
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
