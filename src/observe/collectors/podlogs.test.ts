import { expect, test } from 'vitest';
import type { Facet } from '../../model/facet.ts';
import { podSchema } from '../../model/objects/pod.ts';
import { contextOf, failure, TestReader } from '../testing/reader.ts';
import { collector } from './podlogs.ts';

const waiting = { waiting: { reason: 'CrashLoopBackOff' } };
const crashing = podSchema.parse({
  metadata: { name: 'web', namespace: 'default' },
  spec: {},
  status: {
    containerStatuses: [
      { name: 'main', ready: false, restartCount: 5, image: 'app', state: waiting },
      { name: 'well', ready: true, restartCount: 0, image: 'app' },
    ],
  },
});
const pods = { state: 'known', value: [crashing], observedAt: 0, scope: 'cluster', rejected: [] };

async function collected(log: string): Promise<Facet<readonly { lines: readonly string[] }[]>> {
  const reader = new TestReader(() => ({ body: log }));
  const facet = async (): Promise<never> => pods as never;
  return await collector.collect(contextOf(reader, { facet }));
}

async function linesOf(log: string): Promise<readonly string[]> {
  const facet = await collected(log);
  return facet.state === 'known' ? (facet.value[0]?.lines ?? []) : [];
}

test('the last lines of what crashes, without secrets', async () => {
  const lines = await linesOf('starting\n\npassword=zebra\nno such host\n');
  expect(lines).toEqual(['starting', 'password=[redacted]', 'no such host']);
});

test('half a secret at the cut is no secret that a pattern knows: it goes as well', async () => {
  const url = 'postgres://app:zebra-stripes@db/app';
  for (let before = 4096 - url.length - 2; before < 4096; before += 1) {
    const log = `${'x '.repeat(before / 2)}${url}`.slice(0, 4096);
    expect((await linesOf(log)).join('\n'), String(before)).not.toMatch(/zebr/);
  }
});

test('a server that knows no bounds is bounded here', async () => {
  const lines = await linesOf('a line of text\n'.repeat(100_000));
  expect(lines).toHaveLength(8);
  expect((await linesOf('-a'.repeat(1_000_000))).join('').length).toBeLessThan(4096);
});

test('a log that cannot be had is unknown for its container, and for no other', async () => {
  const reader = new TestReader(() => failure('server-error'));
  const facet = async (): Promise<never> => pods as never;
  expect(await collector.collect(contextOf(reader, { facet }))).toMatchObject({
    state: 'known',
    value: [
      { container: 'main', lines: [], unknown: { detail: 'https://cluster failed to answer /' } },
    ],
  });
});
