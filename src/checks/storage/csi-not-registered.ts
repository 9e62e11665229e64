import * as z from 'zod';
import { byText } from '../../lib/order.ts';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { driversOf, needsOf } from '../../model/kubernetes/csi-needs.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK5003',
  id: 'storage/csi-not-registered',
  title: 'CSI driver not registered on a node',
  layer: 'storage',
  kind: 'event',
  severity: 'critical',
  maturity: 'stable',
  reads: [
    'csinodes',
    'nodes',
    'pods',
    'daemonsets',
    'persistentvolumeclaims',
    'persistentvolumes',
    'volumeattachments',
  ],
  wants: [],
  explains: [
    {
      effect: 'workload/mount-failed',
      tie: 'csi-pods',
      strength: 0.9,
      within: Infinity,
      signature: { why: ['driver-not-registered', 'attach'] },
    },
    {
      effect: 'storage/attach-stuck',
      tie: 'node-attachments',
      strength: 0.5,
      within: Infinity,
      signature: { why: ['attach-error', 'detaching'] },
    },
  ],
  options: z.object({
    settleMs: z
      .number()
      .default(2 * minute)
      .describe('how long a driver may take to register, from when the node is ready and needs it'),
  }),
  // On a node that is not ready nothing can register: that is its symptom, not a fault of its own.
  subjects: ({ csinodes, topology }) =>
    csinodes.filter(({ metadata }) => {
      const node = topology.nodes.get(metadata.name);
      return conditionOf(node?.status.conditions, 'Ready')?.status === 'True';
    }),
  judge(csiNode, view, { settleMs }) {
    const { now, topology } = view;
    const { name } = csiNode.metadata;
    const ready = conditionOf(topology.nodes.get(name)?.status.conditions, 'Ready');
    if (isYoung(ready?.lastTransitionTime)) return undefined;
    const registered = driversOf(csiNode);
    const lacking = needsOf(name, view).filter(
      (need) => !registered.includes(need.driver) && !isYoung(need.made),
    );
    const drivers = [...new Set(lacking.map((need) => need.driver))].sort(byText);
    if (drivers.length === 0) return undefined;
    const neededBy = [...new Set(lacking.map((need) => need.by))].sort(byText);
    const facts = {
      name,
      node: name,
      driver: drivers[0] ?? '',
      drivers,
      registered,
      neededBy: neededBy.slice(0, 5),
      needs: neededBy.length,
    };
    const evidence = [
      { object: refOf(csiNode), field: 'spec.drivers[].name', value: registered, at: now },
    ];
    // A CSINode does not say when it last changed.
    const onset = { from: null, to: now };
    return { verdict: 'fail', severity: 'critical', onset, facts, evidence };

    function isYoung(time: string | null | undefined): boolean {
      return now - (parseTime(time) ?? 0) < settleMs;
    }
  },
});
