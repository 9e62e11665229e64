import * as z from 'zod';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck, type View } from '../../model/check.ts';
import { notSeen } from '../../model/facet.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { identityOf, type Pod } from '../../model/objects/pod.ts';
import { refOf } from '../../model/ref.ts';

/** Their controllers make no other pod of that name, or on that node, before this one is gone. */
const waitingOwners: ReadonlySet<string> = new Set(['StatefulSet', 'DaemonSet']);

export const check = defineCheck({
  code: 'EK7005',
  id: 'workload/stuck-terminating',
  title: 'Pod stuck in Terminating',
  layer: 'workload',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['pods'],
  wants: ['nodes'],
  explains: [
    {
      effect: 'workload/rollout-stuck',
      tie: 'pod-workload',
      strength: 0.9,
      within: 30 * minute,
      lead: 30 * minute,
      when: { blocksReplacement: true },
      signature: { why: 'pods-not-ready' },
    },
  ],
  options: z.object({
    overdueMs: z
      .number()
      .default(minute)
      .describe('how long after the end of its grace period a pod may still be there'),
  }),
  subjects: ({ pods }) => pods.filter((pod) => pod.metadata.deletionTimestamp),
  judge(pod, view, { overdueMs }) {
    const { now, nodes } = view;
    const { deletionTimestamp, finalizers, ownerReferences } = pod.metadata;
    const due = parseTime(deletionTimestamp) ?? now;
    if (now - due <= overdueMs) return undefined;
    const why = whyOf(pod, view);
    const owner = ownerReferences?.find((each) => each.controller);
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to: due },
      facts: {
        ...identityOf(pod),
        ...(why === undefined ? {} : { why }),
        finalizers: finalizers ?? [],
        owner: owner ? `${owner.kind}/${owner.name}` : '',
        blocksReplacement: waitingOwners.has(owner?.kind ?? ''),
        sinceAt: due,
        forMs: now - due,
        notSeen: notSeen({ nodes }),
      },
      evidence: [
        {
          object: refOf(pod),
          field: 'metadata.deletionTimestamp',
          value: deletionTimestamp ?? null,
          at: due,
        },
      ],
    };
  },
});

/** Undefined: without a view of the nodes, a dead one and a runtime that hangs look alike. */
function whyOf(
  pod: Pod,
  { nodes, topology }: View<'pods', 'nodes'>,
): 'node-dead' | 'finalizer' | 'runtime' | undefined {
  const isFinalizing = (pod.metadata.finalizers ?? []).length > 0;
  if (nodes.state === 'known' && pod.spec.nodeName) {
    const node = topology.nodes.get(pod.spec.nodeName);
    if (conditionOf(node?.status.conditions, 'Ready')?.status !== 'True') return 'node-dead';
  }
  if (isFinalizing) return 'finalizer';
  return nodes.state === 'known' ? 'runtime' : undefined;
}
