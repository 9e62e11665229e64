import { expect, test } from 'vitest';
import { prefixCovers } from './prefix.ts';

test.each([
  ['10.0.0.0/8', '10.42.0.0/16', true],
  ['10.42.0.0/16', '10.42.0.0/16', true],
  ['10.42.0.0/24', '10.42.0.0/16', false],
  ['10.43.0.0/16', '10.42.0.0/16', false],
  ['allow from 192.0.2.0/24 to any', '192.0.2.9', true],
  ['192.0.2.9', '192.0.2.9', true],
  ['192.0.2.9', '192.0.2.8', false],
  ['0.0.0.0/0', '10.42.0.0/16', true],
  ['255.255.255.0/24', '255.255.255.1', true],
  ['22/tcp', '10.42.0.0/16', false],
  ['10.42.0.0/33', '10.42.0.0/16', false],
  ['300.0.0.0/8', '10.42.0.0/16', false],
  ['2001:db8::/32', '2001:db8::1', false],
])('%s covers %s: %s', (rule, other, covers) => {
  expect(prefixCovers(rule, other)).toBe(covers);
});
