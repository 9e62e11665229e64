import { type CollectContext, defineCollector } from '../collector.ts';

const path = '/api/v1/namespaces/kube-system';
const samples = 8;
const pauseMs = 40;

/** One small object, read again and again while everything else is being collected. */
export const collector = defineCollector({
  facet: 'apilatency',
  rights: [{ group: '', resource: 'namespaces', verb: 'get', namespaced: false }],
  deadlineMs: 30_000,
  async collect(context) {
    const samplesMs: number[] = [];
    try {
      await sample(context, samplesMs);
    } catch (error) {
      // An API that is too slow to answer eight times in time is what somebody wants to know of.
      if (samplesMs.length === 0 || !context.signal.aborted) throw error;
    }
    const value = { path, samplesMs };
    const observedAt = context.clock.now();
    return { state: 'known', value, observedAt, scope: 'cluster', rejected: [] };
  },
});

async function sample({ reader, clock, signal }: CollectContext, into: number[]): Promise<void> {
  for (let n = 0; n < samples; n++) {
    const from = clock.monotonic();
    await reader.get(path, { signal });
    into.push(Math.round(clock.monotonic() - from));
    await clock.sleep(pauseMs, signal);
  }
}
