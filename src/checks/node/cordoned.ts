import * as z from 'zod';
import { day, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { refOf } from '../../model/ref.ts';

const taintKey = 'node.kubernetes.io/unschedulable';

export const check = defineCheck({
  code: 'EK2004',
  id: 'node/cordoned',
  title: 'Node left cordoned',
  layer: 'node',
  kind: 'event',
  severity: 'low',
  maturity: 'stable',
  reads: ['nodes'],
  wants: [],
  explains: [
    {
      effect: 'workload/unschedulable',
      tie: 'cluster',
      strength: 0.5,
      within: Infinity,
      signature: { taints: [taintKey] },
    },
  ],
  options: z.object({
    forgottenMs: z
      .number()
      .default(day)
      .describe('how long a node may be cordoned before it counts as forgotten'),
    maintenanceNodes: z
      .array(z.string())
      .default([])
      .describe('names of nodes that are in maintenance and may stay cordoned'),
  }),
  subjects: ({ nodes }, { maintenanceNodes }) =>
    nodes.filter(({ metadata }) => !maintenanceNodes.includes(metadata.name)),
  judge(node, { now }, { forgottenMs }) {
    if (!node.spec.unschedulable) return undefined;
    const taint = node.spec.taints?.find(({ key }) => key === taintKey);
    const since = parseTime(taint?.timeAdded);
    if (since === undefined) {
      const detail = 'it is cordoned, and nothing says since when';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    if (now - since <= forgottenMs) return undefined;
    return {
      verdict: 'fail',
      severity: 'low',
      onset: { from: null, to: since },
      facts: { name: node.metadata.name, sinceAt: since, forMs: now - since },
      evidence: [{ object: refOf(node), field: 'spec.unschedulable', value: true, at: since }],
    };
  },
});
