import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FailureDetails, KubeFailure, type KubeFailureKind } from './failure.ts';
import { pauseBeforeRetry, retryAfter } from './retry.ts';

const failure = (kind: KubeFailureKind, details: Partial<FailureDetails> = {}): KubeFailure =>
  new KubeFailure(kind, { server: 'https://a', path: '/b', ...details });

describe('pauseBeforeRetry', () => {
  it('backs off with jitter', () => {
    const broken = failure('server-error', { status: 500 });
    expect(pauseBeforeRetry(broken, 1, () => 0)).toBe(125);
    expect(pauseBeforeRetry(broken, 1, () => 0.5)).toBe(250);
    expect(pauseBeforeRetry(broken, 2, () => 0.5)).toBe(500);
    expect(pauseBeforeRetry(broken, 3, () => 0.5)).toBeUndefined();
  });

  it('never waits shorter than the server asks, nor longer than ten seconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 1, max: 5 }),
        (ms, attempt) => {
          const pause = pauseBeforeRetry(
            failure('throttled', { retryAfterMs: ms }),
            attempt,
            () => 0.9,
          );
          if (pause === undefined) return;
          expect(pause).toBeGreaterThanOrEqual(ms);
          expect(pause).toBeLessThanOrEqual(10_000);
        },
      ),
    );
  });

  it.each<KubeFailureKind>([
    'unauthorized',
    'forbidden',
    'not-found',
    'gone',
    'refused',
    'timed-out',
  ])('does not repeat %s', (kind) => {
    expect(pauseBeforeRetry(failure(kind), 1, () => 0)).toBeUndefined();
  });
});

describe('retryAfter', () => {
  const now = Date.parse('2026-11-21T11:00:00Z');
  it.each([
    [undefined, undefined],
    ['3', 3000],
    ['Sat, 21 Nov 2026 11:00:05 GMT', 5000],
    ['Sat, 21 Nov 2026 10:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
  ])('%j is %j ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms);
  });
});
