import { HostFailure } from '../../access/host/failure.ts';
import type { HostAnswer, HostLook, HostReader, HostRequest } from '../../access/host/port.ts';
import type { Clock, Millis } from '../../lib/clock.ts';
import { unknownReasonOf, type WayFailure } from '../../model/objects/host/reach.ts';
import { type Answers, answersOf, keyOf, Unseen } from './answers.ts';

export interface Limits {
  readonly clock: Clock;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Of all looks together. */
  readonly timeoutMs: Millis;
}

/** A reader is expected to keep its deadline, and to say why it did not answer: it gets a moment for that. */
const graceMs: Millis = 1000;

/** Looks at one host, one after the other, within one deadline. */
export class Conversation {
  readonly #reader: HostReader;
  readonly #limits: Limits;
  readonly #startedAt: Millis;
  readonly #found = new Map<string, HostAnswer | Unseen>();

  constructor(reader: HostReader, limits: Limits) {
    this.#reader = reader;
    this.#limits = limits;
    this.#startedAt = limits.clock.monotonic();
  }

  get tookMs(): Millis {
    return Math.round(this.#limits.clock.monotonic() - this.#startedAt);
  }

  /** Everything that was answered up to now. */
  answers(): Answers {
    return answersOf(this.#found);
  }

  /** Asks what was not asked yet, each once. Undefined when that is nothing. Rejects when nobody answers. */
  async ask(requests: readonly HostRequest[]): Promise<HostLook | undefined> {
    const fresh = new Map(requests.map((request) => [keyOf(request), request]));
    for (const key of this.#found.keys()) fresh.delete(key);
    if (fresh.size === 0) return undefined;
    const look = await this.#look([...fresh.values()]);
    [...fresh.keys()].forEach((key, at) => {
      const answer = look.answers[at];
      this.#found.set(key, answer ?? new Unseen('malformed', 'the host left a question out'));
    });
    return look;
  }

  /** As `ask`; where nobody answers, whatever was asked is unseen for that reason. */
  async askOn(requests: readonly HostRequest[]): Promise<void> {
    try {
      await this.ask(requests);
    } catch (error) {
      const { reason, detail } = unseenBecause(error);
      for (const request of requests) {
        const key = keyOf(request);
        if (!this.#found.has(key))
          this.#found.set(key, new Unseen(unknownReasonOf(reason), detail));
      }
    }
  }

  async #look(requests: readonly HostRequest[]): Promise<HostLook> {
    const { clock, signal, timeoutMs } = this.#limits;
    const left = timeoutMs - this.tookMs;
    if (left <= 0) throw new Late();
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const late = clock.sleep(left + graceMs, either).then(() => Promise.reject(new Late()));
    late.catch(() => undefined);
    const stopped = new Promise<never>((_, reject) => {
      const stop = (): void => reject(new Late(true));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true, signal: over.signal });
    });
    try {
      const look = this.#reader.look(requests, { signal: either, timeoutMs: left });
      return await Promise.race([look, late, stopped]);
    } finally {
      over.abort();
    }
  }
}

/** The reader did not even say why it does not answer. */
class Late extends Error {
  override readonly name = 'Late';
  readonly isStopped: boolean;

  constructor(isStopped = false) {
    super(isStopped ? 'the look was stopped' : 'no answer before the deadline');
    this.isStopped = isStopped;
  }
}

/** What a look that failed says: a `HostFailure` in its own words, anything else as what it is. */
export function unseenBecause(error: unknown): {
  readonly reason: WayFailure;
  readonly detail: string;
} {
  if (error instanceof HostFailure) return { reason: error.kind, detail: error.message };
  if (error instanceof Late) {
    return { reason: error.isStopped ? 'cancelled' : 'timed-out', detail: error.message };
  }
  const said = error instanceof Error ? error.message : String(error);
  return { reason: 'malformed', detail: `looking at it failed: ${said}` };
}
