import * as z from 'zod';
import { minute, second } from '../../lib/time.ts';
import { clusterRef, clusterSubject, defineCheck } from '../../model/check.ts';

export const check = defineCheck({
  code: 'EK3004',
  id: 'control-plane/api-slow',
  title: 'API server slow',
  layer: 'control-plane',
  kind: 'event',
  severity: 'medium',
  maturity: 'stable',
  reads: ['apilatency'],
  wants: [],
  explains: [
    {
      effect: 'control-plane/controller-manager-silent',
      tie: 'cluster',
      strength: 0.5,
      within: 10 * minute,
      signature: { why: 'lease-stale' },
    },
    { effect: 'node/lease-stale', tie: 'cluster', strength: 0.4, within: 10 * minute },
  ],
  unseen: {
    candidates: ["the datastore's disk", "the datastore's size", 'the processor of the server'],
    decide: "sudo journalctl -u k3s -n 2000 | grep -i -E 'slow sql|took too long'",
  },
  options: z.object({
    slowMs: z
      .number()
      .default(1 * second)
      .describe('a 95th percentile above this is slow'),
    leastSamples: z.number().default(5).describe('with fewer answers nothing is said'),
  }),
  subjects: () => [clusterSubject('kube-apiserver')],
  judge(_subject, { apilatency: { path, samplesMs }, now }, { slowMs, leastSamples }) {
    if (samplesMs.length < leastSamples) {
      const detail = `only ${samplesMs.length} of ${leastSamples} small reads were answered`;
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    const p95Ms = p95(samplesMs);
    if (p95Ms <= slowMs) return undefined;
    return {
      verdict: 'fail',
      severity: 'medium',
      onset: { from: null, to: now },
      facts: { name: 'kube-apiserver', p95Ms, samples: samplesMs.length, path },
      evidence: [{ object: clusterRef, field: `GET ${path}`, value: p95Ms, at: now }],
    };
  },
});

/** Rounded down to a sample: among few answers, one that is slow for once proves nothing. */
function p95(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.floor(0.95 * (sorted.length - 1))] as number;
}
