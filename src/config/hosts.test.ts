import { describe, expect, test } from 'vitest';
import { hostSettings } from './hosts.ts';
import { parseConfig } from './load.ts';
import { sshPlace } from './ssh-place.ts';

function mistakesIn(text: string): readonly string[] {
  const loaded = parseConfig(text, 'evenkeel.yaml', []);
  if (!('mistakes' in loaded)) return [];
  return loaded.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test('all of it', () => {
  const loaded = parseConfig(
    `hosts:
  pve: { ssh: root@192.0.2.2 }
  k3s1:
    node: k3s-1
    ssh: { address: 192.0.2.11, port: 2222, user: josh, identityFile: ~/.ssh/lab, jump: pve, sudo: false, client: system }
    pct: { host: pve, id: 101 }
    switch: sw-desk
    optional: true
    uplink: enx00e04c680001
    haproxy: { socket: /run/haproxy/admin.sock }
  nas: { lxc: { name: nas, path: /var/lib/lxc }, haproxy: { url: "http://127.0.0.1:8404/stats;csv" } }
  here: { local: true, hypervisor: pve }
  there: { local: { sudo: false } }
`,
    'evenkeel.yaml',
    [],
  );
  if ('mistakes' in loaded) throw new Error(JSON.stringify(loaded.mistakes));
  const [pve, k3s1, nas, here, there] = hostSettings(loaded.config.hosts);
  expect(pve).toMatchObject({ name: 'pve', ssh: { user: 'root', address: '192.0.2.2' } });
  expect(k3s1).toEqual({
    name: 'k3s1',
    node: 'k3s-1',
    ssh: {
      address: '192.0.2.11',
      port: 2222,
      user: 'josh',
      identityFile: '~/.ssh/lab',
      jump: 'pve',
      sudo: false,
      client: 'system',
    },
    pct: { host: 'pve', id: 101 },
    hypervisor: 'pve',
    switch: 'sw-desk',
    optional: true,
    uplink: 'enx00e04c680001',
    haproxy: { socket: '/run/haproxy/admin.sock' },
  });
  expect(nas).toMatchObject({
    optional: false,
    haproxy: { url: 'http://127.0.0.1:8404/stats;csv' },
  });
  expect(nas?.hypervisor).toBeUndefined();
  expect(here).toMatchObject({ local: { sudo: true }, hypervisor: 'pve' });
  expect(there).toMatchObject({ local: { sudo: false } });
});

test('none', () => {
  expect(hostSettings(undefined)).toEqual([]);
  expect(mistakesIn('hosts:\n')).toEqual([]);
  expect(mistakesIn('hosts: {}\n')).toEqual([]);
});

describe('mistakes', () => {
  test.each([
    [
      '  k3s1: { ssh: { adress: a } }',
      '2:16 hosts.k3s1.ssh.address: Invalid input: expected string, received undefined',
    ],
    [
      '  k3s1: { ssh: { address: a, prt: 22 } }',
      '2:30 hosts.k3s1.ssh: unknown key prt; did you mean port?',
    ],
    [
      '  k3s1: { ssh: { address: -oProxyCommand=x } }',
      '2:27 hosts.k3s1.ssh.address: not an address',
    ],
    [
      '  k3s1: { ssh: { address: a, port: 0 } }',
      '2:36 hosts.k3s1.ssh.port: Too small: expected number to be >=1',
    ],
    ['  k3s1: { ssh: "a b" }', '2:16 hosts.k3s1.ssh: not user@address or user@address:port'],
    [
      '  k3s1: { ssh: 3 }',
      '2:16 hosts.k3s1.ssh: neither user@address:port nor a mapping with an address',
    ],
    ['  k3s1: { local: false }', '2:18 hosts.k3s1.local: neither true nor {sudo: false}'],
    ['  K3S1: { local: true }', '2:3 hosts.K3S1: not a name such as k3s1: a-z, 0-9 and dashes'],
    [
      '  k3s1: { local: true, switchh: a }',
      '2:24 hosts.k3s1: unknown key switchh; did you mean switch?',
    ],
    [
      '  k3s1: { optional: true }',
      '2:3 hosts.k3s1: there is no way to it; it needs ssh, pct, lxc or local',
    ],
    ['  k3s1: { pct: { host: pve, id: 101 } }', '2:24 hosts.k3s1.pct.host: there is no host pve'],
    [
      '  k3s1: { lxc: { name: a, host: k3s1 } }',
      '2:33 hosts.k3s1.lxc.host: it cannot be the host itself',
    ],
    [
      '  pve1: { local: true }\n  k3s1: { pct: { host: pve, id: 101 } }',
      '3:24 hosts.k3s1.pct.host: there is no host pve; did you mean pve1?',
    ],
    [
      '  pve: { local: true }\n  k3s1: { ssh: { address: a, jump: pve } }',
      '3:36 hosts.k3s1.ssh.jump: pve has no ssh to connect through',
    ],
    [
      '  a: { ssh: { address: a, jump: b } }\n  b: { ssh: c, pct: { host: a, id: 100 } }',
      '3:29 hosts.b.pct.host: it leads round: a, b, a',
    ],
    ['  k3s1: { local: true, haproxy: {} }', '2:33 hosts.k3s1.haproxy: takes either socket or url'],
    [
      '  k3s1: { local: true, haproxy: { url: "http://u:secret@x/" } }',
      '2:40 hosts.k3s1.haproxy.url: not an http:// or https:// address without a password',
    ],
  ])('%s', (text, mistake) => {
    expect(mistakesIn(`hosts:\n${text}\n`)).toContain(mistake);
  });

  test('are found all at once', () => {
    expect(
      mistakesIn('hosts:\n  a: { optional: true }\n  b: { pct: { host: c, id: 100 } }\n'),
    ).toHaveLength(2);
  });
});

test.each([
  ['k3s1', { address: 'k3s1' }],
  ['josh@k3s1', { user: 'josh', address: 'k3s1' }],
  ['josh@192.0.2.7:2222', { user: 'josh', address: '192.0.2.7', port: 2222 }],
  ['root@[2001:db8::1]:22', { user: 'root', address: '2001:db8::1', port: 22 }],
  ['2001:db8::1', { address: '2001:db8::1' }],
  ['a@b@k3s1', { user: 'a@b', address: 'k3s1' }],
  ['', undefined],
  ['@k3s1', undefined],
  ['josh@', undefined],
  ['-oProxyCommand=x', undefined],
  ['josh@-x', undefined],
  ['-l@k3s1', undefined],
  ['k3s1:0', undefined],
  ['k3s1:65536', undefined],
  ['k3s1:ssh', undefined],
  ['a b', undefined],
])('%s', (text, place) => {
  expect(sshPlace(text)).toEqual(place);
});
