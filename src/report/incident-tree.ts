import { formatPercent, shortList } from '../lib/format.ts';
import { byText, groupBy } from '../lib/order.ts';
import type { Entries } from './entries.ts';
import { type Look, shortName, type Tone } from './look.ts';
import type { FindingEntry, IncidentEntry } from './schema.ts';
import type { TreeNode } from './tree.ts';

type Link = IncidentEntry['chain'][number];

export interface TreeLimits {
  /** Most lines of the chain that are drawn. */
  readonly nodes: number;
  /** So many siblings of one check are one line. */
  readonly fold: number;
}

interface Growth {
  readonly look: Look;
  readonly entries: Entries;
  readonly children: ReadonlyMap<string, readonly Link[]>;
  readonly limits: TreeLimits;
  readonly seen: Set<string>;
  left: number;
}

const deepest = 40;

/** An incident's roots with what follows from them. */
export function incidentTrees(
  look: Look,
  incident: IncidentEntry,
  entries: Entries,
  limits: TreeLimits,
): { readonly trees: readonly TreeNode[]; readonly omitted: number } {
  const growth: Growth = {
    look,
    entries,
    children: childrenOf(incident),
    limits,
    seen: new Set(incident.roots),
    left: limits.nodes,
  };
  const trees = incident.roots.slice(0, limits.nodes).map((root, at) => ({
    lines: [
      { text: rootText(entries, root), tone: toneOf(entries.get(root)) },
      ...(at === 0 ? suspectedLines(incident) : []),
    ],
    children: branches(growth, [root], 1),
  }));
  const links = incident.chain.filter((link) => !incident.roots.includes(link.finding));
  const all = new Set([...incident.roots, ...links.map((link) => link.finding)]).size;
  return { trees, omitted: all - growth.seen.size };
}

/** A link whose cause is not part of the incident hangs from its first root. */
function childrenOf({ roots, chain }: IncidentEntry): Map<string, Link[]> {
  const members = new Set([...roots, ...chain.map((link) => link.finding)]);
  return groupBy(chain, ({ cause }) => (members.has(cause) ? cause : roots[0]));
}

function rootText(entries: Entries, id: string): string {
  const change = entries.get(id)?.change;
  const tag = change === 'new' || change === 'regressed' ? ` [${change}]` : '';
  return entries.headline(id) + tag;
}

function suspectedLines({ suspected, roots, certainty }: IncidentEntry): TreeNode['lines'] {
  const lines: { text: string; tone: Tone }[] = [];
  if (suspected) {
    const shared = suspected.shared && suspected.what !== '';
    const what = shared
      ? `one thing that all ${roots.length} share (${suspected.what})`
      : shortList(suspected.candidates, 8);
    if (what !== '')
      lines.push({ text: `? below it, not visible from here: ${what}`, tone: 'doubt' });
    const { well } = suspected;
    if (well.length > 0) {
      lines.push({ text: `looked at and well: ${shortList(well, 8)}`, tone: 'dim' });
    }
  }
  if (certainty === 'inconclusive') {
    lines.push({ text: '? most likely, but not decided: see the rivals', tone: 'doubt' });
  }
  return lines;
}

function branches(growth: Growth, causes: readonly string[], depth: number): TreeNode[] {
  if (depth > deepest) return [];
  const links = causes
    .flatMap((cause) => growth.children.get(cause) ?? [])
    .filter(({ finding }) => !growth.seen.has(finding));
  const groups = groupBy(links, (link) => growth.entries.get(link.finding)?.check ?? link.finding);
  // Every sibling is named before any of them grows: breadth tells more than depth.
  const grown = [...groups.values()].flatMap((group) => {
    const folded = group.length >= growth.limits.fold ? [group] : group.map((link) => [link]);
    return folded.flatMap((each) => claim(growth, each));
  });
  return grown.map((group) => ({
    lines: [lineOf(growth, group)],
    children: branches(
      growth,
      group.map((link) => link.finding),
      depth + 1,
    ),
  }));
}

function claim(growth: Growth, group: readonly Link[]): (readonly Link[])[] {
  const fresh = group.filter(({ finding }) => !growth.seen.has(finding));
  if (fresh.length === 0 || growth.left <= 0) return [];
  growth.left -= 1;
  for (const { finding } of fresh) growth.seen.add(finding);
  return [fresh];
}

function lineOf({ look, entries }: Growth, group: readonly Link[]): TreeNode['lines'][number] {
  const [first] = group;
  if (!first) return { text: '', tone: 'plain' };
  const entry = entries.get(first.finding);
  if (group.length === 1) {
    const likely = first.weight < 0.75 ? ` (${formatPercent(first.weight * 100)} likely)` : '';
    const since = entry?.verdict === 'past' ? ' (recovered)' : '';
    return { text: entries.headline(first.finding) + since + likely, tone: 'plain' };
  }
  const full = group.map(({ finding }) => entries.name(finding)).sort(byText);
  const names = full.map((name) => shortName(look, name));
  const weakest = Math.min(...group.map((link) => link.weight));
  const likely = weakest < 0.75 ? ` (at least ${formatPercent(weakest * 100)} likely)` : '';
  const many = entries.many(entry?.check ?? '', group.length);
  return { text: `${many}: ${shortList(names)}${likely}`, tone: 'plain' };
}

function toneOf(entry: FindingEntry | undefined): Tone {
  return entry?.severity ?? 'plain';
}
