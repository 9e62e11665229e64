import { expect, it } from 'vitest';
import { lookAt, lxcAgent } from '../testing/lxc-agent.ts';
import { seen } from '../testing/seen.ts';

it('tells what kind of machine it is', async () => {
  expect(await seen('system', lxcAgent())).toEqual({
    hostname: 'k3s1',
    machineId: 'aaaabbbbccccddddeeeeffff00001111',
    bootId: '11111111-2222-3333-4444-555555555555',
    bootedAt: lookAt - 86_400_000,
    kernel: '6.8.12-11-pve',
    os: 'Debian GNU/Linux 12 (bookworm)',
    container: 'lxc',
    initialUserNamespace: true,
    cgroupVersion: 2,
  });
});

it.each([
  [{ '/proc/1/environ': 'PATH=/x\0' }, {}, 'none'],
  [{ '/proc/1/environ': 'A=b\0container=systemd-nspawn\0' }, {}, 'systemd-nspawn'],
  [{ '/proc/1/environ': 'A=container=no\0' }, {}, 'none'],
  [{ '/proc/1/environ': '' }, { '/.dockerenv': {} }, 'docker'],
  [
    { '/proc/1/environ': '', '/proc/sys/kernel/osrelease': '5.15-microsoft-standard-WSL2' },
    {},
    'wsl',
  ],
])('knows a container by what it says of itself: %j %j', async (files, stats, container) => {
  expect((await seen('system', lxcAgent({ files, stats }))).container).toBe(container);
});

const v1 = '1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:9 / /sys/fs/cgroup rw - tmpfs none rw\n';
it.each([
  [
    `${v1}3 2 0:10 / /sys/fs/cgroup/cpu rw - cgroup none rw,cpu\n4 2 0:11 / /sys/fs/cgroup/unified rw - cgroup2 none rw\n`,
    1,
  ],
  ['2 1 0:9 / /sys/fs/cgroup rw - cgroup2 none rw\n', 2],
  ['1 0 8:1 / / rw - ext4 /dev/sda rw\n', undefined],
])('tells the version of cgroups, where a hybrid is version 1', async (mounts, version) => {
  const files = { '/proc/self/mountinfo': mounts };
  expect((await seen('system', lxcAgent({ files }))).cgroupVersion).toBe(version);
});

it('sees that root is not root on the machine', async () => {
  const files = { '/proc/self/uid_map': '0 100000 65536\n' };
  expect((await seen('system', lxcAgent({ files }))).initialUserNamespace).toBe(false);
});

it('takes the machine’s uptime for its own where it is a machine', async () => {
  const files = {
    '/proc/1/environ': '',
    '/proc/1/stat': '1 (init) S 0 1 1 0 -1 1 1 1 1 1 1 1 1 1 20 0 1 0 3 1\n',
  };
  expect((await seen('system', lxcAgent({ files }))).bootedAt).toBe(lookAt - 864_000_000 + 30);
});
