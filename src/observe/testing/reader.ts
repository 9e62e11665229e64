import { KubeFailure, type KubeFailureKind } from '../../access/kube/failure.ts';
import type { KubeReader } from '../../access/kube/port.ts';
import { type Clock, systemClock } from '../../lib/clock.ts';
import type { CollectContext } from '../collector.ts';

/** What a path answers: pages of a list, an object, a text, or a failure. */
export type Answer =
  | { readonly pages: readonly (readonly unknown[])[] }
  | { readonly body: unknown }
  | KubeFailure;

/** A reader of made-up answers; whatever has none is not found. Notes what it was asked. */
export class TestReader implements KubeReader {
  readonly server = 'https://cluster';
  readonly asked: string[] = [];
  readonly #answer: (path: string, query: Record<string, string>) => Answer | undefined;

  constructor(answer: (path: string, query: Record<string, string>) => Answer | undefined) {
    this.#answer = answer;
  }

  async *pages({
    path,
    query = {},
  }: Parameters<KubeReader['pages']>[0]): AsyncGenerator<readonly unknown[]> {
    const answer = this.#of(path, query);
    if ('pages' in answer) yield* answer.pages;
  }

  async get(path: string): Promise<unknown> {
    const answer = this.#of(path, {});
    return 'body' in answer ? answer.body : undefined;
  }

  async text(path: string, { query = {} }: Parameters<KubeReader['text']>[1]): Promise<string> {
    const answer = this.#of(path, query);
    return 'body' in answer ? String(answer.body) : '';
  }

  async review(path: string, body: unknown): Promise<unknown> {
    const answer = this.#of(`${path} ${JSON.stringify(body)}`, {});
    return 'body' in answer ? answer.body : undefined;
  }

  serverDate(): undefined {
    return undefined;
  }

  stats(): { requests: number; bytes: number } {
    return { requests: this.asked.length, bytes: 0 };
  }

  close(): void {
    // Nothing is open.
  }

  #of(path: string, query: Record<string, string>): Exclude<Answer, KubeFailure> {
    this.asked.push(path);
    const answer = this.#answer(path, query) ?? failure('not-found', path);
    if (answer instanceof KubeFailure) throw answer;
    return answer;
  }
}

export function failure(kind: KubeFailureKind, path = '/'): KubeFailure {
  return new KubeFailure(kind, { server: 'https://cluster', path });
}

/** A context in which nothing else is collected; a test gives what it needs. */
export function contextOf(
  reader: KubeReader,
  given: Partial<CollectContext> & { readonly clock?: Clock } = {},
): CollectContext {
  return {
    reader,
    clock: systemClock,
    signal: new AbortController().signal,
    fallbackNamespaces: async () => ['default'],
    facet: () => Promise.reject(new Error('no other facet in this test')),
    settled: Promise.resolve(),
    ...given,
  };
}
