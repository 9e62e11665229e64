import type { Millis } from '../../lib/clock.ts';
import type { KubeFailure, KubeFailureKind } from './failure.ts';

/** A server that asks for a longer pause than this is not waited for. */
const longestPauseMs = 10_000;
const shortestPauseMs = 250;

interface RetryRule {
  /** Requests in all, the first one included. */
  tries: number;
  appliesTo?: (failure: KubeFailure) => boolean;
}

/** Everything a reader sends changes nothing, so that sending it twice is safe. */
const rules: Partial<Record<KubeFailureKind, RetryRule>> = {
  throttled: { tries: 3 },
  'server-error': {
    tries: 3,
    appliesTo: ({ status }) => status !== undefined && [500, 502, 503, 504].includes(status),
  },
  reset: { tries: 2 },
};

/**
 * How long to wait before sending again, or undefined when not to.
 * `attempt` counts from 1; `random` gives [0, 1) and spreads clients that failed together.
 */
export function pauseBeforeRetry(
  failure: KubeFailure,
  attempt: number,
  random: () => number,
): Millis | undefined {
  const rule = rules[failure.kind];
  if (rule === undefined || attempt >= rule.tries) return undefined;
  if (rule.appliesTo?.(failure) === false) return undefined;
  if (failure.kind === 'reset') return 0;
  const backoffMs = shortestPauseMs * 2 ** (attempt - 1) * (0.5 + random());
  const pauseMs = Math.max(failure.retryAfterMs ?? 0, backoffMs);
  return pauseMs > longestPauseMs ? undefined : pauseMs;
}

/** `Retry-After` as a duration: seconds, or an HTTP date. Undefined when absent or unreadable. */
export function retryAfter(header: string | undefined, now: Millis): Millis | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  // Date.parse takes almost anything for a year; an HTTP date starts with the day's name.
  const moment = /^[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now);
}
