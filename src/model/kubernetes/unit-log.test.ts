import { expect, test } from 'vitest';
import { type ExitCause, exitCause } from './unit-log.ts';

const cases: readonly (readonly [ExitCause, string])[] = [
  ['kmsg', 'failed to run Kubelet: failed to create kubelet: open /dev/kmsg: no such file'],
  [
    'node-ip',
    'failed to validate nodeIP: node IP: "192.0.2.9" not found in the host\'s network interfaces',
  ],
  ['node-ip', 'unable to find interface eth7: route ip+net: no such network interface'],
  [
    'password',
    'Node password rejected, duplicate hostname or contents of /etc/rancher/node/password',
  ],
  ['cgroup', 'kubelet is configured to not run on a host using cgroup v1'],
  ['cgroup', 'failed to find pids cgroup controller'],
  ['disk-full', 'write /var/lib/rancher/k3s/x: no space left on device'],
  ['read-only', 'mkdir /var/lib/kubelet: read-only file system'],
  ['port-in-use', 'listen tcp :6444: bind: address already in use'],
  ['certificate', 'x509: certificate has expired or is not yet valid'],
  ['config', 'failed to read config file: yaml: line 3: mapping values are not allowed here'],
  ['config', 'Error: flag provided but not defined: -node-labels'],
  [
    'server-unreachable',
    'Failed to validate connection to cluster at https://192.0.2.10:6443: failed to get CA certs: dial tcp 192.0.2.10:6443: connect: connection refused',
  ],
  ['server-unreachable', 'net/http: TLS handshake timeout'],
  ['config', 'Error: failed to load config: cannot unmarshal !!seq into string'],
  ['unknown', 'Starting k3s agent v1.36.3+k3s1'],
  // What those write at each start that are well.
  ['unknown', 'level=info msg="Wrote kubeconfig /etc/rancher/k3s/k3s.yaml"'],
  [
    'unknown',
    'Running kube-apiserver --egress-selector-config-file=/var/lib/rancher/k3s/server/etc/egress-selector-config.yaml',
  ],
  ['unknown', 'cgroup v1 support is in maintenance mode, please migrate to cgroup v2'],
  ['unknown', 'Using node IP nodeIP="192.0.2.11"'],
  ['unknown', 'inotify_add_watch /etc/resolv.conf: no space left on device'],
];

const of = (...lines: string[]): Parameters<typeof exitCause>[0] => ({
  log: lines.map((text) => ({ text })),
});

test.each(cases)('%s: %s', (why, line) => {
  expect(exitCause(of(line))).toEqual({ why, lastLine: line });
});

test('the newest that tells decides, and systemd’s own words do not', () => {
  const told = 'yaml: line 3: mapping values';
  const lines = ['open /dev/kmsg: no such file', told, 'k3s.service: Failed with result exit-code'];
  expect(exitCause(of(...lines))).toEqual({ why: 'config', lastLine: told });
});

test('a server that does not answer counts only where nothing else was said', () => {
  const refused = 'dial tcp 127.0.0.1:6444: connect: connection refused';
  expect(exitCause(of('open /dev/kmsg: no such file', refused)).why).toBe('kmsg');
});

test('killed from without', () => {
  const killed = { why: 'killed', lastLine: 'serving' };
  expect(exitCause({ ...of('serving'), exitSignal: 'KILL' })).toEqual(killed);
  const exit = 'k3s.service: Main process exited, code=killed, status=9/KILL';
  expect(exitCause(of(exit, 'serving'))).toEqual(killed);
});

test('nothing was written', () => {
  expect(exitCause(of())).toEqual({ why: 'unknown', lastLine: '' });
});
