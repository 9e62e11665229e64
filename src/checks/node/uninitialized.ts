import * as z from 'zod';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { refOf } from '../../model/ref.ts';

const cloudTaint = 'node.cloudprovider.kubernetes.io/uninitialized';
const ciliumTaint = 'node.cilium.io/agent-not-ready';

export const check = defineCheck({
  code: 'EK2007',
  id: 'node/uninitialized',
  title: 'Node never initialized',
  layer: 'node',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['nodes'],
  wants: [],
  explains: [
    {
      effect: 'workload/unschedulable',
      tie: 'cluster',
      strength: 0.8,
      within: Infinity,
      signature: {
        taints: /^node\.(cloudprovider\.kubernetes\.io\/uninitialized|cilium\.io\/agent-not-ready)/,
      },
    },
    {
      effect: 'network/svclb-missing',
      tie: 'cluster',
      strength: 0.8,
      within: Infinity,
      signature: {
        taints: /^node\.(cloudprovider\.kubernetes\.io\/uninitialized|cilium\.io\/agent-not-ready)/,
      },
    },
  ],
  options: z.object({
    settleMs: z
      .number()
      .default(2 * minute)
      .describe('how long a node may wait for the cloud controller or the CNI agent'),
    firstBootMs: z
      .number()
      .default(5 * minute)
      .describe('how long a node may take after its first registration, while images are pulled'),
  }),
  subjects: ({ nodes }) => nodes,
  judge(node, { now }, { settleMs, firstBootMs }) {
    const taints = node.spec.taints?.filter(({ key }) => key === cloudTaint || key === ciliumTaint);
    const [first] = taints ?? [];
    if (!taints || !first) return undefined;
    const created = parseTime(node.metadata.creationTimestamp) ?? 0;
    const cloud = taints.some(({ key }) => key === cloudTaint);
    // The kubelet brings the cloud taint at its registration; Cilium may set its own at any time.
    const set = cloud ? created : (parseTime(node.taintsWrittenBy?.at) ?? created);
    const since = Math.min(...taints.map(({ timeAdded }) => parseTime(timeAdded) ?? set));
    if (now - created <= firstBootMs || now - since <= settleMs) return undefined;
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to: since },
      facts: {
        name: node.metadata.name,
        taints: taints.map(({ key, effect }) => `${key}:${effect}`),
        why: cloud ? 'cloud-controller' : 'cilium-agent',
        sinceAt: since,
        forMs: now - since,
      },
      evidence: taints.map(({ key, effect }) => ({
        object: refOf(node),
        field: `spec.taints[${key}].effect`,
        value: effect,
        at: since,
      })),
    };
  },
});
