import { allOf, formatPercent, plural, shortList } from '../lib/format.ts';
import type { Entries } from './entries.ts';
import { foldFindings, foldGone } from './fold.ts';
import {
  block,
  commandLine,
  heading,
  type Look,
  labelled,
  shortName,
  shown,
  type Tone,
} from './look.ts';
import { firstCommands } from './page.ts';
import type { ActionEntry, AuditDocument, UnknownEntry } from './schema.ts';
import { layerNames, reasonWords } from './words.ts';

/** Most lines of one list; `--output json` has all. */
const mostLines = 20;
const mostUnknown = 10;
const mostActions = 12;

/** Findings by severity, those of one check folded into one line. */
export function findingList(
  look: Look,
  title: string,
  ids: readonly string[],
  entries: Entries,
): string[] {
  if (ids.length === 0) return [];
  const lines = foldFindings(look, ids, entries);
  return [
    ...heading(look, `${title} (${ids.length})`),
    ...lines
      .slice(0, mostLines)
      .flatMap(({ severity, text }) =>
        labelled(look, severity, text, { column: 10, labelTone: severity }),
      ),
    ...andMore(look, countOf(lines.slice(mostLines))),
  ];
}

function countOf(lines: readonly { readonly count: number }[]): number {
  return lines.reduce((sum, each) => sum + each.count, 0);
}

function andMore(look: Look, count: number): string[] {
  if (count === 0) return [];
  const text = `and ${count} more: --output json has all`;
  return block(look, text, { first: '  ', tone: 'dim' });
}

export function worksText(look: Look, { works }: AuditDocument): string[] {
  if (works.areas.length === 0) return [];
  return [
    ...heading(look, 'What works'),
    ...works.areas.flatMap(({ area, checks, judged, well }) => {
      const text = `${well} of ${plural(judged, 'judgement')} well, ${plural(checks, 'check')}`;
      const tone = well === judged ? 'good' : 'plain';
      return labelled(look, layerNames[area], text, { column: 15, tone });
    }),
  ];
}

export function unknownText(look: Look, unknown: readonly UnknownEntry[]): string[] {
  if (unknown.length === 0) return [];
  const rest = unknown.slice(mostUnknown).reduce((sum, each) => sum + each.findings.length, 0);
  return [
    ...heading(look, 'What could not be seen'),
    ...unknown.slice(0, mostUnknown).flatMap((entry) => [
      ...block(look, `${reasonWords[entry.reason]}: ${missingWords(entry)}`, {
        first: `  ${look.glyphs.bullet}`,
        tone: 'doubt',
      }),
      ...block(look, unknownScope(look, entry), { first: '    ', tone: 'dim' }),
    ]),
    ...andMore(look, rest),
  ];
}

/** `nodes, pods and 3 more: the API server refuses`. */
export function missingWords({ facets, detail }: UnknownEntry): string {
  // Machines that nobody asked for are no facet that somebody withholds.
  if (facets.length === 0 || facets.join() === 'hosts') return detail;
  return `${shortList(facets)}: ${detail}`;
}

export function unknownScope(look: Look, { checks, subjects, mayHide }: UnknownEntry): string {
  const hides = `may hide something ${mayHide === 'info' ? 'of note' : mayHide}`;
  if (checks.length > mostNamed) {
    const areas = new Set(checks.map((each) => each.slice(0, each.indexOf('/'))));
    return `${checks.length} checks of ${allOf([...areas])} in need of it; ${hides}`;
  }
  const names = shortList(checks.map((each) => shortName(look, each)));
  return subjects > 0
    ? `${plural(subjects, 'subject')} of ${names}; ${hides}`
    : `${plural(checks.length, 'check')} in need of it: ${names}; ${hides}`;
}

/** More checks than that are named by their layers. */
const mostNamed = 8;

export function stateText(look: Look, { state }: AuditDocument): string[] {
  if (state.length === 0) return [];
  const bars = look.width >= 72 && (look.colour || look.unicode);
  return [
    ...heading(look, 'State'),
    ...state.flatMap(({ area, percent, atMost, subjects, well, unknown }) => {
      const share = shown(look, shareWords({ percent, atMost })).padStart(9);
      const bar = bars ? `  ${barOf(look, percent, atMost)}` : '';

      const first = [
        { text: `  ${layerNames[area].padEnd(13)}`, tone: 'dim' as const },
        { text: share + bar, tone: stateTone(percent) },
        { text: '  ', tone: 'plain' as const },
      ];
      return block(look, stateWords({ subjects, well, unknown }), { first, tone: 'dim' });
    }),
  ];
}

/** How many objects of an area are well, and how many checks could not tell. */
export function stateWords(
  area: Pick<AuditDocument['state'][number], 'subjects' | 'well' | 'unknown'>,
): string {
  const { subjects, well, unknown } = area;
  const blind = unknown > 0 ? `${plural(unknown, 'check')} unsure` : '';
  if (subjects === 0) return blind === '' ? 'nothing to look at' : `not looked at: ${blind}`;
  return `${well} of ${plural(subjects, 'object')} well${blind === '' ? '' : `, ${blind}`}`;
}

/** `94 %`; `30–60 %` where it depends on what could not be seen. */
export function shareWords({
  percent,
  atMost,
}: Pick<AuditDocument['state'][number], 'percent' | 'atMost'>): string {
  if (percent === null) return '–';
  if (atMost === null || atMost <= percent) return formatPercent(percent);
  return `${percent}–${formatPercent(atMost)}`;
}

function barOf(look: Look, percent: number | null, atMost: number | null): string {
  const { full, maybe, empty } = look.glyphs;
  const barWidth = look.width < 100 ? 12 : 20;
  const sure = Math.floor(((percent ?? 0) / 100) * barWidth);
  const possible = Math.max(sure, Math.floor(((atMost ?? 0) / 100) * barWidth));
  return full.repeat(sure) + maybe.repeat(possible - sure) + empty.repeat(barWidth - possible);
}

function stateTone(percent: number | null): Tone {
  if (percent === null) return 'dim';
  if (percent >= 95) return 'good';
  return percent >= 60 ? 'medium' : 'high';
}

/** What to do; of an incident the first command only, the others stand with the incident. */
export function planText(look: Look, plan: readonly ActionEntry[]): string[] {
  if (plan.length === 0) return [];
  const rest = plan.length - mostActions;
  return [
    ...heading(look, 'Action plan'),
    ...plan
      .slice(0, mostActions)
      .flatMap((action) => [
        ...labelled(look, action.priority, planTitle(action), { column: 4 }),
        ...firstCommands(action.commands, action.kind === 'incident' ? 1 : 2).map((command) =>
          commandLine(look, command, 6),
        ),
      ]),
    ...andMore(look, Math.max(0, rest)),
  ];
}

export function planTitle({ kind, title, why }: ActionEntry): string {
  return kind === 'incident' ? `${title} [${why[0] ?? ''}]` : title;
}

export function goneText(look: Look, { gone }: AuditDocument): string[] {
  if (!gone || gone.length === 0) return [];
  const lines = foldGone(look, gone);
  return [
    ...heading(look, 'Since the baseline'),
    ...lines.slice(0, mostLines).flatMap(({ change, text }) => {
      const tone = change === 'fixed' ? 'good' : 'doubt';
      return labelled(look, change, text, { column: 8, tone });
    }),
    ...andMore(look, countOf(lines.slice(mostLines))),
  ];
}
