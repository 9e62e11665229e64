import { describe, expect, it } from 'vitest';
import { observeHost } from '../observe-host.ts';
import { FakeReader } from '../testing/fake-host.ts';
import { lxcAgent } from '../testing/lxc-agent.ts';
import { look, seen, still } from '../testing/seen.ts';

const mounts = `1 0 7:1 / / rw,relatime - ext4 /dev/loop1 ro,errors=remount-ro
2 1 8:2 / /var/lib/rancher rw - xfs /dev/sdb1 rw
3 1 0:40 / /mnt/nfs rw - nfs4 192.0.2.9:/x rw
`;
const header = '1B-blocks Avail Inodes IFree Mounted on\n';
const df = 'df -B 1 *';
const du = 'du -x -a -k -d 1 *';

describe('fileSystems', () => {
  it('tells those that something of k3s lies on, and nothing of others', async () => {
    const stdout = `${header}1000 600 10 5 /\n5000 100 - - /var/lib/rancher\n`;
    const stderr = 'df: /var/lib/rancher/k3s/server/db: No such file or directory\n';
    const host = lxcAgent({
      files: { '/proc/self/mountinfo': mounts },
      runs: { [df]: { code: 1, stdout, stderr } },
    });
    expect(await seen('fileSystems', host)).toEqual([
      {
        target: '/',
        source: '/dev/loop1',
        type: 'ext4',
        options: ['relatime', 'ro', 'errors=remount-ro'],
        device: '7:1',
        sizeBytes: 1000,
        availableBytes: 600,
        inodes: 10,
        inodesFree: 5,
        holds: ['root', 'logs', 'kubelet'],
      },
      {
        target: '/var/lib/rancher',
        source: '/dev/sdb1',
        type: 'xfs',
        options: ['rw'],
        device: '8:2',
        sizeBytes: 5000,
        availableBytes: 100,
        holds: ['kubelet', 'containerd'],
      },
    ]);
  });

  it('is unknown when df hangs', async () => {
    const host = await look(lxcAgent({ runs: { [df]: 'timed-out' } }));
    expect(host.fileSystems).toMatchObject({ state: 'unknown', reason: 'timed-out' });
    expect(host.usage).toMatchObject({ state: 'unknown', reason: 'timed-out' });
  });
});

describe('usage', () => {
  const full = `${header}1000 100 10 5 /\n`;
  const uid = '11111111-1111-1111-1111-111111111111';

  it('is not asked for while there is room', async () => {
    expect((await look(lxcAgent())).usage).toEqual({ state: 'absent' });
  });

  it('tells the largest, and whose pods they are', async () => {
    const kib = 1024 * 1024;
    const pods = '/var/lib/kubelet/pods';
    const logs = `/var/log/pods/shop_web_${uid}`;
    const runs = {
      [df]: full,
      [`${du.slice(0, -1)}/var/lib/kubelet/pods *`]: {
        code: 1,
        stdout: [
          `${kib}\t${pods}/${uid}`,
          `${kib}\t${pods}`,
          `${3 * kib}\t${logs}`,
          `${3 * kib}\t/var/log/pods`,
          `${2 * kib}\t/var/log/big.log`,
          `4\t/var/log/small`,
          `${2 * kib + 4}\t/var/log\n`,
        ].join('\n'),
        stderr: 'du: cannot read directory',
      },
      [du]: 'timed-out' as const,
    };
    expect(await seen('usage', lxcAgent({ runs }))).toEqual([
      { path: logs, bytes: 3 * 2 ** 30, podUid: uid },
      { path: '/var/log/big.log', bytes: 2 * 2 ** 30 },
      { path: `/var/lib/kubelet/pods/${uid}`, bytes: 2 ** 30, podUid: uid },
    ]);
  });

  it('looks into what lies on the full one only', async () => {
    const stdout = `${header}1000 600 10 5 /\n5000 100 - - /var/lib/rancher\n`;
    const host = lxcAgent({
      files: { '/proc/self/mountinfo': mounts },
      runs: { [df]: stdout, [du]: '4\t/x\n' },
    });
    const reader = new FakeReader(host);
    const signal = new AbortController().signal;
    const declared = { addresses: [] };
    await observeHost({ reader, declared }, { clock: still, signal, timeoutMs: 8000 });
    const folders = reader.looks
      .flat()
      .flatMap((each) => (each.kind === 'run' && each.argv[0] === 'du' ? each.argv.slice(6) : []));
    expect(folders).toEqual([
      '/var/lib/rancher/k3s/agent/kubelet/pods',
      '/var/lib/rancher/k3s/storage',
      '/var/lib/rancher/k3s/server/db',
      '/var/lib/rancher/k3s/agent/containerd',
    ]);
  });

  it('is unknown when nothing ends in time', async () => {
    const host = await look(lxcAgent({ runs: { [df]: full, [du]: 'timed-out' } }));
    expect(host.usage).toMatchObject({ state: 'unknown', reason: 'timed-out' });
  });
});

describe('diskLatency', () => {
  it('is the mean since boot, of whole disks', async () => {
    expect(await seen('diskLatency', lxcAgent())).toEqual([
      { device: 'loop1', writeMs: 2.5, writes: 100, overMs: 864_000_000, span: 'boot' },
    ]);
  });
});
