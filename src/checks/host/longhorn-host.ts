import * as z from 'zod';
import { parseTime } from '../../lib/time.ts';
import { defineCheck, type View } from '../../model/check.ts';
import type { LonghornNode } from '../../model/objects/longhorn.ts';
import { refOf } from '../../model/ref.ts';
import type { Severity } from '../../model/severity.ts';
import type { Topology } from '../../model/topology.ts';

/** Conditions that speak of the machine, not of Longhorn; False is trouble. */
const ofTheHost = [
  'Multipathd',
  'RequiredPackages',
  'KernelModulesLoaded',
  'NFSClientInstalled',
  'MountPropagation',
];

export const check = defineCheck({
  code: 'EK1025',
  id: 'host/longhorn-host',
  title: 'Host lacks what Longhorn needs',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['longhornnodes'],
  wants: ['persistentvolumes', 'events', 'pods'],
  explains: [
    {
      effect: 'workload/mount-failed',
      tie: 'csi-pods',
      strength: 0.7,
      within: Infinity,
      when: { severe: true },
      signature: { why: ['device-busy', 'attach', 'timeout', 'other'] },
    },
    {
      effect: 'storage/attach-stuck',
      tie: 'node-attachments',
      strength: 0.5,
      within: Infinity,
      when: { severe: true },
      signature: { why: 'attach-error' },
    },
  ],
  options: z.object({}),
  subjects: ({ longhornnodes }) => longhornnodes,
  judge(node, view) {
    const { now } = view;
    const conditions = node.status?.conditions ?? [];
    const known = conditions.filter(({ type }) => ofTheHost.includes(type));
    if (known.length === 0) {
      const detail = 'its Longhorn does not say what the host lacks';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    const lacking = known.filter(({ status }) => status === 'False');
    const [first] = lacking
      .map((each) => ({ ...each, severity: severityOf(each.type, node, view) }))
      .sort((a, b) => Number(a.severity === 'low') - Number(b.severity === 'low'));
    if (!first) return undefined;
    const since = parseTime(first.lastTransitionTime) ?? now;
    return {
      verdict: 'fail',
      severity: first.severity,
      onset: { from: null, to: since },
      facts: {
        name: node.metadata.name,
        condition: first.type,
        conditions: lacking.map(({ type }) => type),
        reason: first.reason ?? '',
        message: first.message ?? '',
        severe: first.severity === 'high',
        sinceAt: since,
      },
      evidence: [
        {
          object: refOf(node),
          field: `status.conditions[${first.type}].status`,
          value: 'False',
          at: since,
        },
      ],
    };
  },
});

function severityOf(
  type: string,
  { metadata }: LonghornNode,
  { persistentvolumes, topology }: View<'longhornnodes', 'persistentvolumes' | 'events' | 'pods'>,
): Severity {
  // A blacklist in its configuration makes it harmless, and is not seen from here.
  if (type === 'Multipathd') return isGrabbing(metadata.name, topology) ? 'high' : 'low';
  if (type !== 'NFSClientInstalled') return 'high';
  // Only shared volumes are mounted by NFS; unseen, there may be some.
  if (persistentvolumes.state !== 'known') return 'high';
  const isShared = persistentvolumes.value.some(({ spec }) =>
    spec.accessModes?.includes('ReadWriteMany'),
  );
  return isShared ? 'high' : 'low';
}

/** Some pod there cannot mount because somebody else has its device open. */
function isGrabbing(node: string, topology: Topology): boolean {
  const pods = topology.podsOfNode.get(node) ?? [];
  return pods.some((pod) =>
    topology
      .eventsOf(pod)
      .some(
        ({ reason, message }) =>
          reason === 'FailedMount' && /busy|already mounted/i.test(message ?? ''),
      ),
  );
}
