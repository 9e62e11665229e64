import { plural, shortList } from '../lib/format.ts';
import { groupBy } from '../lib/order.ts';
import { safeText } from '../lib/terminal-text.ts';
import type { AuditResult } from '../model/audit.ts';
import type { Fail, Finding } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { type Severity, severityRank } from '../model/severity.ts';
import { commands, firstCommands, headline, manyOf, type Pages, subjectName } from './page.ts';
import type { ActionEntry, UnknownEntry } from './schema.ts';
import { fillCommand, isPlainWord, shellQuote } from './shell.ts';

type Priority = ActionEntry['priority'];

const priorities: {
  readonly [K in 'incident' | 'finding' | 'posture']: { readonly [S in Severity]: Priority };
} = {
  incident: { critical: 'P0', high: 'P0', medium: 'P1', low: 'P2', info: 'P2' },
  finding: { critical: 'P0', high: 'P1', medium: 'P2', low: 'P2', info: 'P2' },
  posture: { critical: 'P1', high: 'P1', medium: 'P2', low: 'P2', info: 'P2' },
};

/** Commands of one action: of like findings, the first few show how. */
const mostCommands = 6;

type Named = ReadonlyMap<string, Finding>;

/** What to do, most urgent first. Effects of an incident are no actions: they end with their cause. */
export function plan(
  result: AuditResult,
  unknown: readonly UnknownEntry[],
  {
    pages,
    hostsFile,
  }: { readonly pages?: Pages | undefined; readonly hostsFile?: string | undefined } = {},
): readonly ActionEntry[] {
  const byId: Named = new Map(result.findings.map((each) => [each.id, each]));
  const explained = new Set(
    result.incidents.flatMap(({ roots, links }) => [...roots, ...links.map((l) => l.finding)]),
  );
  const alone = result.alone.filter((id) => !explained.has(id));
  const actions = [
    ...result.incidents.map((incident) => endIncident(incident, byId, pages)),
    ...mendAll('finding', alone, byId, pages),
    ...mendAll('posture', result.postures, byId, pages),
    ...gainSight(unknown, hostsFile),
  ];
  return ['P0', 'P1', 'P2'].flatMap((priority) => actions.filter((a) => a.priority === priority));
}

function endIncident(incident: Incident, byId: Named, pages: Pages | undefined): ActionEntry {
  const roots = incident.roots.flatMap((id) => byId.get(id) ?? []);
  const [first] = roots;
  const what = first ? headline(first, pages).replace(/\.$/, '') : incident.id;
  const others = roots.length > 1 ? ` and ${roots.length - 1} more like it` : '';
  const follows = incident.links.length;
  const effects =
    follows > 0
      ? ` (${plural(follows, 'finding')} ${follows === 1 ? 'follows' : 'follow'} from it)`
      : '';
  return {
    priority: priorities.incident[rootSeverity(incident, roots)],
    kind: 'incident',
    title: safeText(`${what}${others}${effects}`),
    why: [incident.id, ...incident.roots],
    commands: nextSteps(incident, roots, pages),
  };
}

function rootSeverity(incident: Incident, roots: readonly Finding[]): Severity {
  const own = roots.flatMap((each) => (each.verdict === 'fail' ? [each.severity] : []));
  return own.sort((a, b) => severityRank(a) - severityRank(b))[0] ?? incident.severity;
}

/** The observation that decides comes first, then what the roots' own pages advise. */
export function nextSteps(incident: Incident, roots: readonly Finding[], pages?: Pages): string[] {
  const decide = decideCommand(incident, roots[0]);
  const advised = roots.flatMap((root) => commands(root, pages));
  const all = new Set([...(decide === null ? [] : [decide]), ...advised]);
  return firstCommands([...all], mostCommands);
}

/** Null where it names an object whose name is no plain word: it would be pasted into a shell. */
export function decideCommand({ suspected }: Incident, root: Finding | undefined): string | null {
  if (!suspected || suspected.decide === '') return null;
  const name = root?.subject?.name;
  if (name !== undefined && !isPlainWord(name)) return null;
  return fillCommand(suspected.decide, (each) => (each === 'name' ? name : undefined)) ?? null;
}

function mendAll(
  kind: 'finding' | 'posture',
  ids: readonly string[],
  byId: Named,
  pages: Pages | undefined,
): ActionEntry[] {
  const failed = ids
    .flatMap((id) => byId.get(id) ?? [])
    .filter((e): e is Fail => e.verdict === 'fail');
  const groups = groupBy(failed, (each) => `${priorities[kind][each.severity]} ${each.check}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const names = shortList(group.map((each) => safeText(subjectName(each), 120)));
    const title =
      group.length === 1
        ? headline(first, pages)
        : `${manyOf(first.check, group.length, pages)}: ${names}`;
    return {
      priority: priorities[kind][first.severity],
      kind,
      title: safeText(title),
      why: group.map((each) => each.id),
      commands: firstCommands(
        [...new Set(group.slice(0, mostCommands).flatMap((each) => commands(each, pages)))],
        mostCommands,
      ),
    };
  });
}

function gainSight(unknown: readonly UnknownEntry[], hostsFile: string | undefined): ActionEntry[] {
  const groups = groupBy(unknown, (each): Priority => (each.mayHide === 'critical' ? 'P1' : 'P2'));
  return [...groups].map(([priority, entries]) => {
    const checks = new Set(entries.flatMap((each) => each.checks)).size;
    const hides = priority === 'P1' ? ', which may hide something critical' : '';
    return {
      priority,
      kind: 'sight' as const,
      title: `Let evenkeel see: ${plural(checks, 'check')} could not look, or not everywhere${hides}`,
      why: entries.flatMap((each) => each.findings),
      commands: waysToSee(entries, hostsFile),
    };
  });
}

/**
 * The doctor mends rights and ways in; machines are another door; a kubelet that does not answer is
 * looked at by itself.
 */
function waysToSee(entries: readonly UnknownEntry[], hostsFile: string | undefined): string[] {
  const ways = new Set(entries.flatMap(wayToSee));
  const from = hostsFile === undefined ? '' : ` --hosts ${shellQuote(hostsFile)}`;
  if (ways.size > 0) {
    return [findHosts, askHosts, recordHosts, doctor]
      .filter((way) => ways.has(way))
      .map((way) => (way === doctor ? way : `${way}${from}`));
  }
  const first = entries.flatMap((each) => each.findings)[0];
  return first ? [`evenkeel explain ${first}`] : [];
}

const doctor = 'evenkeel doctor';
const findHosts = 'evenkeel hosts discover';
const recordHosts = 'evenkeel host facts --all --record-baseline';
const askHosts = 'evenkeel hosts discover --check';

/** What no answer holds is not mended by asking again: one is told what it is about. */
const unanswered: ReadonlySet<UnknownEntry['reason']> = new Set<UnknownEntry['reason']>([
  'no-answer',
  'needs-agent',
]);

function wayToSee({ reason, facets, hosts }: UnknownEntry): string[] {
  if (facets.includes('hosts')) return [findHosts];
  if (unanswered.has(reason)) return [];
  if (hosts.length === 0) return [doctor];
  // The part was seen, and what it would be compared with was never recorded.
  return reason === 'not-collected' ? [recordHosts] : [askHosts];
}
