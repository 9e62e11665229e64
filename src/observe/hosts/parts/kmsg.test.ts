import { describe, expect, it } from 'vitest';
import type { FakeHost } from '../testing/fake-host.ts';
import { lookAt, lxcAgent } from '../testing/lxc-agent.ts';
import { seen } from '../testing/seen.ts';

const bare = '1 0 7:1 / / rw - ext4 /dev/loop1 rw\n2 1 0:50 / /dev rw - tmpfs none rw\n';
const dropIn = '/etc/systemd/system/k3s-agent.service.d/10-kmsg.conf';

it('is the device, kept by the container’s configuration', async () => {
  expect(await seen('kmsg', lxcAgent())).toEqual({
    type: 'device',
    device: { major: 1, minor: 11 },
    changedAt: lookAt - 86_400_000,
    keptBy: ['bind'],
  });
});

it('is missing', async () => {
  const { stats, ...agent } = lxcAgent({ files: { '/proc/self/mountinfo': bare } });
  const { '/dev/kmsg': _, ...others } = stats ?? {};
  expect(await seen('kmsg', { ...agent, stats: others })).toEqual({ type: 'missing', keptBy: [] });
});

it('is a link, which may lead nowhere', async () => {
  const link = {
    type: 'link',
    target: '/dev/console',
    dangling: true,
    modifiedAt: lookAt,
  } as const;
  const host = lxcAgent({ stats: { '/dev/kmsg': link } });
  expect(await seen('kmsg', host)).toMatchObject({
    type: 'link',
    target: '/dev/console',
    dangling: true,
  });
});

describe('what makes it again', () => {
  const cases: readonly (readonly [NonNullable<FakeHost['files']>, readonly string[]])[] = [
    [{}, []],
    [{ '/proc/self/mountinfo': bare.replace('tmpfs', 'devtmpfs') }, ['devtmpfs']],
    [{ [dropIn]: '[Service]\nExecStartPre=-/bin/sh -c "mknod /dev/kmsg c 1 11"\n' }, ['drop-in']],
    [
      {
        '/etc/systemd/system/k3s-agent.service':
          '[Service]\nExecStartPre=/bin/ln -s /dev/console /dev/kmsg\n',
      },
      ['unit'],
    ],
    [
      {
        '/etc/systemd/system/k3s-agent.service':
          '[Service]\n# ExecStartPre=/bin/ln -s /dev/console /dev/kmsg\n',
      },
      [],
    ],
    [{ [dropIn]: '[Unit]\nDescription=makes /dev/kmsg\n' }, []],
    [{ '/etc/tmpfiles.d/kmsg.conf': 'L /dev/kmsg - - - - /dev/console\n' }, ['tmpfiles']],
    [{ '/usr/lib/tmpfiles.d/kmsg.conf': 'c! /dev/kmsg 0600 root root - 1:11\n' }, ['tmpfiles']],
    [{ '/etc/tmpfiles.d/kmsg.conf': '#L /dev/kmsg - - - - /dev/console\nz /dev/kmsg 0600\n' }, []],
    [{ '/etc/rc.local': '#!/bin/sh\nln -s /dev/console /dev/kmsg\n' }, ['rc-local']],
    [
      {
        '/etc/systemd/system/conf-kmsg.service':
          '[Service]\nExecStart=/usr/local/bin/conf-kmsg.sh\n',
      },
      ['service'],
    ],
    [{ '/etc/systemd/system/other.service': '[Service]\nExecStart=/usr/bin/other\n' }, []],
  ];
  it.each(cases)('%j → %j', async (files, keptBy) => {
    const host = lxcAgent({ files: { '/proc/self/mountinfo': bare, ...files } });
    expect((await seen('kmsg', host)).keptBy).toEqual(keptBy);
  });
});
