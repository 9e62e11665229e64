import { shortList } from '../lib/format.ts';
import { byText, groupBy } from '../lib/order.ts';
import { safeText } from '../lib/terminal-text.ts';
import type { AuditResult, HostSummary, Missed } from '../model/audit.ts';
import type { Blind } from '../model/finding.ts';
import { severityRank } from '../model/severity.ts';
import { machineIn } from './names.ts';
import type { UnknownEntry } from './schema.ts';
import { waysText } from './words.ts';

/**
 * What could not be seen, folded: facets that are missing for the same reason are one entry, and so
 * are the subjects that one check could not judge. What may hide the worst comes first.
 */
export function unknownEntries({ findings, missed = [], hosts = [] }: AuditResult): UnknownEntry[] {
  const blind = findings.filter((each): each is Blind => each.verdict === 'unknown');
  const silent = new Map(hosts.filter((each) => !each.answered).map((each) => [each.name, each]));
  const seen = blind.flatMap((each) => seenAs(each, silent));
  const groups = groupBy(seen, keyIn(seen));
  const entries = new Map([...groups].map(([key, group]) => [key, entryOf(group)]));
  for (const each of missed) {
    const key = keyOf(each);
    const known = entries.get(key);
    // What blinds some checks and only dims others is one gap with one remedy.
    const checks = unique([...(known?.checks ?? []), ...each.checks]);
    entries.set(key, known ? { ...known, checks } : judgedWithout(each));
  }
  return [...entries.values()].sort(worstFirst);
}

/** Of one host what could not be seen is one entry; what is alike on several is one for all of them. */
function keyIn(seen: readonly Gone[]): (gone: Gone) => string {
  const machines = groupBy(seen, (each) => (each.host === undefined ? undefined : keyOf(each)));
  const hostsOf = new Map([...machines].map(([key, all]) => [key, new Set(all.map(hostOf))]));
  return (gone) => {
    const alike = gone.host === undefined ? undefined : hostsOf.get(keyOf(gone));
    return alike && alike.size > 1 ? keyOf(gone) : gone.key;
  };
}

function hostOf({ host }: Gone): string {
  return host ?? '';
}

/** What is said of each silent host in place of what each check says of it. */
type Silent = ReadonlyMap<string, HostSummary>;

function keyOf({ reason, detail }: Pick<Blind, 'reason' | 'detail'>): string {
  return `${reason}\n${detail}`;
}

interface Gone {
  readonly key: string;
  readonly blind: Blind;
  readonly reason: Blind['reason'];
  readonly detail: string;
  readonly facet: string;
  /** The machine of which the check could not judge. */
  readonly host?: string;
  readonly isSilent?: boolean;
}

/** A check that lacks two facets is part of two entries: each has a remedy of its own. */
function seenAs(blind: Blind, silent: Silent): Gone[] {
  const { reason, check, subject, gaps = [] } = blind;
  if (gaps.length > 0) return gaps.map((gap) => ({ ...gap, key: keyOf(gap), blind }));
  const gone = { blind, reason, detail: blind.detail, facet: '' };
  const host = subject && machineIn(subject);
  if (host === undefined) {
    return [{ ...gone, key: subject ? `${reason} ${check}` : keyOf(blind) }];
  }
  const summary = silent.get(host);
  if (!summary) return [{ ...gone, key: `${reason} on ${host}`, host }];
  const detail = `${host} could not be looked at: ${waysText(summary.ways)}`;
  return [{ ...gone, detail, key: `silent ${host}`, host, isSilent: true }];
}

/** Its checks judged all the same: it may hide a detail, and no fault. */
function judgedWithout({ facet, checks, reason, detail }: Missed): UnknownEntry {
  return {
    reason,
    facets: [facet],
    hosts: [],
    detail: safeText(detail),
    checks: [...checks].sort(byText),
    subjects: 0,
    mayHide: 'info',
    findings: [],
  };
}

function entryOf(group: readonly Gone[]): UnknownEntry {
  const details = unique(group.map((each) => each.detail));
  const [first] = group;
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : '';
  const hosts = unique(group.flatMap((each) => each.host ?? []));
  const isPart = hosts.length > 0 && !first?.isSilent;
  const detail = isPart ? `${shortList(hosts, 8)}: ${shortList(details)}` : `${details[0]}${more}`;
  const severities = group.map((each) => each.blind.severity);
  return {
    reason: commonest(group.map((each) => each.reason)) ?? 'check-failed',
    facets: unique(group.map((each) => each.facet)).filter((facet) => facet !== ''),
    hosts,
    detail: safeText(detail),
    checks: unique(group.map((each) => each.blind.check)),
    subjects: group.filter((each) => each.blind.subject).length,
    mayHide: severities.sort((a, b) => severityRank(a) - severityRank(b))[0] ?? 'info',
    findings: unique(group.map((each) => each.blind.id)),
  };
}

/** Of a silent machine nearly all say why it is; what asks for more than its parts may say less. */
function commonest<T>(values: readonly T[]): T | undefined {
  const groups = [...groupBy(values, (each) => each).values()];
  return groups.sort((a, b) => b.length - a.length)[0]?.[0];
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
