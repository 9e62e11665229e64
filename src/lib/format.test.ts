import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatMoment,
  formatPercent,
  isoTime,
  oneOf,
  plural,
  shortList,
} from './format.ts';
import { day, hour, minute, second } from './time.ts';

test.each([
  [0, '0 s'],
  [-5, '0 s'],
  [340, '340 ms'],
  [50 * second, '50 s'],
  [119 * second, '119 s'],
  [4 * minute + 20 * second, '4 min'],
  [2 * hour + 10 * minute, '2 h 10 min'],
  [3 * hour, '3 h'],
  [26 * hour + 10 * minute, '26 h'],
  [3 * day + 20 * hour, '3 days'],
  [Infinity, 'forever'],
  [Number.NaN, 'an unknown time'],
])('duration %d', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1.2 * 2 ** 30, '1.2 GiB'],
  [64 * 2 ** 20, '64 MiB'],
  [2 ** 20 - 1, '1 MiB'],
  [2 ** 80, '1048576 EiB'],
  [Number.NaN, 'an unknown size'],
])('size %d', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [93.2, '93 %'],
  [99.9, '99 %'],
  [100, '100 %'],
  [0.2, '< 1 %'],
  [0, '0 %'],
])('share %d', (percent, text) => {
  expect(formatPercent(percent)).toBe(text);
});

describe('times', () => {
  test('a minute is enough for a person', () => {
    expect(formatMoment(Date.parse('2025-10-13T08:12:59Z'))).toBe('2025-10-13 08:12 UTC');
  });

  test('what is no time is still RFC 3339', () => {
    for (const at of [Number.NaN, Infinity, -Infinity, 1e17, -1e17]) {
      expect(isoTime(at)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });
});

test('lists', () => {
  expect(shortList(['a', 'b', 'c', 'd'])).toBe('a, b, c, d');
  expect(shortList(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
  expect(oneOf(['kubelet', 'host', 'link'])).toBe('kubelet, host or link');
  expect(oneOf(['kubelet'])).toBe('kubelet');
  expect(plural(1, 'finding')).toBe('1 finding');
  expect(plural(0, 'finding')).toBe('0 findings');
});
