import { expect, it } from 'vitest';
import { lookAt, lxcAgent, shown } from '../testing/lxc-agent.ts';
import { seen } from '../testing/seen.ts';

const directory = { type: 'directory' } as const;
const socket = { type: 'socket' } as const;
const old = '/var/lib/rancher/k3s/agent/kubelet';

it('counts pods, drivers and those that are registered in each tree', async () => {
  const root = '/var/lib/kubelet';
  const host = lxcAgent({
    stats: {
      [`${root}/pods/22222222-1111-1111-1111-111111111111`]: directory,
      [`${root}/plugins/driver.longhorn.io/csi.sock`]: socket,
      [`${root}/plugins/nfs.csi.k8s.io/csi.sock`]: socket,
      [`${root}/plugins_registry/driver.longhorn.io-reg.sock`]: socket,
      [old]: directory,
    },
  });
  expect(await seen('kubelet', host)).toEqual({
    root,
    running: true,
    startedAt: lookAt - 86_400_000 + 10_000,
    trees: [
      {
        path: root,
        pods: 2,
        drivers: ['driver.longhorn.io', 'nfs.csi.k8s.io'],
        registered: ['driver.longhorn.io'],
      },
      { path: old, pods: 0, drivers: [], registered: [] },
    ],
  });
});

it('knows no root while none runs', async () => {
  const stopped = shown('k3s-agent.service', { ActiveState: 'inactive', MainPID: '0' });
  const host = lxcAgent({ runs: { 'systemctl show *': stopped } });
  const found = await seen('kubelet', host);
  expect(found.running).toBe(false);
  expect(found.root).toBeUndefined();
  expect(found.trees).toHaveLength(1);
});

it('looks where it is configured to be', async () => {
  const host = lxcAgent({
    files: {
      '/etc/rancher/k3s/config.yaml': 'data-dir: /srv/k3s\nkubelet-arg: [root-dir=/srv/kubelet/]\n',
    },
    stats: { '/srv/kubelet': directory, '/srv/k3s/agent/kubelet': directory },
  });
  const found = await seen('kubelet', host);
  expect(found.root).toBe('/srv/kubelet');
  expect(found.trees.map(({ path }) => path)).toEqual([
    '/srv/k3s/agent/kubelet',
    '/srv/kubelet',
    '/var/lib/kubelet',
  ]);
});
