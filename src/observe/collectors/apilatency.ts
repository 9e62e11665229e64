import { defineCollector } from '../collector.ts';

const path = '/api/v1/namespaces/kube-system';
const samples = 8;
const pauseMs = 100;

/** One small object, read again and again while everything else is being collected. */
export const collector = defineCollector({
  facet: 'apilatency',
  rights: [{ group: '', resource: 'namespaces', verb: 'get', namespaced: false }],
  deadlineMs: 30_000,
  async collect({ reader, clock, signal }) {
    const samplesMs: number[] = [];
    for (let n = 0; n < samples; n++) {
      const from = clock.monotonic();
      await reader.get(path, { signal });
      samplesMs.push(Math.round(clock.monotonic() - from));
      await clock.sleep(pauseMs, signal);
    }
    const value = { path, samplesMs };
    return { state: 'known', value, observedAt: clock.now(), scope: 'cluster', rejected: [] };
  },
});
