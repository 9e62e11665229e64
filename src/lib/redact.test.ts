import { describe, expect, test } from 'vitest';
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

const uid = '0b1c2d3e-4f50-4161-a272-8394a5b6c7d8';
const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** As k3s, its kubelet and its containerd write them to the journal. */
test.each([
  'open /var/lib/rancher/k3s/agent/client-kubelet.crt: no such file or directory',
  'open /etc/rancher/node/password: no such file or directory',
  'level=fatal msg="open /var/lib/rancher/k3s/server/token: permission denied"',
  'level=info msg="Wrote kubeconfig /etc/rancher/k3s/k3s.yaml"',
  'level=info msg="Server node token is available at /var/lib/rancher/k3s/server/node-token"',
  'level=info msg="Logging containerd to /var/lib/rancher/k3s/agent/containerd/containerd.log"',
  'stat /var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer-2.json: read-only file system',
  'level=info msg="Running kube-apiserver --cert-dir=/var/lib/rancher/k3s/server/tls/temporary-certs --egress-selector-config-file=/var/lib/rancher/k3s/server/etc/egress-selector-config.yaml --etcd-servers=unix://kine.sock --kubelet-client-certificate=/var/lib/rancher/k3s/server/tls/client-kube-apiserver.crt --kubelet-client-key=/var/lib/rancher/k3s/server/tls/client-kube-apiserver.key --service-account-key-file=/var/lib/rancher/k3s/server/tls/service.key --tls-min-version=VersionTLS12"',
  'level=info msg="Running kube-proxy --feature-gates=CloudDualStackNodeIPs=true --healthz-bind-address=127.0.0.1"',
  'level=info msg="Running kubelet --containerd=/run/k3s/containerd/containerd.sock --kubeconfig=/var/lib/rancher/k3s/agent/kubelet.kubeconfig --kubelet-arg=root-dir=/var/lib/rancher/k3s/agent/kubelet"',
  'E0715 11:58:02.114203    1201 pod_workers.go:1301] "Error syncing pod, skipping" pod="kube-system/local-path-provisioner-774c6665dc-5c5pm"',
  'Back-off restarting failed container lb-tcp-443 in pod svclb-traefik-0a1b2c3d-xk4zl_kube-system',
  `open /var/log/pods/kube-system_local-path-provisioner-774c6665dc-5c5pm_${uid}/local-path-provisioner/0.log: no space left on device`,
  `MountVolume.SetUp failed for volume "pvc-${uid}" : open /var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~csi/pvc-${uid}/mount: input/output error`,
  `Failed to create /kubepods/burstable/pod${uid}: device or resource busy`,
  `Removed slice kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice`,
  'Get "https://192.0.2.10:6443/apis/storage/v1/validatingadmissionpolicybindings?limit=500"',
])('leaves the paths and names of k3s: %s', (line) => {
  expect(redact(line)).toBe(line);
});

test.each([
  [
    `extracting to /var/lib/rancher/k3s/data/${hash}/bin/containerd-shim-runc-v2`,
    'extracting to /var/lib/rancher/k3s/data/[redacted]/bin/containerd-shim-runc-v2',
  ],
  [
    `unmount /run/k3s/containerd/io.containerd.grpc.v1.cri/sandboxes/${hash}/shm`,
    'unmount /run/k3s/containerd/io.containerd.grpc.v1.cri/sandboxes/[redacted]/shm',
  ],
  [
    'POST https://hooks.test:443/services/T0123ABCD/B0123ABCD/q8Zr2Lk5Vx9Tn4Wb7Yc1Md3P',
    'POST https://hooks.test:443/services/[redacted]/[redacted]/[redacted]',
  ],
  [
    'GET /files/uploads/wJalrXUtnFEMI/K7MDENG/bPxRfiCYzk7a1Q/list',
    'GET /files/uploads/[redacted]/[redacted]/[redacted]/list',
  ],
])('of a path only what may be a key goes: %s', (line, kept) => {
  expect(redact(line)).toBe(kept);
});

const pem = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\nZ3x=\n';

