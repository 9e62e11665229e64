import { expect, test } from 'vitest';
import { message } from './meta.ts';

test.each([
  ['a URL', 'postgres://app:zebra-stripes@db/app'],
  ['a quoted value', 'password="zebra stripes are black"'],
])('%s is redacted before the text is cut through it', (_, secret) => {
  for (let at = 1960; at < 2010; at++) {
    const kept = message.parse(`${'x '.repeat(at / 2)}${secret} and more`);
    expect(kept).not.toMatch(/zebra/);
    expect(kept.length).toBeLessThanOrEqual(2000);
  }
});

test('redacting what a bundle holds changes nothing more', () => {
  const once = message.parse(`token=abc ${'y'.repeat(3000)}`);
  expect(message.parse(once)).toBe(once);
});
