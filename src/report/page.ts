import { pages as generatedPages } from '../checks/pages.gen.ts';
import {
  formatBytes,
  formatDuration,
  formatMoment,
  formatPercent,
  isoTime,
  shortList,
} from '../lib/format.ts';
import { safeText } from '../lib/terminal-text.ts';
import type { Fact, Facts, Finding } from '../model/finding.ts';
import { objectName } from './names.ts';
import { fillCommand } from './shell.ts';

/** One heading of a check's page and the Markdown under it. */
export interface Section {
  readonly heading: string;
  readonly body: string;
}

/** `> [why=x,phase=y] text with {facts}`: the first whose conditions all hold is the headline. */
interface Template {
  readonly conditions: readonly { readonly fact: string; readonly value: string | undefined }[];
  readonly text: string;
}

/** A check's page, taken apart. */
export interface Page {
  readonly title: string;
  readonly headlines: readonly Template[];
  readonly sections: readonly Section[];
  /** Templates of the commands under "Do it yourself". */
  readonly commands: readonly string[];
}

export type Pages = { readonly [id: string]: string };

/** The longest that one value may be within a headline. */
const valueLimit = 240;

export function parsePage(markdown: string): Page {
  const [preamble = '', ...parts] = markdown.split(/^## /m);
  const sections = parts.map((part) => {
    const [heading = '', ...body] = part.split('\n');
    return { heading: heading.trim(), body: body.join('\n').trim() };
  });
  const yourself = sections.find((each) => each.heading === 'Do it yourself');
  return {
    title: /^# (.+)$/m.exec(preamble)?.[1]?.trim() ?? '',
    headlines: [...preamble.matchAll(/^> ?(.+)$/gm)].map(([, line = '']) => templateOf(line)),
    sections,
    commands: commandLines(yourself?.body ?? ''),
  };
}

function templateOf(line: string): Template {
  const [, list, text = ''] = /^(?:\[([^\]]*)\]\s*)?(.*)$/.exec(line) ?? [];
  const conditions = (list ?? '')
    .split(',')
    .filter((each) => each.trim() !== '')
    .map((each) => {
      const at = each.indexOf('=');
      if (at < 0) return { fact: each.trim(), value: undefined };
      return { fact: each.slice(0, at).trim(), value: each.slice(at + 1).trim() };
    });
  return { conditions, text: text.trim() };
}

