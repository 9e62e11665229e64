import { expect, it } from 'vitest';
import { optionValues, withoutSecrets, withoutTokens, wordsOf } from './argv.ts';

it('keeps quoted words together', () => {
  expect(wordsOf(`k3s server --node-label "a=b c" '--x=y z' a\\ b`)).toEqual([
    'k3s',
    'server',
    '--node-label',
    'a=b c',
    '--x=y z',
    'a b',
  ]);
});

it('finds options in both spellings', () => {
  const argv = ['k3s', '--data-dir=/a', '-d', '/b', '--data-dir', '/c', '--disable', '--data-dir'];
  expect(optionValues(argv, 'data-dir', 'd')).toEqual(['/a', '/b', '/c']);
});

it.each([
  'k3s agent --token hunter2 --server https://x',
  'k3s agent --token=hunter2 --server https://x',
  'k3s agent -t hunter2 --server https://x',
  'k3s agent --agent-token "hunter2" --server https://x',
  'k3s agent --datastore-endpoint mysql://u:hunter2@tcp(x) --server https://x',
  'k3s agent --etcd-s3-secret-key hunter2 --server https://x',
  'k3s agent --vpn-auth name=tailscale,joinKey=hunter2 --server https://x',
  'k3s agent --server https://x K1012345678abcdef::server:hunter2',
])('takes the secret out of: %s', (line) => {
  expect(withoutSecrets(line)).not.toContain('hunter2');
  expect(withoutSecrets(line)).toContain('--server https://x');
});

it('knows tokens of k3s and of kubeadm', () => {
  expect(withoutTokens('joined with K10abc0::node:secret!x and abcdef.0123456789abcdef')).toBe(
    'joined with [redacted] and [redacted]',
  );
  expect(withoutTokens('k3s v1.36.3 on K10')).toBe('k3s v1.36.3 on K10');
});