test.each([
  ['a key of AWS', 'using wJalrXUtnFEMI/K7MDENG/bPxRfiCYzk7a1QX2b', 'using [redacted]'],
  ['a hash', `node password ${hash.slice(0, 32)}`, 'node password [redacted]'],
  ['a UUID that names no object', `key ${uid} rejected`, 'key [redacted] rejected'],
  ['a token of GitHub', 'as ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'as [redacted]'],
  [
    'a private key',
    `x -----BEGIN RSA PRIVATE KEY-----\n${pem}-----END RSA PRIVATE KEY----- y`,
    'x [redacted] y',
  ],
  ['a private key that was cut', `x -----BEGIN PRIVATE KEY-----\n${pem}`, 'x [redacted]'],
  [
    'one in JSON',
    JSON.stringify({ key: `-----BEGIN EC PRIVATE KEY-----\n${pem}` }).slice(0, -2),
    '{"key":"[redacted]',
  ],
  ['a password after two blanks', 'password:  hunter2', 'password:  [redacted]'],
  ['a recovery key', 'of A1B2-C3D4-E5F6-G7H8-J9K0-L1M2-N3P4', 'of [redacted]'],
  ['a password before a path', '--password hunter2 /etc/x', '--password [redacted] /etc/x'],
  ['a password like a path', '--password /hunter2/x', '--password [redacted]'],
])('takes %s', (_, text, kept) => {
  expect(redact(text)).toBe(kept);
});

/** Always the same bytes, so that no run is another's luck. */
function bytes(seed: number, length: number): Buffer {
  let state = seed + 1;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  return Buffer.from(Array.from({ length }, next));
}

/** Whether so many characters of it in a row are left. */
function isLeft(key: string, kept: string, length: number): boolean {
  for (let at = 0; at + length <= key.length; at++) {
    if (kept.includes(key.slice(at, at + length))) return true;
  }
  return false;
}

describe.each(['base64', 'base64url', 'hex'] as const)('keys in %s', (encoding) => {
  const keys = Array.from({ length: 5000 }, (_, seed) =>
    bytes(seed, 24 + (seed % 40)).toString(encoding),
  );

  test('go wherever they stand, and what stands beside them stays', () => {
    const path = '/var/lib/rancher/k3s/agent/client-kubelet-2.crt';
    const missed = keys.filter((key) => {
      const kept = redact(`wrote ${key}, then key-data=${key} and (${key}) to ${path}`);
      return isLeft(key, kept, 6) || !kept.endsWith(` to ${path}`) || redact(kept) !== kept;
    });
    expect(missed).toEqual([]);
  });

  // The alphabet of base64 has a slash: of a key that is cut by some, scraps are left in a path.
  test('go from paths', () => {
    const missed = keys.filter((key) => {
      const kept = redact(`open /var/lib/keys/${key}/data`);
      return isLeft(key, kept, 10) || !kept.startsWith('open /var/lib/keys/');
    });
    expect(missed).toEqual([]);
  });
});

test('redacting twice changes nothing more', () => {
  const once = redact(
    'password=a token: b postgres://u:p@h Bearer abcdefgh K10ab::server:x k3s agent -t "y z" K3S_TOKEN=q',
  );
  expect(redact(once)).toBe(once);
});

test.each([
  ['cookie session_0b1c2d3e-4f50-4161-a272-8394a5b6c7d8 sent', '0b1c2d3e'],
  [String.raw`msg="body={\"user\":\"a\",\"password\":\"hunter2 and more\"}"`, 'hunter2'],
  [String.raw`msg="{\"token\":\"s3cr3t-x\"}"`, 's3cr3t'],
  ['postgres://k3s:p@ss/w0rd@db:5432/k3s', 'w0rd'],
])('a secret in %s', (line, secret) => {
  expect(redact(line)).toContain('[redacted]');
  expect(redact(line)).not.toContain(secret);
});

test('what stands beside such a secret stays', () => {
  const line = String.raw`msg="{\"password\":\"x y\",\"user\":\"josh\"}"`;
  expect(redact(line)).toBe(String.raw`msg="{\"password\":[redacted],\"user\":\"josh\"}"`);
  const log = '/var/log/pods/shop_web-0_0b1c2d3e-4f50-4161-a272-8394a5b6c7d8/web/0.log';
  expect(redact(log)).toBe(log);
});

test('a password in a URL, whatever stands before it', () => {
  expect(redact(`endpoint.${'of-a-datastore-'.repeat(4)}postgres://k3s:hunter2@db`)).not.toContain(
    'hunter2',
  );
});
