import { expect, test } from 'vitest';
import { redact, withoutTokens } from './redact.ts';

test.each([
  ['postgres://app:hunter2@db:5432/app', 'postgres://app:[redacted]@db:5432/app'],
  ['Authorization: Bearer eyJhbGciOi.abc', 'Authorization: Bearer [redacted]'],
  ['password=hunter2 retry=3', 'password=[redacted] retry=3'],
  ['{"token":"abc def","n":1}', '{"token":[redacted],"n":1}'],
  ['--secret-key s3cr3t --port 80', '--secret-key [redacted] --port 80'],
  ['key AKIA0123456789abcdefghijklmnopqrstuv done', 'key [redacted] done'],
  ['K3S_TOKEN=hunter,2;"x K3S_URL=https://k', 'K3S_TOKEN=[redacted] K3S_URL=https://k'],
  ["K3S_AGENT_TOKEN='hunter 2' sh", 'K3S_AGENT_TOKEN=[redacted] sh'],
  ['--passphrase "two words" --port 80', '--passphrase [redacted] --port 80'],
])('%s', (text, kept) => {
  expect(redact(text)).toBe(kept);
});

test.each([
  'MountVolume.SetUp failed for volume "certs" : secret "web-tls" not found',
  'failed to reach csi.sock: context deadline exceeded (dial unix /csi/csi.sock)',
  'Back-off pulling image "ghcr.io/app/web@sha256:abc": not found',
  'Mounting arguments: -t nfs -o nolock 192.0.2.9:/srv /var/lib/kubelet/pods/1',
  'k3s: iptables -t nat -F KUBE-SERVICES failed',
  'k3s v1.36.3 on K10',
])('leaves what a diagnosis needs: %s', (line) => {
  expect(redact(line)).toBe(line);
});

test.each([
  'K10a1b2c3d4e5f6::server:hunter2!,"x\'',
  'K10a1b2c3d4e5f6::node:hunter2',
  'K10a1b2c3d4e5f6::abcdef.0123456789abcdef',
  'abcdef.0123456789abcdef',
])('takes a token to join with as a whole: %s', (token) => {
  for (const shown of [redact, withoutTokens]) {
    expect(shown(`joined with ${token} at 12:00`)).toBe('joined with [redacted] at 12:00');
  }
  expect(redact(`level=info msg="token=${token} is new"`)).not.toMatch(/hunter2|abcdef/);
  expect(withoutTokens(`root-dir=/var/lib/${'a1'.repeat(20)}`)).toContain('a1'.repeat(20));
});

test.each([
  '--token hunter2',
  '--token=hunter2',
  '--token  "hunter2 x"',
  '-t hunter2',
  '-t=hunter2',
  '--agent-token "hunter2"',
  '--datastore-endpoint mysql://u:hunter2@tcp(x)',
  '--datastore-endpoint=mysql://u:hun/ter2@tcp(x)',
  '--etcd-s3-secret-key hunter2',
  '--vpn-auth name=tailscale,joinKey=hunter2',
  'K10a1b2c3d4e5f6::server:hunter2',
])('takes the secret out of a command line of k3s: %s', (option) => {
  for (const line of [
    `/usr/local/bin/k3s agent ${option} --server https://x`,
    `k3s server --disable traefik ${option} --server https://x`,
  ]) {
    expect(redact(line)).not.toMatch(/hun\/?ter2/);
    expect(redact(line)).toContain('--server https://x');
  }
});

test('redacting twice changes nothing more', () => {
  const once = redact(
    'password=a token: b postgres://u:p@h Bearer abcdefgh K10ab::server:x k3s agent -t "y z" K3S_TOKEN=q',
  );
  expect(redact(once)).toBe(once);
});
