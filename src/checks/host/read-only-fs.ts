import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { silencesNode } from '../../model/kubernetes/silenced.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1018',
  id: 'host/read-only-fs',
  title: 'File system is read-only',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.8,
      within: Infinity,
      signature: { why: ['read-only', 'unknown'] },
    },
    { effect: 'host/kubelet-silent', tie: 'same-subject', strength: 0.5, within: Infinity },
    ...silencesNode(0.4),
  ],
  options: z.object({}),
  subjects: ({ hosts }) => hosts,
  judge(host, { now }) {
    const { fileSystems, kernel } = host;
    if (fileSystems.state === 'unknown') return unseen(fileSystems);
    if (fileSystems.state === 'absent') return undefined;
    const stuck = fileSystems.value.filter(
      ({ holds, options }) => holds.length > 0 && options.includes('ro'),
    );
    const [first] = stuck;
    if (!first) return undefined;
    const records = kernel.state === 'known' ? kernel.value.records : [];
    // In a log that guests share, it may be another's disk.
    const told = records.findLast((record) => record.class === 'read-only');
    return {
      verdict: 'fail',
      severity: 'critical',
      onset: { from: null, to: told?.at ?? now },
      facts: {
        name: host.metadata.name,
        mount: first.target,
        mounts: stuck.map(({ target }) => target),
        source: first.source,
        holds: [...new Set(stuck.flatMap(({ holds }) => holds))],
        kernelSays: told?.text ?? '',
      },
      evidence: [
        {
          object: refOf(host),
          field: `fileSystems[${first.target}].options`,
          value: first.options,
          at: now,
        },
      ],
    };
  },
});
