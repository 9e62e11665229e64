import * as z from 'zod';
import { hour } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { silencesNode } from '../../model/kubernetes/silenced.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

/** In a log that all guests of a machine share, the process may be another's. */
const ours = { shared: false } as const;

export const check = defineCheck({
  code: 'EK1020',
  id: 'host/hung-task',
  title: 'Process hangs in the kernel',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    {
      effect: 'host/kubelet-silent',
      tie: 'same-subject',
      strength: 0.5,
      within: Infinity,
      when: ours,
    },
    ...silencesNode(0.3, ours),
    {
      effect: 'workload/stuck-terminating',
      tie: 'host-pods',
      strength: 0.5,
      within: Infinity,
      when: ours,
      signature: { why: 'runtime' },
    },
  ],
  options: z.object({
    recentMs: z.number().default(hour).describe('how long a record is of interest'),
  }),
  subjects: ({ hosts }) => hosts,
  judge(host, { now }, { recentMs }) {
    const { kernel } = host;
    if (kernel.state === 'unknown') return unseen(kernel);
    if (kernel.state === 'absent') return undefined;
    const hung = kernel.value.records.filter(
      (record) => record.class === 'hung-task' && now - record.at <= recentMs,
    );
    const newest = hung.at(-1);
    if (!newest) return undefined;
    const { shared } = kernel.value;
    return {
      verdict: 'fail',
      severity: shared ? 'medium' : 'high',
      onset: { from: null, to: Math.min(...hung.map(({ at }) => at)) },
      facts: {
        name: host.metadata.name,
        process: newest.about ?? 'unknown',
        nfs: hung.some(({ text, about }) => /nfs|rpc/i.test(`${text} ${about ?? ''}`)),
        records: hung.reduce((sum, { count }) => sum + count, 0),
        shared,
        lastAt: newest.at,
      },
      evidence: [
        { object: refOf(host), field: 'kernel.records', value: newest.text, at: newest.at },
      ],
    };
  },
});
