import { shortList } from '../lib/format.ts';
import { groupBy } from '../lib/order.ts';
import type { Severity } from '../model/severity.ts';
import type { Entries } from './entries.ts';
import { type Look, shortName } from './look.ts';
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

/** What an incident could not see, folded where one gap blinds several checks. */
export function foldBlind(look: Look, { blind }: IncidentEntry, entries: Entries): string[] {
  const found = blind.map((id) => entries.get(id) ?? id);
  const groups = groupBy(found, (each) => (typeof each === 'string' ? each : each.detail));
  return [...groups].map(([detail, group]) => {
    const titles = new Set(group.flatMap((each) => (typeof each === 'string' ? [] : each.title)));
    const of = titles.size > 0 ? ` (${shortList([...titles].map((e) => shortName(look, e)))})` : '';
    return `${detail}${of}`;
  });
}

const wellKnown = /\.(apps|batch|(\w+\.)*k8s\.io)$/;

/** `Node k3s3: status.phase = Failed` */
export function evidenceWords(look: Look, { object, field, value }: EvidenceEntry): string {
  const { kind, namespace, name } = object;
  const full = namespace === null ? name : `${namespace}/${name}`;
  const what = Array.isArray(value) ? shortList(value) : String(value ?? 'nothing');
  return `${kind.replace(wellKnown, '')} ${shortName(look, full)}: ${field} = ${what}`;
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
