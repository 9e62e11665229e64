import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { minute, parseTime, second } from '../../lib/time.ts';
import { defineCheck, type Verdict } from '../../model/check.ts';
import type { UnknownReason } from '../../model/facet.ts';
import { kubeletDown } from '../../model/kubernetes/kubelet-down.ts';
import { losesHaproxy } from '../../model/kubernetes/node-haproxy.ts';
import { belowSilentNode } from '../../model/kubernetes/silent-node.ts';
import { leaseStaleMs, leaseState, renewalWrittenAt } from '../../model/objects/lease.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import type { Lease, Node } from '../../model/objects/node.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

/** A kubelet renews its Lease this often: its last word may be that much younger than its end. */
const renewalMs: Millis = 10 * second;

export const check = defineCheck({
  code: 'EK2003',
  id: 'node/lease-stale',
  title: 'Node silent while still called ready',
  layer: 'node',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['nodes', 'leases'],
  wants: ['hosts'],
  explains: [
    { effect: 'node/not-ready', tie: 'same-subject', strength: 0.95, within: 2 * minute },
    {
      effect: 'workload/stuck-terminating',
      tie: 'node-pods',
      strength: 0.9,
      within: Infinity,
      signature: { why: ['node-dead', 'runtime'] },
    },
    {
      effect: 'workload/crash-loop',
      tie: 'node-pods',
      strength: 0.5,
      within: 10 * minute,
      lead: 2 * minute,
      signature: { why: ['timeout', 'network-unreachable'] },
    },
    {
      effect: 'network/endpoints-on-dead-node',
      tie: 'node-services',
      strength: 0.6,
      within: Infinity,
    },
    ...losesHaproxy,
  ],
  unseen: belowSilentNode,
  options: z.object({
    staleMs: z
      .number()
      .default(leaseStaleMs)
      .describe('how long a Lease may stand still; a kubelet renews it every 10 s'),
    graceMs: z
      .number()
      .default(50 * second)
      .describe('after how long the controller calls a silent node not ready'),
  }),
  subjects: ({ nodes }) =>
    nodes.filter((node) => conditionOf(node.status.conditions, 'Ready')?.status === 'True'),
  judge(node, { leases, now, topology }, { staleMs, graceMs }) {
    const lease = topology.leaseOfNode.get(node.metadata.name);
    if (!lease) return unknown('it has no Lease in kube-node-lease');
    const word = leaseState(lease, now, staleMs);
    if (word.state === 'renewed') return stillCalledReady(node, lease, topology, now);
    if (word.state === 'undecided') {
      return unknown('its Lease looks old, or its clock is wrong: one look cannot tell which');
    }
    const kubelets = [...topology.leaseOfNode.values()];
    // The only kubelet cannot be compared with others; with the components' Leases it can.
    const witnesses = kubelets.length > 1 ? kubelets : leases;
    if (!witnesses.some((each) => leaseState(each, now, staleMs).state === 'renewed')) {
      return unknown('all Leases stand still together: the API is at fault, or our way to it');
    }
    const still = `its Lease has not moved for ${Math.round(word.stillMs / second)} s`;
    if (word.stillMs > 2 * graceMs) {
      return unknown(`${still} and Ready still says True: nobody is there to judge the node`);
    }
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: word.heardAt, to: now - word.stillMs + staleMs },
      facts: { name: node.metadata.name, leaseProof: word.proof, forMs: word.stillMs },
      evidence: [
        {
          object: refOf(lease),
          field: 'spec.renewTime',
          value: lease.spec.renewTime ?? null,
          at: parseTime(lease.spec.renewTime),
        },
        { object: refOf(node), field: 'status.conditions[Ready].status', value: 'True' },
      ],
    };
  },
});

/**
 * A Lease lags behind by 10 s and the controller by 40 more: where the host shows that no kubelet
 * runs, Ready is an old word already.
 */
function stillCalledReady(node: Node, lease: Lease, topology: Topology, now: Millis): Verdict {
  const down = kubeletDown(topology.hostOfNode.get(node.metadata.name), now);
  if (!down) return undefined;
  const heardAt = renewalWrittenAt(lease) ?? null;
  // It has spoken since: it is up again, or was for a moment.
  if (heardAt !== null && down.since !== null && heardAt > down.since + renewalMs) return undefined;
  return {
    verdict: 'fail',
    severity: 'high',
    onset: { from: heardAt, to: Math.max(heardAt ?? now, down.since ?? now) },
    facts: {
      name: node.metadata.name,
      leaseProof: down.proof,
      forMs: now - (heardAt ?? down.since ?? now),
    },
    evidence: [
      { object: refOf(node), field: 'status.conditions[Ready].status', value: 'True' },
      {
        object: refOf(lease),
        field: 'spec.renewTime',
        value: lease.spec.renewTime ?? null,
        at: parseTime(lease.spec.renewTime),
      },
    ],
  };
}

function unknown(detail: string): {
  readonly verdict: 'unknown';
  readonly reason: UnknownReason;
  readonly detail: string;
} {
  return { verdict: 'unknown', reason: 'no-answer', detail };
}
