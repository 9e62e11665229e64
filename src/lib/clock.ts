/** Milliseconds: a duration, or a moment since the Unix epoch. */
export type Millis = number;

/** The only door to time. Everything that waits or asks for the hour receives one of these. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  now(): Millis;
  /** A clock that never goes back, for durations. */
  monotonic(): Millis;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: Millis, signal?: AbortSignal): Promise<void>;
  /** A signal that aborts with a `TimeoutError` after `ms`. */
  deadline(ms: Millis): AbortSignal;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
  deadline: (ms) => AbortSignal.timeout(ms),
};
