import * as z from 'zod';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { refOf } from '../../model/ref.ts';

const types = ['MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

export const check = defineCheck({
  code: 'EK2005',
  id: 'node/pressure',
  title: 'Node under pressure',
  layer: 'node',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['nodes'],
  wants: [],
  explains: [
    // Weak: a node under disk pressure evicts its pods and stays Ready.
    { effect: 'node/not-ready', tie: 'same-subject', strength: 0.3, within: 30 * minute },
    {
      effect: 'workload/unschedulable',
      tie: 'cluster',
      strength: 0.7,
      within: Infinity,
      signature: { taints: /^node\.kubernetes\.io\/(memory|disk|pid)-pressure$/ },
    },
  ],
  options: z.object({}),
  subjects: ({ nodes }) => nodes,
  judge(node, { now }) {
    const conditions = types.map((type) => ({
      type,
      status: 'Unknown',
      ...conditionOf(node.status.conditions, type),
    }));
    const pressed = conditions.filter(({ status }) => status === 'True');
    if (pressed.length === 0) {
      if (conditions.every(({ status }) => status === 'False')) return undefined;
      const detail = 'its kubelet does not say whether memory, disk or process ids run out';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    const since = Math.min(...pressed.map((each) => parseTime(each.lastTransitionTime) ?? now));
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to: since },
      facts: {
        name: node.metadata.name,
        pressures: pressed.map(({ type }) => type),
        messages: pressed.map(({ message }) => message ?? ''),
        sinceAt: since,
        forMs: now - since,
      },
      evidence: pressed.map(({ type, status, lastTransitionTime }) => ({
        object: refOf(node),
        field: `status.conditions[${type}].status`,
        value: status,
        at: parseTime(lastTransitionTime),
      })),
    };
  },
});
