import { expect, it } from 'vitest';
import { agentUnit, command, lookAt, lxcAgent, shown } from '../testing/lxc-agent.ts';
import { look, seen } from '../testing/seen.ts';

const server = (line: string): string => shown('k3s.service', { ExecStart: command(line) });
const config = '/etc/rancher/k3s/config.yaml';

it('tells how an agent is configured', async () => {
  const stats = { [config]: { modifiedAt: lookAt - 5000 } };
  expect(await seen('k3s', lxcAgent({ stats }))).toEqual({
    role: 'agent',
    version: 'v1.36.3+k3s1',
    config: [{ path: config, modifiedAt: lookAt - 5000 }],
    nodeName: 'k3s1',
    serverUrl: 'https://192.0.2.10:6443',
    dataDir: '/var/lib/rancher/k3s',
    kubeletArgs: [],
    featureGates: {},
  });
});

it('lets the command line have the last word, and adds up its lists', async () => {
  const line =
    '/usr/local/bin/k3s server --data-dir /srv/k3s/ --node-name=other --kubelet-arg=root-dir=/srv/kubelet --kubelet-arg feature-gates=A=true,B=false';
  const host = lxcAgent({
    runs: { 'systemctl show *': server(line) },
    files: {
      [config]: 'node-name: k3s1\nkubelet-arg:\n- max-pods=50\nnode-ip: 192.0.2.11,2001:db8::11\n',
    },
  });
  expect(await seen('k3s', host)).toMatchObject({
    role: 'server',
    nodeName: 'other',
    nodeIp: '192.0.2.11,2001:db8::11',
    dataDir: '/srv/k3s',
    kubeletArgs: ['max-pods=50', 'root-dir=/srv/kubelet', 'feature-gates=A=true,B=false'],
    featureGates: { A: 'true', B: 'false' },
  });
});

it('reads what k3s wrote for its kubelet, which flags override', async () => {
  const folder = '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d';
  const host = lxcAgent({
    runs: { 'systemctl show *': agentUnit },
    files: {
      [`${folder}/00-k3s-defaults.conf`]:
        'kind: KubeletConfiguration\nfailCgroupV1: false\nfeatureGates:\n  A: true\n  B: true\n',
      [config]: 'kubelet-arg: feature-gates=B=false\n',
    },
  });
  const found = await seen('k3s', host);
  expect(found.featureGates).toEqual({ A: 'true', B: 'false' });
  expect(found.kubeletArgs).toEqual(['fail-cgroupv1=false', 'feature-gates=B=false']);
});

it('finds the server in the environment, or where the agent noted it', async () => {
  const env = {
    '/etc/systemd/system/k3s-agent.service.env':
      'K3S_TOKEN=hunter2\nK3S_URL=https://192.0.2.20:6443\n',
  };
  const byVariable = await seen('k3s', lxcAgent({ files: { [config]: '', ...env } }));
  expect(byVariable.serverUrl).toBe('https://192.0.2.20:6443');
  expect(JSON.stringify(byVariable)).not.toContain('hunter2');
  const note = {
    '/var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json':
      '{"ServerURL":"https://192.0.2.30:6443","ServerAddresses":["192.0.2.30:6443"]}',
  };
  const byNote = await seen('k3s', lxcAgent({ files: { [config]: '', ...note } }));
  expect(byNote.serverUrl).toBe('https://192.0.2.30:6443');
});

it('says where a file cannot be read by k3s, and takes the others', async () => {
  const host = lxcAgent({
    files: {
      [config]: 'server: [\n',
      '/etc/rancher/k3s/config.yaml.d/20.yaml': 'node-name: second\n',
      '/etc/rancher/k3s/config.yaml.d/10.yaml': 'node-name: first\n',
    },
  });
  const found = await seen('k3s', host);
  expect(found.config.map(({ path }) => path)).toEqual([
    config,
    '/etc/rancher/k3s/config.yaml.d/10.yaml',
    '/etc/rancher/k3s/config.yaml.d/20.yaml',
  ]);
  expect(found.config[0]?.problem).toMatch(/^line \d+, column \d+: /);
  expect(found.nodeName).toBe('second');
});

it('sees what a kubelet of its own was started with', async () => {
  const host = lxcAgent({
    files: {
      '/sys/fs/cgroup/system.slice/k3s-agent.service/cgroup.procs': '100\n101\n',
      '/proc/101/cmdline': '/usr/local/bin/node\0kubelet\0--root-dir=/srv/kubelet\0--v\u00004\0',
      '/proc/101/stat': '101 (node) S 1 1 1 0 -1 1 1 1 1 1 1 1 1 1 20 0 1 0 77760000 1\n',
    },
    stats: { '/srv/kubelet': { type: 'directory' } },
  });
  expect((await seen('k3s', host)).kubeletArgs).toEqual(['root-dir=/srv/kubelet', 'v=4']);
  expect(await seen('kubelet', host)).toMatchObject({
    root: '/srv/kubelet',
    running: true,
    startedAt: lookAt - 86_400_000,
  });
});

it('is absent on a machine that has none', async () => {
  const { files, ...agent } = lxcAgent({
    runs: {
      'systemctl show *': 'Id=k3s.service\nLoadState=not-found\n',
      'k3s --version': 'no-program',
    },
  });
  const { [config]: _, ...others } = files ?? {};
  const host = await look({ ...agent, files: others, stats: {} });
  for (const part of ['k3s', 'kubelet', 'certificates', 'serverPath'] as const) {
    expect([part, host[part].state]).toEqual([part, 'absent']);
  }
});

it('lets no odd directory of its configuration spoil the look', async () => {
  const lines = String.raw`data-dir: C:\k3s` + '\nkubelet-arg: root-dir=srv/kubelet\n';
  const host = await look(lxcAgent({ files: { [config]: lines } }));
  expect(host.k3s).toMatchObject({ value: { dataDir: '/var/lib/rancher/k3s' } });
  expect(host.kubelet).toMatchObject({ state: 'known', value: { root: '/srv/kubelet' } });
});
