import { expect, test } from 'vitest';
import { durationMs } from './duration.ts';

test.each([
  ['1ms', 1],
  ['90s', 90_000],
  ['2m', 120_000],
  ['1.5h', 5_400_000],
  ['24h', 86_400_000],
])('%s', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each([
  '',
  '0s',
  '0.5ms',
  '25h',
  '-1s',
  '5',
  's',
  '1 s',
  '1d',
  '1e3s',
  '99999999999s',
  'Infinitys',
])('%j is none', (text) => {
  expect(durationMs(text)).toBeUndefined();
});
