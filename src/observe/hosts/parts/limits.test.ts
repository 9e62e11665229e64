import { expect, it } from 'vitest';
import { lxcAgent } from '../testing/lxc-agent.ts';
import { seen } from '../testing/seen.ts';

const find = 'find *';

it('reads counters and limits, and leaves out what is not there', async () => {
  const host = lxcAgent({
    files: {
      '/proc/sys/net/netfilter/nf_conntrack_count': '12\n',
      '/proc/sys/net/netfilter/nf_conntrack_max': '100\n',
      '/proc/sys/fs/file-nr': '4000\t0\t9223372036854775807\n',
    },
    runs: { [find]: { code: 1, stdout: '0\n0\n1000\n0\n', stderr: 'find: /proc/9: No such file' } },
  });
  const found = await seen('limits', host);
  expect(found).toEqual({
    conntrackCount: 12,
    conntrackMax: 100,
    inotifyInstances: 3,
    filesOpen: 4000,
    filesMax: 9223372036854775807,
    pidsCount: 300,
    pidsMax: 32768,
    memoryTotalBytes: 16_000_000 * 1024,
    memoryAvailableBytes: 9_000_000 * 1024,
    sysctls: { 'net.ipv4.ip_forward': '1' },
  });
});

it('prefers a container’s own count of processes', async () => {
  const files = { '/sys/fs/cgroup/pids.current': '7\n', '/sys/fs/cgroup/pids.max': '500\n' };
  expect(await seen('limits', lxcAgent({ files }))).toMatchObject({ pidsCount: 7, pidsMax: 500 });
  const free = { ...files, '/sys/fs/cgroup/pids.max': 'max\n' };
  expect(await seen('limits', lxcAgent({ files: free }))).toMatchObject({ pidsMax: 32768 });
});

it.each([
  [true, ''],
  [false, '0\n'],
])('counts no instances where it cannot see them (root: %s)', async (root, stdout) => {
  const found = await seen('limits', lxcAgent({ root, runs: { [find]: { code: 1, stdout } } }));
  expect(found.inotifyInstances).toBeUndefined();
});
