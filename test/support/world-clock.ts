import { type Clock, type Millis, systemClock } from '../../src/lib/clock.ts';
import { noon } from './snapshot.ts';

/**
 * The time of an emulated world: by the wall clock it is always noon, waiting takes none, and as
 * much passes as the world says its answers took. So a case about minutes runs in milliseconds,
 * and two runs of it are the same.
 */
export class WorldClock implements Clock {
  #passedMs = 0;
  readonly #deadlines = new Set<{ readonly at: Millis; readonly end: () => void }>();

  now(): Millis {
    return Date.parse(noon);
  }

  monotonic(): Millis {
    return this.#passedMs;
  }

  sleep(_ms: Millis, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(0, signal);
  }

  deadline(ms: Millis): AbortSignal {
    const over = new AbortController();
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    this.#deadlines.add({ at: this.#passedMs + ms, end: () => over.abort(reason) });
    return over.signal;
  }

  pass(ms: Millis): void {
    this.#passedMs += ms;
    for (const deadline of this.#deadlines) {
      if (deadline.at > this.#passedMs) continue;
      this.#deadlines.delete(deadline);
      deadline.end();
    }
  }
}
