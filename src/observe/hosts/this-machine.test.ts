import { expect, it } from 'vitest';
import { openHosts } from '../../access/host/open.ts';
import { systemClock } from '../../lib/clock.ts';
import { hostParts, hostSchema } from '../../model/objects/host/host.ts';
import { observeHosts } from './observe-hosts.ts';

/** Real programs and files, whatever they are here: no part may misunderstand them. */
it('looks at the machine that runs this test', async () => {
  const readers = openHosts([{ name: 'here', local: { sudo: false }, optional: false }]);
  const reader = readers.get('here');
  if (!reader) throw new Error('no reader');
  const facet = await observeHosts({
    readers: [{ reader, declared: { addresses: [] } }],
    clock: systemClock,
    signal: new AbortController().signal,
    timeoutMs: 30_000,
    intervalMs: 10,
  });
  await reader.close();
  const host = facet.state === 'known' ? facet.value[0] : undefined;
  if (!host) throw new Error('no host');
  expect(host.reach.state).toBe('answered');
  expect(() => hostSchema.parse(host)).not.toThrow();
  const misread = hostParts.filter((part) => {
    const look = host[part];
    return look.state === 'unknown' && look.reason === 'malformed';
  });
  expect(misread).toEqual([]);
  const { system, interfaces, fileSystems, earlier } = host;
  expect(system).toMatchObject({ state: 'known', value: { kernel: expect.stringMatching(/^\d/) } });
  const now = Date.now();
  expect(system.state === 'known' && system.value.bootedAt).toBeLessThan(now);
  expect(interfaces.state === 'known' && interfaces.value.map(({ name }) => name)).toContain('lo');
  const root =
    fileSystems.state === 'known' && fileSystems.value.find(({ target }) => target === '/');
  expect(root).toMatchObject({ holds: expect.arrayContaining(['root']) });
  expect(earlier?.interfaces.length).toBeGreaterThan(0);
}, 60_000);