function commandLines(body: string): string[] {
  return [...body.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const parsed = new Map<string, Page>();

/** The page of a check; undefined when it has none. */
export function pageOf(check: string, pages: Pages = generatedPages): Page | undefined {
  const markdown = Object.hasOwn(pages, check) ? pages[check] : undefined;
  if (markdown === undefined) return undefined;
  const known = parsed.get(markdown) ?? parsePage(markdown);
  parsed.set(markdown, known);
  return known;
}

/** The page's title, or the check's name in plain words. */
export function titleOf(check: string, pages: Pages = generatedPages): string {
  const title = pageOf(check, pages)?.title;
  if (title) return title;
  const words = check.slice(check.indexOf('/') + 1).replaceAll('-', ' ');
  return safeText(words.charAt(0).toUpperCase() + words.slice(1));
}

/** `media/grafana-0`, `k3s3`, `k3s3: eth0` */
export function subjectName({ subject }: Pick<Finding, 'subject'>): string {
  return subject ? objectName(subject) : 'the cluster';
}

/** What the finding says, as one line of safe text. */
export function headline(finding: Finding, pages: Pages = generatedPages): string {
  const title = titleOf(finding.check, pages);
  const name = safeText(subjectName(finding), valueLimit);
  if (finding.verdict === 'unknown') {
    const who = finding.subject ? `${name} could not be judged` : 'could not look';
    return tidy(`${title}: ${who}: ${safeText(finding.detail, valueLimit)}`);
  }
  const facts: Facts = { verdict: finding.verdict, ...subjectFacts(finding), ...finding.facts };
  // In a list of many, `grafana-0` says less than `monitoring/grafana-0`.
  const full = facts['name'] === finding.subject.name ? { ...facts, name } : facts;
  for (const { conditions, text } of pageOf(finding.check, pages)?.headlines ?? []) {
    // What is over must not be told in the present tense, unless the page says how.
    const forPast = conditions.some((each) => each.fact === 'verdict');
    if (finding.verdict === 'past' && !forPast) continue;
    if (!conditions.every(({ fact, value }) => holds(facts, fact, value))) continue;
    const filled = fillText(text, text.includes('{namespace}') ? facts : full);
    if (filled !== undefined) return filled;
  }
  if (finding.verdict === 'fail') return `${title}: ${name}`;
  return `${title}: ${name}, over since ${formatMoment(finding.endedAt)}`;
}

/**
 * The page's commands for this finding; one whose facts are not known is left out. A line that says
 * where to run what follows ("# On each server:") stays as it is, while something follows.
 */
export function commands(finding: Finding, pages: Pages = generatedPages): readonly string[] {
  const own = finding.verdict === 'unknown' ? {} : finding.facts;
  const facts: Facts = { ...subjectFacts(finding), ...own };
  const filled = (pageOf(finding.check, pages)?.commands ?? []).flatMap((template) => {
    if (template.startsWith('#')) return [template];
    const command = fillCommand(template, (name) => commandValue(name, facts));
    return command === undefined ? [] : [command];
  });
  return firstCommands(filled, filled.length);
}

/** At most so many lines, none of which announces commands that do not come. */
export function firstCommands(lines: readonly string[], limit: number): string[] {
  const first = lines.slice(0, limit);
  return first.filter((line, at) => {
    const next = first[at + 1];
    return !line.startsWith('#') || (next !== undefined && !next.startsWith('#'));
  });
}

/** How many of one kind, for lines that fold them: the page's `[many]` line, or its title. */
export function manyOf(check: string, count: number, pages: Pages = generatedPages): string {
  const template = pageOf(check, pages)?.headlines.find(({ conditions }) =>
    conditions.some(({ fact, value }) => fact === 'many' && value === undefined),
  );
  if (template) return template.text.replaceAll('{count}', String(count)).replace(/\.$/, '');
  const title = titleOf(check, pages);
  // An abbreviation stays what it is: "PVC pending", "DNS fails".
  const lower = /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
  return `${count} × ${lower}`;
}

function subjectFacts({ subject }: Finding): Facts {
  if (!subject) return {};
  const { kind, name, namespace } = subject;
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function known(facts: Facts, name: string): Fact | undefined {
  return Object.hasOwn(facts, name) ? facts[name] : undefined;
}

function holds(facts: Facts, fact: string, value: string | undefined): boolean {
  const actual = known(facts, fact);
  if (value === undefined) return actual !== undefined && actual !== false && actual !== '';
  if (Array.isArray(actual)) return actual.includes(value);
  return actual !== undefined && String(actual) === value;
}

function fillText(template: string, facts: Facts): string | undefined {
  let complete = true;
  const text = template.replaceAll(/\{([A-Za-z]\w*)\}/g, (_, name: string) => {
    const value = known(facts, name);
    if (value === undefined) complete = false;
    return value === undefined ? '' : factText(name, value);
  });
  return complete ? tidy(text) : undefined;
}

/** A value that is empty, a sentence of its own or has its unit must not leave a stray sign behind. */
function tidy(text: string): string {
  return text
    .trim()
    .replaceAll('% %', '%')
    .replace(/\s*[:,;]\s*\.?$/, '.')
    .replace(/([.!?…])\.$/, '$1');
}

const formats: readonly (readonly [RegExp, (value: number) => string])[] = [
  [/Ms$/, formatDuration],
  [/At$/, formatMoment],
  [/Bytes$/, formatBytes],
  [/Percent$/, formatPercent],
];

/** A fact in words; the end of its name says its unit. */
export function factText(name: string, value: Fact): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return safeText(value, valueLimit);
  if (typeof value !== 'number') return shortList(value.map((each) => safeText(each, valueLimit)));
  const format = formats.find(([unit]) => unit.test(name))?.[1];
  return format ? format(value) : String(value);
}

function commandValue(name: string, facts: Facts): string | readonly string[] | undefined {
  const value = known(facts, name);
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'object') return value;
  if (typeof value === 'number' && /At$/.test(name)) return isoTime(value);
  return String(value);
}
