import { expect, test } from 'vitest';
import { redact } from './redact.ts';

test.each([
  ['postgres://app:hunter2@db:5432/app', 'postgres://app:[redacted]@db:5432/app'],
  ['Authorization: Bearer eyJhbGciOi.abc', 'Authorization: Bearer [redacted]'],
  ['password=hunter2 retry=3', 'password=[redacted] retry=3'],
  ['{"token":"abc def","n":1}', '{"token":[redacted],"n":1}'],
  ['--secret-key s3cr3t --port 80', '--secret-key [redacted] --port 80'],
  ['key AKIA0123456789abcdefghijklmnopqrstuv done', 'key [redacted] done'],
])('%s', (text, kept) => {
  expect(redact(text)).toBe(kept);
});

test.each([
  'MountVolume.SetUp failed for volume "certs" : secret "web-tls" not found',
  'failed to reach csi.sock: context deadline exceeded (dial unix /csi/csi.sock)',
  'Back-off pulling image "ghcr.io/app/web@sha256:abc": not found',
])('leaves what a diagnosis needs: %s', (line) => {
  expect(redact(line)).toBe(line);
});

test('redacting twice changes nothing more', () => {
  const once = redact('password=a token: b postgres://u:p@h Bearer abcdefgh');
  expect(redact(once)).toBe(once);
});
