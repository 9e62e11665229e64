import { describe, expect, test } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { type FacetName, facetNames } from '../../model/facets.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type Answer, failure, TestReader } from '../testing/reader.ts';
import { observeLive } from './live.ts';

const version: Answer = { body: { gitVersion: 'v1.36.3+k3s1' } };
const visitor = { context: 'home', user: 'me', insecure: false };

async function observed(
  answer: (path: string) => Answer | undefined,
  facets?: readonly FacetName[],
): Promise<{ snapshot: Snapshot; reader: TestReader }> {
  const reader = new TestReader(answer);
  const snapshot = await observeLive({
    reader,
    visitor,
    clock: systemClock,
    signal: new AbortController().signal,
    ...(facets && { facets: new Set(facets) }),
  });
  return { snapshot, reader };
}

describe('the knock', () => {
  test.each([
    ['unauthorized', 'unauthorized'],
    ['client-certificate', 'client-certificate'],
    ['certificate-expired', 'certificate-expired'],
    ['certificate-untrusted', 'certificate-untrusted'],
    ['refused', 'refused'],
    ['timed-out', 'timed-out'],
    ['cancelled', 'timed-out'],
    ['reset', 'reset'],
    ['unknown-host', 'unknown-host'],
    ['throttled', 'server-error'],
    ['not-found', 'malformed'],
    ['malformed', 'malformed'],
  ] as const)('that ends as %s: %s, and nobody else is asked', async (kind, outcome) => {
    const { snapshot, reader } = await observed(() => failure(kind));
    expect(reader.asked).toEqual(['/version']);
    const { access, ...others } = snapshot.facets;
    expect(access).toMatchObject({ state: 'known', value: { outcome, user: 'me' } });
    expect(new Set(Object.values(others).map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(Object.keys(snapshot.facets).toSorted()).toEqual(facetNames.toSorted());
  });

  test('at a server that only keeps its version to itself', async () => {
    const { snapshot } = await observed((path) =>
      path === '/version' ? failure('forbidden') : { pages: [[]], body: {} },
    );
    expect(snapshot.facets.access).toMatchObject({ value: { outcome: 'ok' } });
    expect(snapshot.facets.pods).toMatchObject({ state: 'known', value: [] });
    expect(snapshot.cluster).toEqual({ context: 'home', server: 'https://cluster' });
  });
});

describe('the collection', () => {
  test('asks for what is wanted, and for what that needs', async () => {
    const { snapshot, reader } = await observed(
      (path) => (path === '/version' ? version : { pages: [[]] }),
      ['kubeletsummaries'],
    );
    expect(reader.asked.toSorted()).toEqual(['/api/v1/namespaces', '/api/v1/nodes', '/version']);
    expect(snapshot.facets.pods).toMatchObject({ state: 'unknown', reason: 'not-collected' });
    expect(snapshot.facets.kubeletsummaries).toMatchObject({ state: 'known', value: [] });
  });

  test('is fenced: what one collector runs into hides nobody else', async () => {
    const { snapshot } = await observed(
      (path) => {
        if (path === '/version') return version;
        if (path.endsWith('/pods')) throw new TypeError('a bug');
        if (path.endsWith('/nodes')) return failure('forbidden');
        return path.endsWith('/httproutes') ? undefined : { pages: [[]] };
      },
      ['pods', 'nodes', 'services', 'httproutes'],
    );
    const { pods, nodes, services, httproutes } = snapshot.facets;
    expect(pods).toMatchObject({
      state: 'unknown',
      reason: 'check-failed',
      detail: 'the collector failed: a bug',
    });
    expect(nodes).toMatchObject({ state: 'unknown', reason: 'forbidden' });
    expect(services).toMatchObject({ state: 'known' });
    expect(httproutes).toEqual({ state: 'absent' });
  });

  test('in which nothing answers before the deadline is unknown throughout', async () => {
    const { snapshot } = await observed((path) => {
      if (path === '/version') return version;
      throw new DOMException('aborted', 'TimeoutError');
    });
    const states = Object.entries(snapshot.facets).filter(([, { state }]) => state === 'known');
    expect(states.map(([name]) => name)).toEqual(['access']);
    expect(snapshot.facets.pods).toMatchObject({ reason: 'timed-out' });
  });
});
