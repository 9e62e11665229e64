import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostDeps } from './open.ts';
import type { HostReader } from './port.ts';
import {
  answerAt,
  hostFailureOf,
  hostname,
  patient,
  settingsOf,
  TestHosts,
} from './testing/looks.ts';

/** `pct`, `lxc-attach` and `lxc-info` of a hypervisor that this machine plays. */
const enter = 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"';

let hosts: TestHosts;
beforeEach(() => {
  hosts = new TestHosts();
  // This machine may have the real one.
  hosts.place.program('lxc-info', 'exit 1');
});
afterEach(async () => {
  await hosts.end();
});

function deps(): HostDeps {
  return { env: { PATH: `${hosts.place.path('bin')}:${process.env['PATH']}` }, root: true };
}

function guest(settings: Parameters<typeof settingsOf>[1]): HostReader {
  const opened = hosts.open(
    [settingsOf('pve', { local: { sudo: true } }), settingsOf('k3s1', settings)],
    deps(),
  );
  const reader = opened.get('k3s1');
  if (!reader) throw new Error('no reader');
  return reader;
}

const short = { ...patient, timeoutMs: 6000 };

describe('pct', () => {
  const settings = { pct: { host: 'pve', id: 101 } };
  const pct = (exec: string, status: string): string =>
    hosts.place.program(
      'pct',
      `echo "$*" >>${hosts.place.path('calls')}\ncase $1 in\nexec) ${exec} ;;\nstatus) ${status} ;;\nesac`,
    );

  test('goes in through its hypervisor', async () => {
    pct(enter, 'echo status: running');
    const look = await guest(settings).look([hostname], patient);
    expect(answerAt(look, 0, 'contents').files).toHaveLength(1);
    expect(look.ways).toEqual([{ transport: 'pct', name: 'pct 101 on pve', outcome: 'answered' }]);
  });

  test.each([
    [
      'stopped',
      'container-stopped',
      "echo 'CT is not running' >&2; exit 255",
      'echo status: stopped',
      'exit 1',
    ],
    ['frozen', 'container-frozen', 'sleep 60', 'echo status: running', "echo 'State:  FROZEN'"],
    [
      'not there',
      'no-such-container',
      'exit 2',
      'echo "Configuration file \'nodes/pve/lxc/101.conf\' does not exist" >&2; exit 2',
      'exit 1',
    ],
    [
      'running and silent',
      'timed-out',
      'sleep 60',
      'echo status: running',
      "echo 'State: RUNNING'",
    ],
    ['running and out of its mind', 'malformed', 'echo oops', 'echo status: running', 'exit 1'],
  ])('%s', async (_, kind, exec, status, info) => {
    pct(exec, status);
    hosts.place.program('lxc-info', info);
    const failure = await hostFailureOf(guest(settings).look([hostname], short));
    expect(failure.kind).toBe(kind);
    const way = { transport: 'pct', name: 'pct 101 on pve', outcome: kind };
    const present = info.includes('RUNNING') ? { present: true } : {};
    expect(failure.ways).toEqual([{ ...way, detail: expect.any(String), ...present }]);
    expect(failure.next).toContain('pct status 101');
  });

  test('without pct', async () => {
    const failure = await hostFailureOf(guest(settings).look([hostname], patient));
    expect(failure.kind).toBe('no-program');
    expect(failure.message).toContain('this machine has no pct');
  });
});

describe('lxc', () => {
  const settings = { lxc: { name: 'k3s1', path: '/var/lib/lxc' } };

  test('goes in from this machine', async () => {
    const calls = hosts.place.path('calls');
    hosts.place.program('lxc-attach', `echo "$*" >${calls}\n${enter}`);
    const look = await guest(settings).look([hostname], patient);
    expect(look.ways).toEqual([
      { transport: 'lxc', name: 'lxc k3s1 on this machine', outcome: 'answered' },
    ]);
  });

  test.each([
    ['container-stopped', "echo 'State:          STOPPED'"],
    ['container-frozen', "echo 'State:          FROZEN'"],
    ['no-such-container', 'echo "k3s1 doesn\'t exist" >&2; exit 1'],
  ])('%s', async (kind, info) => {
    hosts.place.program('lxc-attach', "echo 'lxc-attach: Failed' >&2; exit 1");
    hosts.place.program('lxc-info', info);
    const failure = await hostFailureOf(guest(settings).look([hostname], short));
    expect(failure.kind).toBe(kind);
    expect(failure.next).toContain('lxc-info -P /var/lib/lxc -n k3s1 -s');
  });
});

