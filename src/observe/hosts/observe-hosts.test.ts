import { describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { observeHosts } from './observe-hosts.ts';
import { type FakeHost, FakeReader, failure } from './testing/fake-host.ts';
import { lookAt, lxcAgent } from './testing/lxc-agent.ts';
import { still } from './testing/seen.ts';

const declared = { addresses: [] };
const to = (host: FakeHost): { reader: FakeReader; declared: Host['declared'] } => ({
  reader: new FakeReader(host),
  declared,
});

async function observe(
  hosts: readonly FakeHost[],
  options: Partial<Parameters<typeof observeHosts>[0]> = {},
): Promise<readonly Host[]> {
  const signal = new AbortController().signal;
  const facet = await observeHosts({ readers: hosts.map(to), clock: still, signal, ...options });
  if (facet.state !== 'known') throw new Error('unknown');
  return facet.value;
}

describe('observeHosts', () => {
  it('orders hosts by name, whoever answers first', async () => {
    const done: string[] = [];
    const hosts = ['c', 'a', 'b'].map((name) => lxcAgent({ name }));
    const found = await observe(hosts, {
      onHost: (name, n, of) => done.push(`${name} ${n}/${of}`),
    });
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c']);
    expect(done).toHaveLength(3);
    expect(done.at(-1)).toMatch(/3\/3$/);
  });

  it('hides no host behind another, whatever becomes of it', async () => {
    const hosts = [
      lxcAgent({ name: 'well' }),
      lxcAgent({ name: 'silent', fails: { 0: 'timed-out' } }),
      lxcAgent({ name: 'broken', fails: { 0: new TypeError('a bug of a driver') } }),
    ];
    const found = await observe(hosts);
    expect(found.map(({ metadata, reach }) => [metadata.name, reach.state])).toEqual([
      ['broken', 'silent'],
      ['silent', 'silent'],
      ['well', 'answered'],
    ]);
    expect(found[0]?.reach).toMatchObject({
      reason: 'malformed',
      detail: 'looking at it failed: a bug of a driver',
    });
  });

  it('waits for no host beyond its deadline, though its reader never ends', async () => {
    const clock = { ...still, sleep: async () => undefined };
    const [found] = await observe([lxcAgent({ fails: { 0: 'never' } })], { clock, timeoutMs: 10 });
    expect(found?.reach).toMatchObject({ state: 'silent', reason: 'timed-out' });
    const [half] = await observe([lxcAgent({ fails: { 1: 'never' } })], {
      clock: { ...still, sleep: (ms) => systemClock.sleep(ms / 100) },
      timeoutMs: 1000,
    });
    expect(half?.reach.state).toBe('answered');
    expect(half?.kernel).toMatchObject({ state: 'unknown', reason: 'timed-out' });
    expect(half?.units.state).toBe('known');
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const looking = observe([lxcAgent({ fails: { 0: 'never' } })], { signal: stop.signal });
    stop.abort();
    const [found] = await looking;
    expect(found?.reach).toMatchObject({ state: 'silent', reason: 'cancelled' });
  });

  it('gives each host its baseline, also one that is silent', async () => {
    const baselines = new Map([['k3s1', { recordedAt: 1 }]]);
    const [found] = await observe([lxcAgent({ fails: { 0: 'refused' } })], { baselines });
    expect(found?.baseline).toEqual({ recordedAt: 1 });
  });

  it('looks at no more than so many at a time', async () => {
    let open = 0;
    let most = 0;
    const readers = Array.from({ length: 100 }, (_, n) => ({
      declared,
      reader: {
        name: `host-${n}`,
        look: async () => {
          most = Math.max(most, ++open);
          await systemClock.sleep(1);
          open--;
          throw failure(`host-${n}`, 'refused');
        },
        close: async () => undefined,
      },
    }));
    expect(await observe([], { readers })).toHaveLength(100);
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThan(100);
  });

  it('of nobody is nothing', async () => {
    const signal = new AbortController().signal;
    const facet = await observeHosts({ readers: [], clock: still, signal });
    expect(facet).toMatchObject({ state: 'known', value: [], observedAt: lookAt });
  });
});
