import { describe, expect, it } from 'vitest';
import { hostParts } from '../../model/objects/host/host.ts';
import { allParts } from './all-parts.ts';
import { observeHost } from './observe-host.ts';
import { FakeReader } from './testing/fake-host.ts';
import { lookAt, lxcAgent } from './testing/lxc-agent.ts';
import { look, seen, still } from './testing/seen.ts';

const signal = new AbortController().signal;

describe('observeHost', () => {
  it('sees every part of a healthy agent', async () => {
    const host = await look(lxcAgent());
    const states = Object.fromEntries(hostParts.map((part) => [part, host[part].state]));
    expect(states).toEqual({
      ...Object.fromEntries(hostParts.map((part) => [part, 'known'])),
      usage: 'absent',
      haproxy: 'absent',
    });
    expect(host.reach).toEqual({
      state: 'answered',
      user: 'root',
      root: true,
      at: lookAt,
      tookMs: 0,
    });
  });

  it('asks in two looks, nothing twice', async () => {
    const reader = new FakeReader(lxcAgent());
    const declared = { addresses: [] };
    await observeHost({ reader, declared }, { clock: still, signal, timeoutMs: 8000 });
    expect(reader.looks).toHaveLength(2);
    const asked = reader.looks.flat().map((request) => JSON.stringify(request));
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('sees everything that the first look tells when the second fails', async () => {
    const host = await look(lxcAgent({ fails: { 1: 'cut' } }));
    expect(host.reach.state).toBe('answered');
    expect(host.units.state).toBe('known');
    expect(host.interfaces.state).toBe('known');
    expect(host.kernel).toMatchObject({ state: 'unknown', reason: 'unreachable' });
    expect(host.certificates).toMatchObject({ state: 'unknown', reason: 'unreachable' });
  });

  it.each(['requests', 'more', 'read'] as const)(
    'hides no other part when one throws in %s',
    async (step) => {
      const broken = {
        ...allParts.tcp,
        [step]: () => {
          throw new TypeError('a bug');
        },
      };
      const host = await look(lxcAgent(), { registry: { ...allParts, tcp: broken } });
      const wellWithout = step === 'more' ? 'known' : 'unknown';
      expect(host.tcp.state).toBe(wellWithout);
      if (host.tcp.state === 'unknown') expect(host.tcp.reason).toBe('malformed');
      const others = hostParts.filter((part) => part !== 'tcp');
      expect(others.filter((part) => host[part].state === 'unknown')).toEqual([]);
    },
  );

  it('takes garbage for nothing else', async () => {
    const host = await look(lxcAgent({ files: { '/proc/net/snmp': 'Tcp: no\n' } }));
    expect(host.tcp).toEqual({
      state: 'unknown',
      reason: 'malformed',
      detail: 'what the host answered of its tcp was not understood',
    });
  });

  it('says of a host that does not answer why, and the same of every part', async () => {
    const host = await look(lxcAgent({ fails: { 0: 'refused' } }));
    expect(host.reach).toMatchObject({ state: 'silent', reason: 'refused', at: lookAt });
    expect(host.ways).toMatchObject([{ outcome: 'refused' }]);
    const said = new Set(hostParts.map((part) => JSON.stringify(host[part])));
    expect([...said]).toHaveLength(1);
    expect(host.system).toMatchObject({ state: 'unknown', reason: 'unreachable' });
  });

  it('looks at parts that were asked for only', async () => {
    const host = await look(lxcAgent(), { parts: new Set(['clock']) });
    expect(host.clock.state).toBe('known');
    expect(host.units).toMatchObject({ state: 'unknown', reason: 'not-collected' });
  });

  it('sees what somebody without rights may see, and says what not', async () => {
    const denied = {
      '/proc/1/environ': 'Permission denied',
      '/etc/rancher/k3s/config.yaml': 'Permission denied',
    };
    const { files = {}, ...agent } = lxcAgent({ root: false });
    const left = Object.fromEntries(Object.entries(files).filter(([path]) => !(path in denied)));
    const host = await look({
      ...agent,
      files: { ...left, '/run/systemd/container': 'lxc' },
      denied,
    });
    expect(host.k3s).toMatchObject({ state: 'unknown', reason: 'forbidden' });
    expect(host.kubelet).toMatchObject({ state: 'unknown', reason: 'forbidden' });
    expect(host.certificates).toMatchObject({ state: 'unknown', reason: 'forbidden' });
    expect(host.system).toMatchObject({ state: 'known', value: { container: 'lxc' } });
    expect(host.fileSystems.state).toBe('known');
    expect(host.interfaces.state).toBe('known');
  });
});

describe('two looks', () => {
  const clock = { ...still, sleep: async () => undefined };

  it('keep the counters of the first', async () => {
    const host = await look(lxcAgent(), {
      intervalMs: 1000,
      clock: { ...clock, sleep: sleepOnce() },
    });
    expect(host.earlier).toMatchObject({
      at: lookAt,
      tcp: { outSegments: 1000, retransmitted: 20, span: 'boot' },
      units: [{ name: 'k3s-agent.service', restarts: 0 }],
    });
    expect(host.earlier?.interfaces.map(({ name }) => name)).toEqual(['lo', 'eth0']);
  });

  it.each(['timed-out', 'unreachable', 'denied'] as const)(
    'are one when the first is in vain: %s',
    async (fails) => {
      const reader = new FakeReader(lxcAgent({ fails: { 0: fails } }));
      const noWaiting = { ...clock, sleep: () => new Promise<void>(() => undefined) };
      const host = await observeHost(
        { reader, declared: { addresses: [] } },
        { clock: noWaiting, signal, timeoutMs: 8000, intervalMs: 60_000 },
      );
      expect(reader.looks).toHaveLength(1);
      expect(host.earlier).toBeUndefined();
      expect(host.reach).toMatchObject({ state: 'silent', reason: fails });
      expect(host.ways).toMatchObject([{ outcome: fails }]);
    },
  );

  it('are in vain when the host falls silent between them', async () => {
    const host = await look(lxcAgent({ fails: { 1: 'cut' } }), {
      intervalMs: 1000,
      clock: { ...clock, sleep: sleepOnce() },
    });
    expect(host.reach).toMatchObject({ state: 'silent', reason: 'cut' });
  });
});

/** The interval passes at once; deadlines never do. */
function sleepOnce(): (ms: number) => Promise<void> {
  return (ms) => (ms <= 1000 ? Promise.resolve() : new Promise(() => undefined));
}

describe('moments', () => {
  it('are by our own clock, however wrong the host’s is', async () => {
    const ahead = 600_000;
    const clock = { sentAt: lookAt - 20, receivedAt: lookAt + 20, hostAt: lookAt + ahead };
    const { modifiedAt } = { modifiedAt: lookAt - 86_400_000 + ahead };
    const agent = lxcAgent({
      clock,
      stats: { '/dev/kmsg': { type: 'character', device: { major: 1, minor: 11 }, modifiedAt } },
    });
    expect((await seen('system', agent)).bootedAt).toBe(lookAt - 86_400_000);
    expect((await seen('kmsg', agent)).changedAt).toBe(lookAt - 86_400_000);
    expect((await seen('clock', agent)).offsetMs).toEqual({ least: ahead - 20, most: ahead + 20 });
    const [unit] = await seen('units', agent);
    expect(unit?.activeSinceAt).toBe(lookAt - 86_400_000 + 20_000);
  });

  it('of a container are its own, also where lxcfs shows it an uptime of its own', async () => {
    const agent = lxcAgent({ files: { '/proc/uptime': '86400.00 1.00\n' } });
    expect((await seen('system', agent)).bootedAt).toBe(lookAt - 86_400_000);
    const [unit] = await seen('units', agent);
    expect(unit?.activeSinceAt).toBe(lookAt - 86_400_000 + 20_000);
  });
});