describe('several ways', () => {
  test('the next one is tried, and all are told', async () => {
    hosts.place.program('pct', 'exit 1');
    hosts.place.program('lxc-attach', enter);
    const settings = { pct: { host: 'pve', id: 101 }, lxc: { name: 'k3s1' } };
    const look = await guest(settings).look([hostname], patient);
    expect(look.ways.map(({ transport, outcome }) => [transport, outcome])).toEqual([
      ['pct', 'malformed'],
      ['lxc', 'answered'],
    ]);
  });

  test('a silent one leaves time for the next', async () => {
    hosts.place.program('pct', 'exec sleep 60');
    hosts.place.program('lxc-attach', enter);
    const settings = { pct: { host: 'pve', id: 101 }, lxc: { name: 'k3s1' } };
    const look = await guest(settings).look([hostname], { ...patient, timeoutMs: 6000 });
    expect(look.ways.map(({ outcome }) => outcome)).toEqual(['timed-out', 'answered']);
  });

  test('proof decides over silence', async () => {
    hosts.place.program('pct', 'case $1 in status) echo status: stopped ;; *) exit 1 ;; esac');
    hosts.place.program('lxc-attach', 'exec sleep 60');
    const settings = { pct: { host: 'pve', id: 101 }, lxc: { name: 'k3s1' } };
    const failure = await hostFailureOf(guest(settings).look([hostname], short));
    expect(failure.kind).toBe('container-stopped');
    expect(failure.ways.map(({ outcome }) => outcome)).toEqual(['container-stopped', 'timed-out']);
  });

  test('when interrupted the others are not tried', async () => {
    hosts.place.program('pct', 'exec sleep 60');
    const settings = { pct: { host: 'pve', id: 101 }, lxc: { name: 'k3s1' } };
    const interrupted = new AbortController();
    setTimeout(() => interrupted.abort(), 200);
    const look = guest(settings).look([hostname], { ...patient, signal: interrupted.signal });
    const failure = await hostFailureOf(look);
    expect(failure.kind).toBe('cancelled');
    expect(failure.ways.map(({ outcome }) => outcome)).toEqual(['cancelled', 'not-tried']);
  });
});

test('a hypervisor that cannot be reached is told as the way through it', async () => {
  const nowhere = { address: '127.0.0.1', port: 1, user: 'root', sudo: false };
  const opened = hosts.open([
    settingsOf('pve', { ssh: nowhere }),
    settingsOf('k3s1', { pct: { host: 'pve', id: 101 } }),
  ]);
  const look = opened.get('k3s1')?.look([hostname], patient) ?? Promise.resolve();
  const failure = await hostFailureOf(look);
  expect(failure.kind).toBe('through');
  expect(failure.message).toContain('pve: refused');
});

test('ways that lead round are a bug', () => {
  const round = [
    settingsOf('a', { pct: { host: 'b', id: 100 } }),
    settingsOf('b', { pct: { host: 'a', id: 101 } }),
  ];
  expect(() => hosts.open(round)).toThrow('leads through itself');
});

test('a request that no collector may make rejects as a bug', async () => {
  const reader = guest({ local: { sudo: false } });
  const look = reader.look(
    [{ kind: 'run', argv: ['reboot'], timeoutMs: 1000, maxBytes: 1 }],
    patient,
  );
  await expect(look).rejects.toThrow('no look may run ["reboot"]');
  const relative = reader.look([{ kind: 'contents', paths: ['etc/passwd'], maxBytes: 1 }], patient);
  await expect(relative).rejects.toThrow('no path for a look');
});
