import * as z from 'zod';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { leaseState } from '../../model/objects/lease.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { refOf } from '../../model/ref.ts';

const taintKey = 'node.kubernetes.io/out-of-service';

export const check = defineCheck({
  code: 'EK2008',
  id: 'node/out-of-service-on-ready-node',
  title: 'Out-of-service taint on a live node',
  layer: 'node',
  kind: 'event',
  severity: 'critical',
  maturity: 'stable',
  reads: ['nodes'],
  wants: ['leases'],
  explains: [
    {
      effect: 'workload/unschedulable',
      tie: 'cluster',
      strength: 0.8,
      within: Infinity,
      signature: { taints: /^node\.kubernetes\.io\/out-of-service/ },
    },
    {
      effect: 'network/svclb-missing',
      tie: 'cluster',
      strength: 0.8,
      within: Infinity,
      signature: { taints: /^node\.kubernetes\.io\/out-of-service/ },
    },
  ],
  options: z.object({
    recoveryMs: z
      .number()
      .default(5 * minute)
      .describe('how long a recovery that set the taint may take to remove it'),
  }),
  subjects: ({ nodes }) => nodes,
  judge(node, { now, topology }, { recoveryMs }) {
    const taints = node.spec.taints?.filter(({ key }) => key === taintKey);
    const [taint] = taints ?? [];
    if (!taints || !taint) return undefined;
    const lease = topology.leaseOfNode.get(node.metadata.name);
    const word = lease ? leaseState(lease, now) : undefined;
    // Nothing is heard of it, as the taint says.
    const ready = conditionOf(node.status.conditions, 'Ready');
    const silent = ready?.status === 'Unknown';
    if (word?.state === 'stale' || (silent && word?.state !== 'renewed')) return undefined;
    if (word?.state !== 'renewed') {
      const detail = 'it is tainted as out of service, and its Lease does not say whether it lives';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    const added = parseTime(taint.timeAdded);
    const written = parseTime(node.taintsWrittenBy?.at);
    if (now - (added ?? written ?? 0) < recoveryMs) {
      if (added !== undefined) return undefined;
      // Another taint's removal may have been the last write, and this one older.
      const detail = 'its taints were written just now: whoever did so may still be at work';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    // On a dead machine the taint was right: it is wrong since both are there.
    const alive = ready?.status === 'True' ? parseTime(ready.lastTransitionTime) : undefined;
    return {
      verdict: 'fail',
      severity: 'critical',
      onset: { from: null, to: Math.max(added ?? written ?? now, alive ?? now) },
      facts: {
        name: node.metadata.name,
        effects: taints.map(({ effect }) => effect),
        value: taint.value ?? '',
        writtenBy: node.taintsWrittenBy?.manager ?? '',
        leaseProof: word.proof,
      },
      evidence: taints.map(({ key, effect }) => ({
        object: refOf(node),
        field: `spec.taints[${key}].effect`,
        value: effect,
        at: added ?? written,
      })),
    };
  },
});
