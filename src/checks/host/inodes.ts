import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1016',
  id: 'host/inodes',
  title: 'File system out of inodes',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    {
      effect: 'node/pressure',
      tie: 'host-node',
      strength: 0.8,
      within: Infinity,
      signature: { pressures: ['DiskPressure'] },
    },
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.5,
      within: Infinity,
      signature: { why: 'disk-full' },
    },
  ],
  options: z.object({
    freePercent: z.number().default(5).describe('how many inodes must be free'),
    criticalPercent: z.number().default(1).describe('from here down nothing new can be written'),
  }),
  subjects: ({ hosts }) => hosts,
  judge(host, { now }, { freePercent, criticalPercent }) {
    const { fileSystems } = host;
    if (fileSystems.state === 'unknown') return unseen(fileSystems);
    if (fileSystems.state === 'absent') return undefined;
    const [fullest] = fileSystems.value
      .filter(({ holds }) => holds.length > 0)
      // Btrfs and ZFS make inodes as they go and count none.
      .flatMap(({ inodes, inodesFree, target, holds }) =>
        inodes && typeof inodesFree === 'number'
          ? [{ target, holds, inodes, inodesFree, percent: (100 * inodesFree) / inodes }]
          : [],
      )
      .sort((a, b) => a.percent - b.percent);
    if (!fullest || fullest.percent >= freePercent) return undefined;
    const { target, holds, inodes, inodesFree, percent } = fullest;
    return {
      verdict: 'fail',
      severity: percent < criticalPercent ? 'critical' : 'high',
      onset: { from: null, to: now },
      facts: {
        name: host.metadata.name,
        mount: target,
        holds,
        inodes,
        inodesFree,
        freePercent: percent,
      },
      evidence: [
        {
          object: refOf(host),
          field: `fileSystems[${target}].inodesFree`,
          value: inodesFree,
          at: now,
        },
      ],
    };
  },
});
