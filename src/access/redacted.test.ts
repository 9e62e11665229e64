import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Redacted } from './redacted.ts';

it('is given to whoever reveals it, and to nobody else', () => {
  const secret = new Redacted('hunter2');
  expect(secret.reveal()).toBe('hunter2');
  const holder = { deep: { secret } };
  const ways = [
    String(secret),
    JSON.stringify(holder),
    inspect(holder, { depth: 9, showHidden: true }),
    JSON.stringify({ ...secret }),
    JSON.stringify(Object.entries(secret)),
  ];
  for (const way of ways) expect(way).not.toContain('hunter2');
});
