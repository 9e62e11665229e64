import { plainText } from '../../plain-text.ts';
import { type KubeconfigFile, readText, relativeTo } from './file.ts';
import { KubeconfigProblem, type Place } from './problem.ts';

export type EntryKind = 'cluster' | 'user' | 'context';
type Path = readonly (string | number)[];

/** A mapping inside a kubeconfig, read field by field; every problem knows its place. */
export class Entry {
  readonly kind: EntryKind;
  readonly name: string;
  readonly #file: KubeconfigFile;
  readonly #path: Path;
  readonly #body: Record<string, unknown>;

  constructor(kind: EntryKind, name: string, file: KubeconfigFile, path: Path, body: unknown) {
    this.kind = kind;
    this.name = name;
    this.#file = file;
    this.#path = path;
    if (body !== undefined && body !== null && !isMapping(body)) {
      throw this.problem(undefined, 'must be a mapping');
    }
    this.#body = body ?? {};
  }

  get file(): string {
    return this.#file.file;
  }

  place(key?: string): Place {
    return this.#file.place(key === undefined ? this.#path : [...this.#path, key]);
  }

  problem(key: string | undefined, what: string, next?: string): KubeconfigProblem {
    const field = key === undefined ? '' : `, ${key}`;
    const subject = `${this.kind} '${plainText(this.name, 80)}'${field}`;
    const help =
      next ?? "Compare it with 'kubectl config view', which prints the fields and hides secrets.";
    return new KubeconfigProblem(this.place(key), `${subject}: ${what}`, help);
  }

  has(key: string): boolean {
    const value = this.#body[key];
    return value !== undefined && value !== null && value !== '';
  }

  /** Undefined when absent, null or empty, as kubectl takes it. */
  text(key: string): string | undefined {
    if (!this.has(key)) return undefined;
    const value = this.#body[key];
    if (typeof value !== 'string') throw this.problem(key, `must be text, not ${nameOf(value)}`);
    return value;
  }

  flag(key: string): boolean {
    if (!this.has(key)) return false;
    const value = this.#body[key];
    if (typeof value === 'boolean') return value;
    throw this.problem(key, `must be true or false, not ${nameOf(value)}`);
  }

  list(key: string): readonly unknown[] {
    if (!this.has(key)) return [];
    const value = this.#body[key];
    if (Array.isArray(value)) return value as readonly unknown[];
    throw this.problem(key, `must be a list, not ${nameOf(value)}`);
  }

  inner(key: string): Entry | undefined {
    if (!this.has(key)) return undefined;
    return new Entry(this.kind, this.name, this.#file, [...this.#path, key], this.#body[key]);
  }

  /** A value as it stands, for what is handed on without being read. */
  raw(key: string): unknown {
    return this.#body[key];
  }

  path(key: string): string | undefined {
    const written = this.text(key);
    return written === undefined ? undefined : relativeTo(this.file, written);
  }

  /** `<key>-data` (base64), or what the file named by `<key>` holds; data win, as in kubectl. */
  async blob(key: string): Promise<string | undefined> {
    const data = this.text(`${key}-data`);
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
    const path = this.path(key);
    if (path === undefined) return undefined;
    return readText(path, this.place(key));
  }

  /** The key that `blob` takes its value from, for a message. */
  blobKey(key: string): string {
    return this.has(`${key}-data`) ? `${key}-data` : key;
  }
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}
