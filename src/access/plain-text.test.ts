import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

it('takes away what moves the cursor or turns the line', () => {
  expect(plainText('a\r\n\u001b[2Jb\u202ec', 80)).toBe('a [2Jb c');
});

it('is one line within the limit, whatever it is given', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, limit) => {
      const plain = plainText(text, limit);
      expect(plain.length).toBeLessThanOrEqual(limit);
      expect(plain).not.toMatch(/[\p{Cc}\u202e]/u);
    }),
  );
});
