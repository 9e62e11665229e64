import { expect, test } from 'vitest';
import { host, known, silentHost, unit, unknown } from '../../../test/support/hosts.ts';
import { noon } from '../../../test/support/snapshot.ts';
import { hostsJson, hostsText } from './page.ts';

const now = Date.parse(noon);
const plain = { width: 80, colour: false, unicode: true };

const hosts = [
  host('k3s1', {
    declared: { addresses: ['192.0.2.11'], hypervisor: 'pve', uplink: 'eth0' },
    certificates: unknown('may not be read: the account is not root'),
    kernel: unknown('may not be read: the account is not root'),
    units: known([unit('k3s.service', { restarts: 3, result: 'exit-code' })]),
  }),
  silentHost('k3s2', 'timed-out', 'no answer within 8 s'),
];

test('facts, as a person reads them', async () => {
  await expect(hostsText(hosts, plain, now)).toMatchFileSnapshot('../goldens/host-facts.80.txt');
});

test('everything, as data', () => {
  const data = JSON.parse(hostsJson(hosts)) as { hosts: unknown[] };
  expect(data).toMatchObject({ schema: 'evenkeel/hosts/v1' });
  expect(data.hosts).toEqual(JSON.parse(JSON.stringify(hosts)));
});

test('foreign text stays text', () => {
  const evil = host('k3s1', { kmsg: known({ type: 'link', target: '\u001b[2Jx', keptBy: [] }) });
  expect(hostsText([evil], plain, now)).not.toContain('\u001b');
});
