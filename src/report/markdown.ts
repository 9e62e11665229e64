import { formatMoment, formatPercent, shortList } from '../lib/format.ts';
import { groupBy } from '../lib/order.ts';
import { type Entries, entriesOf } from './entries.ts';
import { codeBlock, codeSpan, escapeMarkdown } from './escape-markdown.ts';
import { evidenceWords, foldBlind, foldFindings, foldGone, rivalWords } from './fold.ts';
import { briefly } from './incident-text.ts';
import { incidentTrees } from './incident-tree.ts';
import { missingWords, planTitle, shareWords, stateWords, unknownScope } from './lists.ts';
import { type Look, lookOf } from './look.ts';
import { hourOf, machinesWords, onsetText, sinceText } from './moments.ts';
import { firstCommands, type Pages } from './page.ts';
import type { AuditDocument, IncidentEntry } from './schema.ts';
import type { TreeNode } from './tree.ts';
import { certaintyWords, layerNames, reasonWords } from './words.ts';

const mostIncidents = 20;
const mostItems = 50;
const treeLimits = { ...briefly, nodes: 60 };
/** Deeper lists would read as code. */
const deepest = 12;

/** The report as Markdown (GFM): for an issue, a wiki, a mail. */
export function renderMarkdown(document: AuditDocument, pages?: Pages): string {
  const look = lookOf({ width: 120, colour: false, unicode: true });
  const entries = entriesOf(document, pages);
  const lines = [
    ...headOf(document),
    ...document.incidents
      .slice(0, mostIncidents)
      .flatMap((each) => incidentOf(look, document, each, entries)),
    ...more(document.incidents.length - mostIncidents, 'incidents'),
    ...findingsOf(look, 'Stands alone', document.alone, entries),
    ...findingsOf(look, 'Risks', document.postures, entries),
    ...goneOf(look, document),
    ...worksOf(document),
    ...unknownOf(look, document),
    ...stateOf(document),
    ...planOf(document),
  ];
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function headOf(document: AuditDocument): string[] {
  const { cluster, namespaces, tool } = document;
  const scope = namespaces ? [`namespaces ${shortList(namespaces)}`] : [];
  const seen = machinesWords(document);
  const words = [formatMoment(hourOf(document)), cluster.version ?? [], seen, scope].flat();
  return [
    `# Audit of ${codeSpan(cluster.context)}`,
    '',
    `**${escapeMarkdown(document.sentence)}**`,
    '',
    `${words.map(escapeMarkdown).join(' · ')} · evenkeel ${escapeMarkdown(tool.version)}`,
    '',
  ];
}

function incidentOf(
  look: Look,
  document: AuditDocument,
  incident: IncidentEntry,
  entries: Entries,
): string[] {
  const { id, severity, certainty, onset, suspected } = incident;
  const { trees, omitted } = incidentTrees(look, incident, entries, treeLimits);
  const decide = suspected?.decide ?? undefined;
  const next = incident.next.filter((command) => command !== decide);
  const part = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : ['', `### ${title}`, '', ...list(items)];
  return [
    '',
    `## Incident ${codeSpan(id)}: ${severity}, ${certaintyWords[certainty]}`,
    '',
    escapeMarkdown(onsetText(onset, hourOf(document))),
    '',
    ...trees.flatMap((tree) => nested(tree, 0)),
    ...more(omitted, 'that follow'),
    ...part(
      'Evidence',
      incident.evidence.map(
        (each) => evidenceWords(look, each) + sinceText(each.at, hourOf(document)),
      ),
    ),
    ...part('Made worse by', incident.contributing.map(entries.headline)),
    ...part(
      'Also possible',
      incident.rivals.map((e) => `${formatPercent(e.weight * 100)}: ${rivalWords(e, entries)}`),
    ),
    ...part('Not seen', foldBlind(look, incident, entries)),
    ...(decide ? ['', '### This would decide', ...codeBlock([decide])] : []),
    ...(next.length > 0 ? ['', '### Do next', ...codeBlock(next)] : []),
  ];
}

function nested({ lines, children }: TreeNode, depth: number): string[] {
  const indent = '  '.repeat(Math.min(depth, deepest));
  const [first, ...rest] = lines.map(({ text }) => escapeMarkdown(text));
  const own = depth === 0 ? `**${first ?? ''}**` : (first ?? '');
  return [
    `${indent}- ${own}`,
    ...rest.map((line) => `${indent}  - *${line}*`),
    ...children.flatMap((child) => nested(child, depth + 1)),
  ];
}

function list(items: readonly string[]): string[] {
  return [
    ...items.slice(0, mostItems).map((item) => `- ${escapeMarkdown(item)}`),
    ...more(items.length - mostItems, ''),
  ];
}

function more(count: number, what: string): string[] {
  return count > 0 ? ['', `and ${count} more ${what}`.trimEnd(), ''] : [];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function findingsOf(look: Look, title: string, ids: readonly string[], entries: Entries): string[] {
  const lines = foldFindings(look, ids, entries).map(
    ({ severity, text }) => `- **${severity}** ${escapeMarkdown(text)}`,
  );
  if (lines.length === 0) return [];
  const rest = more(lines.length - mostItems, 'lines: `--output json` has all');
  return section(`${title} (${ids.length})`, [...lines.slice(0, mostItems), ...rest]);
}

function goneOf(look: Look, { gone }: AuditDocument): string[] {
  const lines = foldGone(look, gone ?? []).map(({ change, text }) => `${change}: ${text}`);
  return section('Since the baseline', list(lines));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function worksOf({ works }: AuditDocument): string[] {
  const rows = works.areas.map(({ area, checks, judged, well }) => [
    layerNames[area],
    `${well} of ${judged}`,
    String(checks),
  ]);
  return section('What works', table(['Area', 'Judgements well', 'Checks'], rows));
}

function unknownOf(look: Look, { unknown }: AuditDocument): string[] {
  const lines = unknown.map(
    (entry) => `${reasonWords[entry.reason]}: ${missingWords(entry)}. ${unknownScope(look, entry)}`,
  );
  return section('What could not be seen', list(lines));
}

function stateOf({ state }: AuditDocument): string[] {
  const rows = state.map(({ area, percent, atMost, ...counts }) => [
    layerNames[area],
    shareWords({ percent, atMost }),
    stateWords(counts),
  ]);
  return section('State', table(['Area', 'State', 'Seen'], rows));
}

function planOf({ plan }: AuditDocument): string[] {
  const groups = groupBy(plan, (action) => action.priority);
  const parts = [...groups].flatMap(([priority, actions]) => [
    '',
    `### ${priority}`,
    '',
    ...actions
      .slice(0, mostItems)
      .flatMap((action) => [
        `- ${escapeMarkdown(planTitle(action))}`,
        ...codeBlock(firstCommands(action.commands, 2)).map((line) =>
          line === '' ? '' : `  ${line}`,
        ),
      ]),
    ...more(actions.length - mostItems, 'actions'),
  ]);
  return section('Action plan', parts);
}
