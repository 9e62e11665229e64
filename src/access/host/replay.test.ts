import { symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import type { HostAnswer, HostRequest } from './port.ts';
import { ReplayReader, runName } from './replay.ts';
import { TestPlace } from './testing/place.ts';

let place: TestPlace;
beforeEach(() => {
  place = new TestPlace();
});
afterEach(() => place.remove());

async function answer(request: HostRequest): Promise<HostAnswer | undefined> {
  const options = { name: 'k3s1', directory: place.directory, clock: systemClock };
  return (await new ReplayReader(options).look([request])).answers[0];
}

describe('contents', () => {
  test('of a tree of links, as in sysfs', async () => {
    place.write('root/sys/devices/usb2/2-1/net/eth0/carrier', '1\n');
    place.write('root/sys/devices/usb2/2-1/net/eth0/.hidden', 'x');
    place.write('root/sys/class/net/bonding_masters', '\n');
    symlinkSync('../../devices/usb2/2-1/net/eth0', place.path('root/sys/class/net/eth0'));
    symlinkSync('/sys/devices/usb2', place.path('root/absolute'));
    const read = (paths: readonly string[]): Promise<HostAnswer | undefined> =>
      answer({ kind: 'contents', paths, maxBytes: 1 });
    expect(await read(['/sys/class/net/*/carrier', '/sys/class/net/eth0', '/nowhere'])).toEqual({
      kind: 'contents',
      files: [{ path: '/sys/class/net/eth0/carrier', text: '1', cut: true }],
      denied: [],
    });
    expect(await read(['/absolute/2-1/net/*/*'])).toMatchObject({
      files: [{ path: '/absolute/2-1/net/eth0/carrier' }],
    });
  });

  test('never from outside', async () => {
    place.write('secret', 'x');
    place.write('root/etc/real', 'x');
    symlinkSync('../../../../secret', place.path('root/etc/relative'));
    symlinkSync(place.path('secret'), place.path('root/etc/absolute'));
    symlinkSync('round', place.path('root/etc/round'));
    const paths = ['/etc/*', '/../secret', '/etc/../../secret'];
    expect(await answer({ kind: 'contents', paths, maxBytes: 9 })).toMatchObject({
      files: [{ path: '/etc/real' }],
    });
  });
});

test('facts of files, and of what no directory can hold', async () => {
  place.write('root/dev/log', 'x', 0o640);
  symlinkSync('/dev/console', place.path('root/dev/kmsg'));
  const console = {
    type: 'character',
    mode: 0o600,
    uid: 0,
    gid: 0,
    sizeBytes: 0,
    modifiedAt: 0,
    device: { major: 5, minor: 1 },
  };
  place.write('stats.json', JSON.stringify({ '/dev/console': console }));
  expect(await answer({ kind: 'stats', paths: ['/dev/*'] })).toMatchObject({
    files: [
      { path: '/dev/console', ...console },
      { path: '/dev/kmsg', type: 'link', target: '/dev/console', dangling: true },
      { path: '/dev/log', type: 'file', mode: 0o640, sizeBytes: 1 },
    ],
  });
});

test('what programs printed', async () => {
  const limits = { timeoutMs: 1000, maxBytes: 5 };
  const argv = ['journalctl', '-u', 'k3s', '--grep=a/b|c'];
  expect(runName(['ip', '-j', 'link', 'show'])).toBe('ip -j link show');
  expect(runName(argv)).toMatch(/^journalctl -u k3s --grep=a_b_c \w{8}$/);
  place.write(`run/${runName(argv)}`, 'of the journal\n');
  place.write('run/k3s --version.json', '{"code": 2, "stderr": "no"}');
  expect(await answer({ kind: 'run', argv, ...limits })).toEqual({
    kind: 'ran',
    code: 0,
    stdout: 'of th',
    stderr: '',
    cut: true,
  });
  expect(await answer({ kind: 'run', argv: ['k3s', '--version'], ...limits })).toMatchObject({
    code: 2,
    stderr: 'no',
  });
  expect(await answer({ kind: 'run', argv: ['pct', 'list'], ...limits })).toEqual({
    kind: 'no-program',
  });
  await expect(answer({ kind: 'run', argv: ['reboot'], ...limits })).rejects.toThrow('no look');
});
