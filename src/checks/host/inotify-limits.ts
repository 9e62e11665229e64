import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { carriesK3s, k3sUnit } from '../../model/kubernetes/k3s-unit.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1017',
  id: 'host/inotify-limits',
  title: 'Too few inotify instances or open files',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.5,
      within: Infinity,
      when: { complained: true },
      signature: { why: 'unknown' },
    },
  ],
  options: z.object({
    usedPercent: z.number().default(90).describe('how much of a limit may be used'),
  }),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now }, { usedPercent }) {
    const { limits } = host;
    const complaint = complaintOf(host);
    if (limits.state === 'unknown' && !complaint) return unseen(limits);
    const worst = scarcest(host);
    const short = worst !== undefined && worst.percent >= usedPercent;
    if (!short && !complaint) return undefined;
    return {
      verdict: 'fail',
      severity: complaint ? 'high' : 'medium',
      onset: { from: null, to: complaint?.at ?? now },
      facts: {
        name: host.metadata.name,
        limit: short ? worst.limit : 'unknown',
        ...(short && {
          used: worst.used,
          most: worst.most,
          usedPercent: Math.floor(worst.percent),
        }),
        complained: complaint !== undefined,
        line: complaint?.text ?? '',
      },
      evidence: [
        short
          ? { object: refOf(host), field: `limits[${worst.limit}]`, value: worst.used, at: now }
          : { object: refOf(host), field: 'units[].log', value: complaint?.text ?? '', at: now },
      ],
    };
  },
});

interface Use {
  readonly limit: string;
  readonly used: number;
  readonly most: number;
  readonly percent: number;
}

/** Of the limits that are known, the one that is nearest. */
function scarcest({ limits }: Host): Use | undefined {
  if (limits.state !== 'known') return undefined;
  const { inotifyInstances, inotifyInstancesMax, filesOpen, filesMax } = limits.value;
  return [
    { limit: 'fs.inotify.max_user_instances', used: inotifyInstances, most: inotifyInstancesMax },
    { limit: 'fs.file-max', used: filesOpen, most: filesMax },
  ]
    .flatMap(({ limit, used, most }) =>
      typeof used === 'number' && most ? [{ limit, used, most, percent: (100 * used) / most }] : [],
    )
    .sort((a, b) => b.percent - a.percent)[0];
}

function complaintOf(host: Host): { at?: number | null | undefined; text: string } | undefined {
  const unit = k3sUnit(host);
  if (unit.state !== 'known') return undefined;
  return unit.value.log.findLast(({ text }) =>
    /too many open files|inotify_(init|add_watch)/.test(text),
  );
}
