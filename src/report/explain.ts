import { type Entries, entriesOf } from './entries.ts';
import { evidenceWords } from './fold.ts';
import { fully, incidentText } from './incident-text.ts';
import {
  block,
  commandLine,
  heading,
  type Look,
  labelled,
  lookOf,
  type TextOptions,
} from './look.ts';
import { hourOf, onsetText, sinceText } from './moments.ts';
import { factText, type Pages, pageOf, type Section } from './page.ts';
import type { AuditDocument, FindingEntry } from './schema.ts';
import { reasonWords } from './words.ts';

/** One incident, all of it; undefined when the document has none of that id. */
export function explainIncident(
  document: AuditDocument,
  id: string,
  options: TextOptions,
  pages?: Pages,
): string | undefined {
  const incident = document.incidents.find((each) => each.id === id);
  if (!incident) return undefined;
  const look = lookOf(options);
  const entries = entriesOf(document, pages);
  return joined(incidentText(look, incident, entries, hourOf(document), fully));
}

/** One finding: what it says, what it rests on, what it follows from and what follows from it. */
export function explainFinding(
  document: AuditDocument,
  id: string,
  options: TextOptions,
  pages?: Pages,
): string | undefined {
  const finding = document.findings.find((each) => each.id === id);
  if (!finding) return undefined;
  const look = lookOf(options);
  return joined([
    ...block(look, `Finding ${id} · ${finding.check} · ${statusOf(finding)}`, { tone: 'heading' }),
    ...block(look, finding.headline, { tone: 'strong' }),
    ...(finding.onset
      ? block(look, onsetText(finding.onset, hourOf(document)), { tone: 'dim' })
      : []),
    ...whyUnknown(look, finding),
    ...factsOf(look, finding, hourOf(document)),
    ...placeOf(look, document, finding, entriesOf(document, pages)),
    ...commandsOf(look, finding.commands),
  ]);
}

/** A check's page for the terminal; undefined when there is no such check. */
export function explainCheck(id: string, options: TextOptions, pages?: Pages): string | undefined {
  const page = pageOf(id, pages);
  if (!page) return undefined;
  const look = lookOf(options);
  return joined([
    ...block(look, `${page.title} (${id})`, { tone: 'heading' }),
    ...page.sections.flatMap((section) => sectionText(look, section)),
  ]);
}

function joined(lines: readonly string[]): string {
  return `${lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()}\n`;
}

function statusOf({ verdict, severity, kind, change }: FindingEntry): string {
  const what = verdict === 'fail' ? `${severity} ${kind}` : verdict === 'past' ? 'over' : 'unknown';
  return change === null ? what : `${what}, ${change}`;
}

function whyUnknown(look: Look, { reason, detail, severity }: FindingEntry): string[] {
  if (reason === null) return [];
  const hides = `It may hide something ${severity ?? 'of note'}.`;
  return [
    '',
    ...block(look, `${reasonWords[reason]}: ${detail ?? ''}. ${hides}`, { tone: 'doubt' }),
  ];
}

function factsOf(look: Look, { facts, evidence }: FindingEntry, now: number): string[] {
  const first = `  ${look.glyphs.bullet}`;
  const names = Object.keys(facts);
  const column = Math.min(22, Math.max(0, ...names.map((name) => name.length)) + 2);
  return [
    ...(names.length > 0 ? heading(look, 'Facts') : []),
    ...Object.entries(facts).flatMap(([name, value]) => {
      const text = factText(name, value);
      // A name longer than its column would push the text out of it.
      if (name.length >= column) return block(look, `${name}: ${text}`, { first: '  ' });
      return labelled(look, name, text, { column });
    }),
    ...(evidence.length > 0 ? heading(look, 'Evidence') : []),
    ...evidence.flatMap((each) =>
      block(look, evidenceWords(look, each) + sinceText(each.at, now), { first }),
    ),
  ];
}

/** Where the finding stands in its incident, one step up and one step down. */
function placeOf(
  look: Look,
  document: AuditDocument,
  { id, incident: of }: FindingEntry,
  entries: Entries,
): string[] {
  const incident = document.incidents.find((each) => each.id === of);
  if (!incident) return [];
  const cause = incident.chain.find((link) => link.finding === id);
  const effects = incident.chain.filter((link) => link.cause === id).slice(0, 40);
  const first = `  ${look.glyphs.bullet}`;
  const name = (each: string): string => `${entries.headline(each)} [${each}]`;
  const follows = cause ? name(cause.cause) : 'nothing that could be seen: it is the root';
  return [
    ...heading(look, `In incident ${incident.id}`),
    ...block(look, `It follows from: ${follows}`, { first }),
    ...effects.flatMap((link) => block(look, `From it follows: ${name(link.finding)}`, { first })),
  ];
}

function commandsOf(look: Look, commands: readonly string[]): string[] {
  if (commands.length === 0) return [];
  return [...heading(look, 'Do it yourself'), ...commands.map((each) => commandLine(look, each))];
}

/** One sentence a line in the page; paragraphs and lists on the terminal, code as it is. */
function sectionText(look: Look, { heading: title, body }: Section): string[] {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let inCode = false;
  const flush = (): void => {
    if (paragraph.length > 0) lines.push(...block(look, paragraph.join(' '), { first: '  ' }));
    paragraph = [];
  };
  for (const line of body.split('\n')) {
    const item = /^[-*] (.*)$/.exec(line);
    if (line.startsWith('```')) {
      flush();
      inCode = !inCode;
    } else if (inCode) lines.push(commandLine(look, line));
    else if (line.trim() === '') {
      flush();
      lines.push('');
    } else if (item) {
      flush();
      lines.push(...block(look, item[1] ?? '', { first: `  ${look.glyphs.bullet}` }));
    } else paragraph.push(line.trim());
  }
  flush();
  return [...heading(look, title), ...lines];
}
