import { describe, expect, test } from 'vitest';
import { parseQuantity } from './quantity.ts';

describe('parseQuantity', () => {
  test.each([
    ['0', 0],
    ['42', 42],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['+3', 3],
    ['-3', -3],
    ['500m', 0.5],
    ['250u', 0.00025],
    ['1n', 1e-9],
    ['1k', 1000],
    ['2M', 2_000_000],
    ['3G', 3e9],
    ['4T', 4e12],
    ['5P', 5e15],
    ['6E', 6e18],
    ['1Ki', 1024],
    ['1Mi', 1_048_576],
    ['10Gi', 10_737_418_240],
    ['1.5Gi', 1_610_612_736],
    ['1Ti', 1_099_511_627_776],
    ['1Pi', 1_125_899_906_842_624],
    ['1Ei', 2 ** 60],
    ['12e6', 12_000_000],
    ['12E6', 12_000_000],
    ['5e-1', 0.5],
  ])('%s', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 12);
  });

  test.each(['', ' 1', '1 Gi', 'Gi', '1gi', '1KI', '1K', '1Zi', '1e', '1.2.3', 'a lot', '1GiB'])(
    'not a quantity: "%s"',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  test.each([null, undefined])('absent: %s', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
});
