import { expect, test } from 'vitest';
import { kindOfFailure } from './crash-words.ts';

test.each([
  ['timeout', 'failed to dial: context deadline exceeded'],
  ['timeout', 'connect ETIMEDOUT 10.0.0.5:5432'],
  ['refused', 'dial tcp 10.43.7.7:5432: connect: connection refused'],
  ['dns', 'dial tcp: lookup db.example.org on 10.43.0.10:53: read udp: i/o timeout'],
  ['dns', 'Error: getaddrinfo ENOTFOUND db'],
  ['network-unreachable', 'dial tcp 192.0.2.1:443: connect: network is unreachable'],
  ['config', 'open /etc/app/config.yaml: no such file or directory'],
  ['config', 'panic: environment variable DATABASE_URL is not set'],
  ['config', 'error: unknown flag: --fro'],
  ['config', 'cookie_secret must be 16, 24, or 32 bytes to create an AES cipher'],
  ['config', 'failed to load the configuration'],
  ['config', 'missing required environment DATABASE'],
  ['error', 'write: invalid argument'],
  ['error', 'Segmentation fault'],
])('%s: %s', (kind, line) => {
  expect(kindOfFailure(['hello', line])).toBe(kind);
});

test('the last line that says something decides, not the first', () => {
  const lines = ['open /etc/extra: no such file or directory', 'i/o timeout', 'bye'];
  expect(kindOfFailure(lines)).toBe('timeout');
});

test('nothing was written', () => {
  expect(kindOfFailure([])).toBe('error');
});
