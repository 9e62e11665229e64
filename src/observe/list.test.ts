import { describe, expect, test } from 'vitest';
import { collector as events } from './collectors/events.ts';
import { collector as leases } from './collectors/leases.ts';
import { collector as nodes } from './collectors/nodes.ts';
import { collector as pods } from './collectors/pods.ts';
import { type Answer, contextOf, failure, TestReader } from './testing/reader.ts';

function podIn(namespace: string): object {
  return { metadata: { name: 'web', namespace }, spec: {}, status: {} };
}

const forbidden = failure('forbidden');

/** Pods of each namespace, but for those that may not be listed. */
function podsBut(...closed: readonly string[]): TestReader {
  return new TestReader((path): Answer => {
    const [, namespace] = /namespaces\/([^/]+)\/pods$/.exec(path) ?? [];
    if (closed.includes(namespace ?? '*')) return forbidden;
    return { pages: [[podIn(namespace ?? 'a')], [podIn(namespace ?? 'b')]] };
  });
}

describe('a list', () => {
  test('of the whole cluster, page by page', async () => {
    const facet = await pods.collect(contextOf(podsBut()));
    expect(facet).toMatchObject({ state: 'known', scope: 'cluster', rejected: [] });
    expect(facet.state === 'known' && facet.value).toHaveLength(2);
  });

  test('of the namespaces that are allowed, where the cluster is not', async () => {
    const fallbackNamespaces = async (): Promise<string[]> => ['a', 'b', 'c'];
    const facet = await pods.collect(contextOf(podsBut('*', 'b'), { fallbackNamespaces }));
    expect(facet).toMatchObject({ state: 'known', scope: { namespaces: ['a', 'c'] } });
  });

  test.each([
    ['none of which is allowed', ['a', 'b']],
    ['of which there is none', []],
  ])('of namespaces, %s: not known, and not empty', async (_, names) => {
    const fallbackNamespaces = async (): Promise<string[]> => names;
    const collected = pods.collect(contextOf(podsBut('*', ...names), { fallbackNamespaces }));
    await expect(collected).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('of the namespaces that were asked for, and of no other', async () => {
    const reader = podsBut();
    const facet = await pods.collect(contextOf(reader, { namespaces: ['x/y'] }));
    expect(facet).toMatchObject({ scope: { namespaces: ['x/y'] } });
    expect(reader.asked).toEqual(['/api/v1/namespaces/x%2Fy/pods']);
  });

  test('of what is not namespaced is asked for whole, and has no fallback', async () => {
    const reader = new TestReader(() => forbidden);
    const collected = nodes.collect(contextOf(reader, { namespaces: ['a'] }));
    await expect(collected).rejects.toMatchObject({ kind: 'forbidden' });
    expect(reader.asked).toEqual(['/api/v1/nodes']);
  });

  test('that fails in one namespace for another reason fails', async () => {
    const reader = new TestReader((path) =>
      path.includes('/b/') ? failure('server-error') : { pages: [[podIn('a')]] },
    );
    const collected = pods.collect(contextOf(reader, { namespaces: ['a', 'b'] }));
    await expect(collected).rejects.toMatchObject({ kind: 'server-error' });
  });

  test('of several queries is one facet', async () => {
    const reader = new TestReader((_, { fieldSelector = '' }) => {
      const metadata = { name: fieldSelector, namespace: 'default' };
      return { pages: [[{ metadata, involvedObject: { kind: 'Pod', name: 'web' } }]] };
    });
    const facet = await events.collect(contextOf(reader));
    expect(facet.state === 'known' && facet.value.length).toBe(reader.asked.length);
  });
});

describe('Leases', () => {
  const lease = (renewTime: string): object => ({
    metadata: { name: 'a', namespace: 'kube-node-lease' },
    spec: { renewTime },
  });

  /** At each look, the next answer. */
  function looks(...answers: readonly Answer[]): TestReader {
    let look = 0;
    return new TestReader((path) =>
      path.includes('kube-node-lease') ? answers[look++] : { pages: [[]] },
    );
  }

  test('that moved between two looks', async () => {
    const reader = looks({ pages: [[lease('12:00')]] }, { pages: [[lease('12:10')]] });
    const facet = await leases.collect(contextOf(reader));
    expect(facet).toMatchObject({ value: [{ window: { renewals: 1 } }], scope: 'cluster' });
  });

  test('that stood still', async () => {
    const reader = looks({ pages: [[lease('12:00')]] }, { pages: [[lease('12:00')]] });
    expect(await leases.collect(contextOf(reader))).toMatchObject({
      value: [{ window: { renewals: 0 } }],
    });
  });

  test.each(['server-error', 'timed-out', 'forbidden'] as const)(
    'are known although the second look ends as %s',
    async (kind) => {
      const reader = looks({ pages: [[lease('12:00')]] }, failure(kind));
      const facet = await leases.collect(contextOf(reader));
      expect(facet).toMatchObject({ state: 'known', value: [{ spec: { renewTime: '12:00' } }] });
      expect(facet.state === 'known' && facet.value[0]?.window).toBeUndefined();
    },
  );

  test('are unknown where one of their two namespaces may not be seen', async () => {
    const reader = looks(forbidden);
    await expect(leases.collect(contextOf(reader))).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
