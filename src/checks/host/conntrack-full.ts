import * as z from 'zod';
import { hour } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

/** Every container has a table of its own, and the one kernel log does not say whose was full. */
const ours = { why: ['full', 'dropped'] } as const;

export const check = defineCheck({
  code: 'EK1015',
  id: 'host/conntrack-full',
  title: 'Connection table full',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    {
      effect: 'workload/crash-loop',
      tie: 'host-pods',
      strength: 0.5,
      within: Infinity,
      when: ours,
      signature: { why: ['timeout', 'dns'] },
    },
    {
      effect: 'host/api-path-cut',
      tie: 'same-subject',
      strength: 0.4,
      within: Infinity,
      when: ours,
    },
  ],
  options: z.object({
    fullPercent: z.number().default(95).describe('how full the table may be'),
    recentMs: z
      .number()
      .default(hour)
      .describe('how long the kernel’s word of dropped packets is of interest'),
  }),
  subjects: ({ hosts }) => hosts,
  judge(host, { now }, { fullPercent, recentMs }) {
    const { limits, kernel } = host;
    const { conntrackCount: count, conntrackMax: max } =
      limits.state === 'known' ? limits.value : {};
    const percent = typeof count === 'number' && max ? (100 * count) / max : undefined;
    const records = kernel.state === 'known' ? kernel.value.records : [];
    const dropped = records.findLast(
      (record) => record.class === 'conntrack-full' && now - record.at <= recentMs,
    );
    const full = percent !== undefined && percent >= fullPercent;
    if (!full && !dropped) {
      return percent === undefined && limits.state === 'unknown' ? unseen(limits) : undefined;
    }
    const shared = kernel.state === 'known' && kernel.value.shared;
    return {
      verdict: 'fail',
      severity: full || !shared ? 'high' : 'medium',
      onset: { from: null, to: dropped?.at ?? now },
      facts: {
        name: host.metadata.name,
        why: full ? 'full' : shared ? 'dropped-below' : 'dropped',
        count: count ?? 0,
        max: max ?? 0,
        ...(percent === undefined ? {} : { usedPercent: Math.floor(percent) }),
        dropping: dropped !== undefined,
        shared,
      },
      evidence: [
        full
          ? { object: refOf(host), field: 'limits.conntrackCount', value: count ?? 0, at: now }
          : { object: refOf(host), field: 'kernel.records', value: dropped?.text ?? '', at: now },
      ],
    };
  },
});
