import { nearest } from '../../../lib/nearest.ts';
import { plainText } from '../../plain-text.ts';
import { Entry, type EntryKind, isMapping } from './entry.ts';
import type { KubeconfigFile } from './file.ts';
import { KubeconfigProblem } from './problem.ts';

const listOf: Record<EntryKind, string> = {
  cluster: 'clusters',
  user: 'users',
  context: 'contexts',
};

/**
 * Several files as one, as kubectl sees them: first wins, per name and for `current-context`.
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
export class MergedKubeconfig {
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly #entries: Record<EntryKind, Map<string, Entry>>;

  constructor(files: readonly KubeconfigFile[]) {
    this.files = files.map(({ file }) => file);
    this.currentContext = currentContext(files);
    this.#entries = {
      cluster: collect(files, 'cluster'),
      user: collect(files, 'user'),
      context: collect(files, 'context'),
    };
  }

  get isEmpty(): boolean {
    return Object.values(this.#entries).every((entries) => entries.size === 0);
  }

  names(kind: EntryKind): string[] {
    return [...this.#entries[kind].keys()];
  }

  /** Throws a `KubeconfigProblem` that lists what is there; `namedBy` is the entry that asks for it. */
  find(kind: EntryKind, name: string, namedBy?: Entry): Entry {
    const entry = this.#entries[kind].get(name);
    if (entry !== undefined) return entry;
    const names = this.names(kind);
    const near = nearest(name, names);
    const there = names.length === 0 ? 'there are none' : `there are: ${shownNames(names)}`;
    const guess = near === undefined ? '' : `; did you mean '${plainText(near, 80)}'?`;
    const what = `${kind} '${plainText(name, 80)}' not found; ${there}${guess}`;
    const next = `List them with 'kubectl config get-${listOf[kind]}'.`;
    if (namedBy !== undefined) throw namedBy.problem(kind, what, next);
    throw new KubeconfigProblem(undefined, `${this.files.join(', ')}: ${what}`, next);
  }
}

/** Names for a message: the first twenty, without control characters. */
export function shownNames(names: readonly string[]): string {
  const listed = names.slice(0, 20).map((name) => plainText(name, 80));
  return `${listed.join(', ')}${names.length > listed.length ? ', …' : ''}`;
}

function currentContext(files: readonly KubeconfigFile[]): string | undefined {
  for (const { root, place } of files) {
    const value = root['current-context'];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value === 'string') return value;
    const next = "Set it with 'kubectl config use-context NAME'.";
    throw new KubeconfigProblem(place(['current-context']), 'current-context must be text', next);
  }
  return undefined;
}

function collect(files: readonly KubeconfigFile[], kind: EntryKind): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const key = listOf[kind];
  for (const file of files) {
    const list = file.root[key] ?? [];
    if (!Array.isArray(list)) throw misshapen(file, [key], `${key} must be a list`);
    for (const [index, item] of (list as unknown[]).entries()) {
      if (!isMapping(item) || typeof item['name'] !== 'string') {
        throw misshapen(file, [key, index], `each of ${key} must be a mapping with a name`);
      }
      if (entries.has(item['name'])) continue;
      const entry = new Entry(kind, item['name'], file, [key, index, kind], item[kind]);
      entries.set(item['name'], entry);
    }
  }
  return entries;
}

function misshapen(
  file: KubeconfigFile,
  path: readonly (string | number)[],
  what: string,
): KubeconfigProblem {
  const next = "Compare it with 'kubectl config view' on a machine where it works.";
  return new KubeconfigProblem(file.place(path), what, next);
}
