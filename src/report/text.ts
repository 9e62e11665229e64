import { formatMoment, shortList } from '../lib/format.ts';
import { type Entries, entriesOf } from './entries.ts';
import { incidentText } from './incident-text.ts';
import { findingList, goneText, planText, stateText, unknownText, worksText } from './lists.ts';
import { block, type Look, lookOf, type TextOptions } from './look.ts';
import { hourOf, machinesWords } from './moments.ts';
import type { Pages } from './page.ts';
import type { AuditDocument, IncidentEntry } from './schema.ts';

/** Incidents drawn in full, and those told in one line each. */
const mostDrawn = 5;
const mostTold = 20;

/** The report for a terminal, worst first, with what to do at the end, next to the prompt. */
export function renderText(document: AuditDocument, options: TextOptions, pages?: Pages): string {
  const look = lookOf(options);
  const entries = entriesOf(document, pages);
  const lines = [
    ...headText(look, document),
    ...incidentsText(look, document, entries),
    ...findingList(look, 'Stands alone', document.alone, entries),
    ...findingList(look, 'Risks', document.postures, entries),
    ...goneText(look, document),
    ...worksText(look, document),
    ...unknownText(look, document.unknown),
    ...stateText(look, document),
    ...planText(look, document.plan),
    ...footText(look, document),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function headText(look: Look, document: AuditDocument): string[] {
  const { cluster, namespaces } = document;
  const scope = namespaces ? [`namespaces ${shortList(namespaces)}`] : [];
  const version = cluster.version ? [cluster.version] : [];
  const seen = machinesWords(document);
  const words = [cluster.context, ...version, formatMoment(hourOf(document)), ...seen, ...scope];
  return [
    ...block(look, words.join(' · '), { tone: 'dim' }),
    '',
    ...block(look, document.sentence, { tone: 'strong' }),
  ];
}

function incidentsText(look: Look, document: AuditDocument, entries: Entries): string[] {
  const { incidents } = document;
  const now = hourOf(document);
  const rest = incidents.length - mostDrawn - mostTold;
  return [
    ...incidents.slice(0, mostDrawn).flatMap((each) => incidentText(look, each, entries, now)),
    ...(incidents.length > mostDrawn ? [''] : []),
    ...incidents
      .slice(mostDrawn, mostDrawn + mostTold)
      .flatMap((each) => block(look, inOneLine(each, entries), { first: look.glyphs.bullet })),
    ...(rest > 0 ? block(look, `and ${rest} more incidents: --output json has all`) : []),
  ];
}

function inOneLine({ id, severity, roots, chain }: IncidentEntry, entries: Entries): string {
  const root = entries.headline(roots[0] ?? '').replace(/\.$/, '');
  return `Incident ${id} · ${severity} · ${root} (explains ${chain.length} more)`;
}

function footText(look: Look, { incidents, findings, cluster }: AuditDocument): string[] {
  const id = incidents[0]?.id ?? findings[0]?.id;
  if (id === undefined) return [];
  // No cluster was asked: that audit cannot be had again.
  if (cluster.server === '') {
    const all = 'Everything, as data: evenkeel host check --output json';
    return ['', ...block(look, all, { tone: 'dim' })];
  }
  return [
    '',
    ...block(look, `More on this: evenkeel explain ${id}`, { tone: 'dim' }),
    ...block(look, 'Everything, as data: evenkeel audit --output json', { tone: 'dim' }),
  ];
}
