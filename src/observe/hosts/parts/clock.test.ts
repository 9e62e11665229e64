import { expect, it } from 'vitest';
import type { FakeHost } from '../testing/fake-host.ts';
import { agentUnit, lxcAgent, shown } from '../testing/lxc-agent.ts';
import { seen } from '../testing/seen.ts';

const timedatectl = 'timedatectl show --property=NTPSynchronized';
const chronyc = 'chronyc -c tracking';
const tracking = (leap: string): string =>
  `A9FE7B7B,ntp,3,1.0,0.1,0.2,0.3,-1,0,0.1,0.2,0.3,64,${leap}\n`;

const withUnit = (name: string, runs: FakeHost['runs'], stats: FakeHost['stats'] = {}): FakeHost =>
  lxcAgent({
    stats,
    files: { '/proc/1/environ': '' },
    runs: { 'systemctl show *': `${agentUnit}\n${shown(name)}`, ...runs },
  });

it('of a container is its machine’s, and synchronised as the kernel has it', async () => {
  expect(await seen('clock', lxcAgent())).toEqual({
    offsetMs: { least: -20, most: 20 },
    synchronised: true,
    keeper: 'host',
  });
});

it.each([
  [
    'systemd-timesyncd.service',
    { [timedatectl]: 'NTPSynchronized=no\n' },
    {},
    'systemd-timesyncd',
    false,
  ],
  ['systemd-timesyncd.service', { [timedatectl]: 'timed-out' }, {}, 'systemd-timesyncd', undefined],
  [
    'systemd-timesyncd.service',
    { [timedatectl]: 'timed-out' },
    { '/run/systemd/timesync/synchronized': {} },
    'systemd-timesyncd',
    true,
  ],
  [
    'chrony.service',
    { [timedatectl]: 'NTPSynchronized=no\n', [chronyc]: tracking('Normal') },
    {},
    'chrony',
    true,
  ],
  [
    'chronyd.service',
    { [timedatectl]: 'NTPSynchronized=yes\n', [chronyc]: tracking('Not synchronised') },
    {},
    'chrony',
    false,
  ],
  ['ntpsec.service', { [timedatectl]: 'NTPSynchronized=yes\n' }, {}, 'ntpd', true],
] as const)('%s %j', async (unit, runs, stats, keeper, synchronised) => {
  const found = await seen('clock', withUnit(unit, runs, stats));
  expect([found.keeper, found.synchronised]).toEqual([keeper, synchronised]);
});

it('of a machine of its own that nobody keeps has no keeper', async () => {
  const host = lxcAgent({
    files: { '/proc/1/environ': '' },
    runs: { [timedatectl]: 'no-program' },
  });
  expect(await seen('clock', host)).toEqual({ offsetMs: { least: -20, most: 20 } });
});
