import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { nearest } from '../lib/nearest.ts';
import { yamlErrorText } from '../lib/yaml-errors.ts';
import type { Check } from '../model/check.ts';
import { type Config, configSchema } from './config.ts';
import { hostMistakes } from './hosts.ts';
import { keysAt } from './schema-keys.ts';

/** One mistake, where it stands, and what would be right. */
export interface ConfigMistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type LoadedConfig =
  | { readonly config: Config }
  | { readonly mistakes: readonly ConfigMistake[] };

/** Reads `evenkeel.yaml`. All mistakes are found at once, each with its line. */
export function parseConfig(text: string, file: string, checks: readonly Check[]): LoadedConfig {
  const lines = new LineCounter();
  const mistake = (offset: number, message: string): ConfigMistake => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const document = documentOf(text, lines);
  if (!document) return { mistakes: [mistake(0, 'it is too large, or nested too deeply')] };
  if (document.errors.length > 0) {
    return {
      mistakes: document.errors.map(({ pos, code }) =>
        mistake(pos[0], `not valid YAML: ${yamlErrorText(code)}`),
      ),
    };
  }
  const value = plainOf(document);
  if (value === undefined) {
    return { mistakes: [mistake(0, `not valid YAML: ${yamlErrorText('BAD_ALIAS')}`)] };
  }
  const at: Places = {
    value: (path) => offsetOf(document, path),
    key: (path) => offsetOfKey(document, path),
  };
  const parsed = configSchema.safeParse(withoutEmpty(value, []));
  if (!parsed.success) {
    return { mistakes: parsed.error.issues.flatMap((issue) => said(issue, at, mistake)) };
  }
  const mistakes = [
    ...checkMistakes(parsed.data, checks, at, mistake),
    ...hostMistakes(parsed.data.hosts ?? {}).map(({ path, at: where, message }) =>
      mistake(at[where](['hosts', ...path]), message),
    ),
  ];
  return mistakes.length > 0 ? { mistakes } : { config: parsed.data };
}

/** Far more than every option of every check takes. */
const mostCharacters = 1024 * 1024;

/** Undefined for what the parser must not be given, or does not survive. */
function documentOf(text: string, lines: LineCounter): Document | undefined {
  if (text.length > mostCharacters) return undefined;
  try {
    return parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** As plain data; undefined where aliases cannot be followed. An empty file is an empty mapping. */
function plainOf(document: Document): unknown {
  try {
    return (document.toJS({ maxAliasCount: 100 }) as unknown) ?? {};
  } catch {
    return undefined;
  }
}

interface Places {
  readonly value: (path: readonly PropertyKey[]) => number;
  readonly key: (path: readonly PropertyKey[]) => number;
}
type Mistake = (offset: number, message: string) => ConfigMistake;

/** Where the key at the end of the path stands: what is wrong with it is the key itself. */
function offsetOfKey(document: Document, path: readonly PropertyKey[]): number {
  const parent: unknown =
    path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const key = String(path.at(-1));
  for (const pair of isMap(parent) ? parent.items : []) {
    if (isScalar(pair.key) && String(pair.key.value) === key && pair.key.range) {
      return pair.key.range[0];
    }
  }
  return offsetOf(document, path);
}

/** Where the value at the path stands; where it has none, its nearest ancestor that does. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length) as unknown[], true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function said(issue: z.core.$ZodIssue, at: Places, mistake: Mistake): ConfigMistake[] {
  const { path } = issue;
  const where = path.join('.');
  if (issue.code === 'invalid_union') {
    const meant = meantBranch(issue.errors);
    if (meant) {
      return meant.flatMap((each) => said({ ...each, path: [...path, ...each.path] }, at, mistake));
    }
  }
  if (issue.code === 'invalid_key') {
    const why = issue.issues[0]?.message ?? issue.message;
    return [mistake(at.key(path), `${where}: ${why}`)];
  }
  if (issue.code !== 'unrecognized_keys') {
    return [mistake(at.value(path), `${where || 'the file'}: ${issue.message}`)];
  }
  return issue.keys.map((key) =>
    mistake(at.key([...path, key]), unknownKey(key, where, keysAt(configSchema, path) ?? [])),
  );
}

/** Of several forms the one that was begun: a mapping with a mistake is no mistaken text. */
function meantBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const another: readonly string[] = ['invalid_type', 'invalid_value'];
  return branches.find(
    (issues) => !issues.some(({ code, path }) => path.length === 0 && another.includes(code)),
  );
}

function unknownKey(key: string, where: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const hint = near ? `did you mean ${near}?` : `known here: ${known.join(', ')}`;
  return `${where ? `${where}: ` : ''}unknown key ${key}; ${hint}`;
}

/** A key with nothing behind it, such as a section whose lines are all comments, says nothing. */
function withoutEmpty(value: unknown, path: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const known = keysAt(configSchema, path);
  if (!known) return value;
  const entries = Object.entries(value as { readonly [key: string]: unknown })
    .filter(([key, each]) => each !== null || !known.includes(key))
    .map(([key, each]) => [key, withoutEmpty(each, [...path, key])]);
  return Object.fromEntries(entries) as unknown;
}

/** Names of checks, and the options that each of them takes. */
function checkMistakes(
  config: Config,
  checks: readonly Check[],
  at: Places,
  mistake: Mistake,
): ConfigMistake[] {
  const byId = new Map<string, Check>(checks.map((check) => [check.id, check]));
  const names = [...byId.keys(), ...new Set(checks.map((check) => check.layer))];
  const mistakes: ConfigMistake[] = [];
  for (const [n, name] of (config.checks?.skip ?? []).entries()) {
    if (names.includes(name)) continue;
    mistakes.push(mistake(at.value(['checks', 'skip', n]), unknownCheck(name, names)));
  }
  for (const [id, options] of Object.entries(config.checks?.options ?? {})) {
    const check = byId.get(id);
    const path = ['checks', 'options', id];
    if (!check) {
      mistakes.push(mistake(at.key(path), unknownCheck(id, [...byId.keys()], 'check')));
      continue;
    }
    mistakes.push(...optionMistakes(check, options, at, mistake));
  }
  return mistakes;
}

function optionMistakes(
  check: Check,
  options: unknown,
  at: Places,
  mistake: Mistake,
): ConfigMistake[] {
  const path = ['checks', 'options', check.id];
  const known = Object.keys(check.options.shape);
  const parsed = check.options.strict().safeParse(options);
  return (parsed.error?.issues ?? []).flatMap((issue) => {
    const place = [...path, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        mistake(at.key([...place, key]), unknownKey(key, check.id, known)),
      );
    }
    return [mistake(at.value(place), `${check.id}: ${issue.path.join('.')}: ${issue.message}`)];
  });
}

/** What to say of a name that is no check's. */
export function unknownCheck(
  name: string,
  known: readonly string[],
  what: 'check' | 'check or layer' = 'check or layer',
): string {
  const near = nearest(name, known);
  return `there is no ${what} ${name}${near ? `; did you mean ${near}?` : ''}`;
}
