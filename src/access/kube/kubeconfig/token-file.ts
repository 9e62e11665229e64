import { readFile } from 'node:fs/promises';
import type { Clock, Millis } from '../../../lib/clock.ts';
import { Redacted } from '../../redacted.ts';

/** The kubelet replaces a token well before it expires; client-go reads it again as often. */
const freshForMs: Millis = 60_000;

/** A bearer token in a file that someone else keeps fresh. */
export class TokenFile {
  readonly path: string;
  readonly #clock: Clock;
  #last: { token: Redacted; readAt: Millis } | undefined;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.#clock = clock;
  }

  /** The last good token, also while the file cannot be read; undefined if there never was one. */
  async read(): Promise<Redacted | undefined> {
    const now = this.#clock.monotonic();
    if (this.#last !== undefined && now - this.#last.readAt < freshForMs) return this.#last.token;
    const text = await readFile(this.path, 'utf8').catch(() => '');
    const token = text.trim();
    if (token !== '') this.#last = { token: new Redacted(token), readAt: now };
    return this.#last?.token;
  }

  /** Read it again the next time it is asked for. */
  forget(): void {
    if (this.#last !== undefined) this.#last.readAt = Number.NEGATIVE_INFINITY;
  }
}
