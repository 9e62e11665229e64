import { expect, test } from 'vitest';
import { hostOfUrl } from './url.ts';

test.each([
  ['https://192.0.2.10:6443', '192.0.2.10'],
  ['https://[2001:db8::10]:6443/', '2001:db8::10'],
  ['https://k3s.example.test', 'k3s.example.test'],
  ['no address', undefined],
  ['', undefined],
  [null, undefined],
])('%s: %s', (url, host) => {
  expect(hostOfUrl(url)).toBe(host);
});
