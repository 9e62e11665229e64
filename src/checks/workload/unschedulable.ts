import * as z from 'zod';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { listed, notSeen } from '../../model/facet.ts';
import {
  isGated,
  isSurplusReplica,
  readRefusal,
  scheduledOf,
} from '../../model/kubernetes/scheduling.ts';
import { identityOf, isMeantToRun, nodeMeantFor, type Pod } from '../../model/objects/pod.ts';
import { refKey, refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

export const check = defineCheck({
  code: 'EK7006',
  id: 'workload/unschedulable',
  title: 'Pod fits on no node',
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
      signature: { why: 'unscheduled' },
    },
    {
      effect: 'network/service-without-endpoints',
      tie: 'pod-services',
      strength: 0.5,
      within: 30 * minute,
      lead: 10 * minute,
    },
    {
      effect: 'storage/pvc-pending',
      tie: 'pod-claims',
      strength: 0.9,
      within: 10 * minute,
      lead: 10 * minute,
      signature: { why: 'waiting-for-consumer' },
    },
  ],
  options: z.object({
    settleMs: z
      .number()
      .default(minute)
      .describe('how long a pod may look for a node: one may be about to be ready'),
  }),
  subjects: ({ pods }) => pods.filter((pod) => isMeantToRun(pod) && !isGated(pod)),
  judge(pod, { now, topology, nodes }, { settleMs }) {
    const scheduled = scheduledOf(pod);
    if (pod.spec.nodeName || scheduled?.status === 'True') return undefined;
    const created = parseTime(pod.metadata.creationTimestamp);
    const since = parseTime(scheduled?.lastTransitionTime) ?? created ?? now;
    if (now - since < settleMs) return undefined;
    const message = scheduled?.message ?? '';
    const meantFor = nodeMeantFor(pod);
    const candidates = listed(nodes).filter(
      ({ metadata }) => meantFor === undefined || metadata.name === meantFor,
    );
    const refusal = readRefusal(message, candidates);
    const isSurplus = isSurplusReplica(pod, siblingsOf(pod, topology));
    return {
      verdict: 'fail',
      severity: isSurplus ? 'info' : 'high',
      onset: { from: created ?? null, to: since },
      facts: {
        ...identityOf(pod),
        why: refusal.why,
        taints: refusal.taints,
        nodesUnavailable: refusal.nodes,
        message,
        isSurplus,
        isIgnored: scheduled === undefined,
        sinceAt: since,
        forMs: now - since,
        notSeen: notSeen({ nodes }),
      },
      evidence: [
        {
          object: refOf(pod),
          field: 'status.conditions[PodScheduled].status',
          value: scheduled?.status ?? null,
          at: since,
        },
      ],
    };
  },
});

function siblingsOf(pod: Pod, topology: Topology): readonly Pod[] {
  const workload = topology.workloadOf(pod);
  return (workload && topology.podsOfWorkload.get(refKey(workload))) ?? [];
}
