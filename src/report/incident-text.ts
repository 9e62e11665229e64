import { formatPercent } from '../lib/format.ts';
import type { Entries } from './entries.ts';
import { evidenceWords, foldBlind, rivalWords } from './fold.ts';
import { incidentTrees, type TreeLimits } from './incident-tree.ts';
import { block, commandLine, type Look } from './look.ts';
import { onsetText, sinceText } from './moments.ts';
import type { IncidentEntry } from './schema.ts';
import { drawTree } from './tree.ts';
import { certaintyWords } from './words.ts';

export interface IncidentLimits extends TreeLimits {
  readonly evidence: number;
  readonly rivals: number;
  readonly blind: number;
  readonly contributing: number;
  readonly commands: number;
}

/** In a report: what fits on a screen. */
export const briefly: IncidentLimits = {
  nodes: 30,
  fold: 3,
  evidence: 4,
  rivals: 3,
  blind: 3,
  contributing: 3,
  commands: 6,
};

/** When asked about one incident: all of it, as far as a person would read. */
export const fully: IncidentLimits = {
  nodes: 400,
  fold: 40,
  evidence: 40,
  rivals: 40,
  blind: 40,
  contributing: 40,
  commands: 40,
};

export function incidentText(
  look: Look,
  incident: IncidentEntry,
  entries: Entries,
  now: number,
  limits: IncidentLimits = briefly,
): string[] {
  const { id, severity, certainty, onset } = incident;
  const { trees, omitted } = incidentTrees(look, incident, entries, limits);
  const head = `Incident ${id} · ${severity} · ${certaintyWords[certainty]}`;
  const more = `and ${omitted} more that follow: evenkeel explain ${id}`;
  const evidence = incident.evidence.map(
    (each) => evidenceWords(look, each) + sinceText(each.at, now),
  );
  const rivals = incident.rivals.map(
    (each) => `${formatPercent(each.weight * 100)}: ${rivalWords(each, entries)}`,
  );
  return [
    '',
    ...block(look, head, { tone: 'heading' }),
    ...block(look, onsetText(onset, now), { tone: 'dim' }),
    '',
    ...trees.flatMap((tree) => drawTree(look, tree)),
    ...(omitted > 0 ? block(look, more, { first: '  ', tone: 'dim' }) : []),
    ...part(look, 'Evidence', evidence, limits.evidence),
    ...part(
      look,
      'Made worse by',
      incident.contributing.map(entries.headline),
      limits.contributing,
    ),
    ...part(look, 'Also possible', rivals, limits.rivals),
    ...part(look, 'Not seen', foldBlind(look, incident, entries), limits.blind),
    ...decide(look, incident),
    ...next(look, incident, limits.commands),
  ];
}

function part(look: Look, title: string, items: readonly string[], limit: number): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, limit);
  const rest = items.length - shown.length;
  const first = `    ${look.glyphs.bullet}`;
  return [
    '',
    ...block(look, title, { first: '  ', tone: 'strong' }),
    ...shown.flatMap((item) => block(look, item, { first })),
    ...(rest > 0 ? block(look, `and ${rest} more`, { first: '      ', tone: 'dim' }) : []),
  ];
}

/** The one observation that would decide stands apart from everything else that may help. */
function decide(look: Look, { suspected }: IncidentEntry): string[] {
  if (!suspected?.decide) return [];
  return [
    '',
    ...block(look, 'This would decide', { first: '  ', tone: 'strong' }),
    commandLine(look, suspected.decide),
  ];
}

function next(look: Look, { next: all, suspected }: IncidentEntry, limit: number): string[] {
  const steps = all.filter((command) => command !== suspected?.decide).slice(0, limit);
  if (steps.length === 0) return [];
  return [
    '',
    ...block(look, 'Do next', { first: '  ', tone: 'strong' }),
    ...steps.map((command) => commandLine(look, command)),
  ];
}
