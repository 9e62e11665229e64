import { plural, shortList } from '../lib/format.ts';
import { groupBy } from '../lib/order.ts';
import type { Severity } from '../model/severity.ts';
import type { Entries } from './entries.ts';
import { hostWords } from './host/evidence.ts';
import { type Look, shortName } from './look.ts';
import { machineIn, objectName } from './names.ts';
import type { AuditDocument, EvidenceEntry, FindingEntry, IncidentEntry } from './schema.ts';

/** One line of a list, and how many findings it stands for. */
export interface Line {
  readonly severity: Severity;
  readonly text: string;
  readonly count: number;
}

const foldFrom = 3;

/** Findings in their order, as lines: those of one check and severity are one line. */
export function foldFindings(look: Look, ids: readonly string[], entries: Entries): Line[] {
  const found = ids.flatMap((id) => entries.get(id) ?? []);
  const groups = groupBy(found, (each) => `${each.severity} ${each.check}`);
  return [...groups.values()]
    .flatMap((group) => (group.length < foldFrom ? group.map((each) => [each]) : [group]))
    .flatMap((group) => lineOf(look, group, entries));
}

function lineOf(look: Look, group: readonly FindingEntry[], entries: Entries): Line[] {
  const [first] = group;
  if (!first) return [];
  const names = group.map((each) => shortName(look, entries.name(each.id)));
  const text =
    group.length === 1
      ? first.headline
      : `${entries.many(first.check, group.length)}: ${shortList(names)}`;
  return [{ severity: first.severity ?? 'info', text: text + tagOf(group), count: group.length }];
}

/** What the baseline did not have is worth a word; what it had is not. */
function tagOf(group: readonly FindingEntry[]): string {
  const fresh = group.filter((each) => each.change === 'new' || each.change === 'regressed');
  if (fresh.length === 0) return '';
  return group.length === 1 ? ` [${fresh[0]?.change}]` : ` [${fresh.length} new]`;
}

/** What is gone since the baseline, by check. */
export function foldGone(
  look: Look,
  gone: NonNullable<AuditDocument['gone']>,
): { readonly change: 'fixed' | 'unseen'; readonly text: string; readonly count: number }[] {
  const groups = groupBy(gone, (each) => `${each.change} ${each.check}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const names = shortList(group.map((each) => shortName(look, each.subject)));
    return { change: first.change, text: `${first.title}: ${names}`, count: group.length };
  });
}

/** What an incident could not see, folded where one gap, or one host, blinds several checks. */
export function foldBlind(look: Look, { blind, roots }: IncidentEntry, entries: Entries): string[] {
  // That nothing of a silent machine is seen is what its own root says already.
  const told = new Set(
    roots.flatMap((id) => hostOf(entries.get(id)) ?? []).filter(entries.isSilent),
  );
  const found = blind
    .map((id) => entries.get(id) ?? id)
    .filter((each) => typeof each === 'string' || !told.has(hostOf(each) ?? ''));
  const groups = groupBy(found, (each) => {
    if (typeof each === 'string') return each;
    return hostOf(each) ?? each.detail;
  });
  return [...groups.values()].map((group) => {
    const known = group.filter((each) => typeof each !== 'string');
    const details = [...new Set(group.map((e) => (typeof e === 'string' ? e : (e.detail ?? ''))))];
    const host = known[0] && hostOf(known[0]);
    const what = host === undefined ? shortList(details) : `${host}: ${shortList(details)}`;
    const titles = [...new Set(known.map(({ title }) => title))];
    if (host !== undefined && entries.isSilent(host)) {
      return `nothing of ${host} could be seen (${plural(titles.length, 'check')})`;
    }
    if (titles.length === 0) return what;
    if (titles.length > mostTitles) return `${what} (${titles.length} checks)`;
    return `${what} (${shortList(titles.map((each) => shortName(look, each)))})`;
  });
}

/** More than that are counted. */
const mostTitles = 6;

function hostOf(entry: FindingEntry | undefined): string | undefined {
  return entry?.subject ? machineIn(entry.subject) : undefined;
}

const wellKnown = /\.(apps|batch|(\w+\.)*k8s\.io)$/;

/** `Node k3s3: status.phase = Failed`, `k3s1: /dev/kmsg is missing` */
export function evidenceWords(look: Look, { object, field, value }: EvidenceEntry): string {
  const full = shortName(look, objectName(object));
  const what = Array.isArray(value) ? shortList(value) : String(value ?? 'nothing');
  // What lies within a host already says so, and has no kind that anybody knows.
  if (machineIn(object) !== undefined) return `${full}: ${hostWords(field, what)}`;
  return `${object.kind.replace(wellKnown, '')} ${full}: ${field} = ${what}`;
}

/** What the rival's roots say, and what speaks against it. */
export function rivalWords(
  { roots, why }: IncidentEntry['rivals'][number],
  entries: Entries,
): string {
  const said = roots.slice(0, 2).map((id) => entries.headline(id).replace(/\.$/, ''));
  const more = roots.length > 2 ? `; and ${roots.length - 2} more` : '';
  return `${said.join('; ')}${more}. Against it: ${why}.`;
}
