import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostileText } from '../../test/support/random-results.ts';
import { displayWidth, safeText, truncate, truncateMiddle, wrap } from './terminal-text.ts';

const text = fc.oneof(hostileText, fc.string({ unit: 'binary', maxLength: 200 }));

/** Written out apart from the code under test. */
const obeyed =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\u{e0000}-\u{e0fff}]/u;

describe('safeText', () => {
  test.each([
    ['k3s3', 'k3s3'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['user\u202egnp', 'user\\u{202e}gnp'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['\ud800', '\\u{d800}'],
    ['é漢👍', 'é漢👍'],
    ['e\u0301', 'e\u0301'],
    ['\u0301x', '\\u{301}x'],
    ['a\u0301\u0301\u0301\u0301', 'a\u0301\u0301\u0301\\u{301}'],
  ])('%j', (given, safe) => {
    expect(safeText(given)).toBe(safe);
  });

  test('nothing that a terminal would obey is left, and nothing is left to escape', () => {
    fc.assert(
      fc.property(text, (given) => {
        const safe = safeText(given);
        expect(safe).not.toMatch(obeyed);
        expect(safe.isWellFormed()).toBe(true);
        expect(safe).not.toMatch(/\p{M}{4}/u);
        expect(safe).not.toMatch(/^\p{M}/u);
        expect(safeText(safe)).toBe(safe);
      }),
    );
  });

  test('its length is bounded, whatever is given', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 50 }), (given, limit) => {
        expect(safeText(given.repeat(20), limit).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('wrap and truncate', () => {
  const width = fc.integer({ min: 4, max: 60 });

  test('no line is wider than asked', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        for (const line of wrap(safeText(given), columns)) {
          expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });

  test('wrapping loses nothing but spaces', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        const safe = safeText(given);
        expect(wrap(safe, columns).join('').replaceAll(' ', '')).toBe(safe.replaceAll(' ', ''));
      }),
    );
  });

  test('what is truncated fits', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        const safe = safeText(given);
        expect(displayWidth(truncate(safe, columns))).toBeLessThanOrEqual(columns);
        expect(displayWidth(truncateMiddle(safe, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test('both ends of a name are kept', () => {
    expect(truncateMiddle('csi-0f1e2d3c4b5a69788796-x2lqp', 15)).toBe('csi-0f1…6-x2lqp');
    expect(truncate('csi-0f1e2d3c4b5a', 8)).toBe('csi-0f1…');
    expect(truncate('short', 8)).toBe('short');
  });
});
