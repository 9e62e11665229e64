import { LineCounter, parseDocument } from 'yaml';
import { yamlErrorText } from '../../../lib/yaml-errors.ts';

/** What a file of k3s sets, option by option; a trailing `+` of its key appends. */
export interface K3sFile {
  readonly path: string;
  readonly entries: readonly (readonly [key: string, values: readonly string[]])[];
  /** Why k3s cannot read it, with line and column; nothing of the file's own text. */
  readonly problem?: string;
}

/** Beyond any configuration that a person wrote. */
const mostCharacters = 256 * 1024;

/** k3s takes the first document only, and lets a key stand twice: neither is a problem to it. */
const harmless = ['MULTIPLE_DOCS', 'DUPLICATE_KEY'];

export function parseK3sFile(path: string, text: string): K3sFile {
  if (text.length > mostCharacters) return { path, entries: [], problem: 'it is too large' };
  const parsed = documentOf(text);
  if (parsed.problem !== undefined) return { path, entries: [], problem: parsed.problem };
  const { value } = parsed;
  if (value === null || value === undefined) return { path, entries: [] };
  if (typeof value !== 'object' || Array.isArray(value)) {
    return { path, entries: [], problem: 'line 1, column 1: it is no mapping of options' };
  }
  const entries = Object.entries(value).map(([key, each]) => [key, textsOf(each)] as const);
  return { path, entries };
}

function documentOf(text: string): { readonly value?: unknown; readonly problem?: string } {
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      logLevel: 'error',
      uniqueKeys: false,
    });
    const error = document.errors.find(({ code }) => !harmless.includes(code));
    if (error) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      return { problem: `line ${line}, column ${col}: ${yamlErrorText(error.code)}` };
    }
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (error) {
    // Nested beyond what the parser survives, or aliases that lead nowhere.
    if (error instanceof RangeError || error instanceof ReferenceError) {
      return { problem: 'line 1, column 1: it is nested too deeply, or an alias leads nowhere' };
    }
    throw error;
  }
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return ['string', 'number', 'boolean'].includes(typeof value) ? [String(value)] : [];
}

/** All files together, in the order in which k3s reads them: the last one wins, `key+` appends. */
export function mergeK3sFiles(files: readonly K3sFile[]): ReadonlyMap<string, readonly string[]> {
  const merged = new Map<string, readonly string[]>();
  for (const { entries } of files) {
    for (const [written, values] of entries) {
      const key = written.replace(/\+$/, '');
      const before = written === key ? [] : (merged.get(key) ?? []);
      merged.set(key, [...before, ...values]);
    }
  }
  return merged;
}

/** `K3S_URL=https://…` lines of an environment file; quotes are taken off. */
export function parseEnvironment(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*?)\s*$/.exec(line) ?? [];
      if (name === undefined || value === undefined) return [];
      return [[name, value.replace(/^(["'])(.*)\1$/, '$2')] as const];
    }),
  );
}
