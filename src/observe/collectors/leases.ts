import type { Known } from '../../model/facet.ts';
import type { FacetValues } from '../../model/facets.ts';
import { refKey, refOf } from '../../model/ref.ts';
import { type CollectContext, defineCollector } from '../collector.ts';
import { type ListShape, list } from '../list.ts';

const oneLookMs = 30_000;
/** Most of it is waiting for the others; `--timeout` ends it sooner. */
const bothLooksMs = 15 * 60_000;

const shape: ListShape<'leases'> = {
  facet: 'leases',
  base: '/apis/coordination.k8s.io/v1',
  resource: 'leases',
  namespaced: true,
  only: ['kube-node-lease', 'kube-system'],
};

/**
 * Two looks, at the beginning and the end of the collection: whether a Lease moved between them is
 * told by our own clock, so no two machines' clocks are compared.
 */
export const collector = defineCollector({
  facet: 'leases',
  rights: [{ group: 'coordination.k8s.io', resource: 'leases', verb: 'list', namespaced: true }],
  deadlineMs: bothLooksMs,
  async collect(context) {
    const first = await firstLook(context);
    if (first.state !== 'known') return first;
    const from = context.clock.monotonic();
    await context.settled;
    // What was seen stays seen: a second look that fails only leaves the window unknown.
    const second = await list(shape, context).catch(() => undefined);
    if (second?.state !== 'known') return first;
    return windowed(first, second, context.clock.monotonic() - from);
  },
});

async function firstLook(context: CollectContext): ReturnType<typeof list<'leases'>> {
  const signal = AbortSignal.any([context.signal, context.clock.deadline(oneLookMs)]);
  return await list(shape, { ...context, signal });
}

type Leases = Known<FacetValues['leases']>;

function windowed(first: Leases, second: Leases, watchedMs: number): Leases {
  const before = new Map(first.value.map((lease) => [refKey(refOf(lease)), lease.spec.renewTime]));
  const value = second.value.map((lease) => {
    const key = refKey(refOf(lease));
    if (!before.has(key)) return lease;
    const renewals = before.get(key) === lease.spec.renewTime ? 0 : 1;
    return { ...lease, window: { renewals, watchedMs: Math.round(watchedMs) } };
  });
  return { ...second, value };
}
