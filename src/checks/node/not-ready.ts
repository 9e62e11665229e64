import * as z from 'zod';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK2001',
  id: 'node/not-ready',
  title: 'Node not ready',
  layer: 'node',
  kind: 'event',
  severity: 'critical',
  maturity: 'stable',
  reads: ['nodes'],
  wants: ['leases'],
  explains: [
    { effect: 'workload/stuck-terminating', tie: 'node-pods', strength: 0.95, within: Infinity },
    {
      effect: 'network/service-without-endpoints',
      tie: 'node-services',
      strength: 0.9,
      within: 10 * minute,
    },
  ],
  unseen: {
    candidates: ['kubelet', 'host', 'link'],
    decide: "ssh {name} 'systemctl status k3s k3s-agent; ip -br addr'",
    shared: 'a switch, a hypervisor or a power supply',
  },
  options: z.object({
    firstRegistrationMs: z
      .number()
      .default(minute)
      .describe('how long a node may be not ready after it was first registered'),
    pastMs: z
      .number()
      .default(60 * minute)
      .describe('how long a recovered node stays a candidate cause'),
  }),
  subjects: ({ nodes }) => nodes,
  judge(node, { now, topology }, options) {
    const ready = conditionOf(node.status.conditions, 'Ready');
    const created = parseTime(node.metadata.creationTimestamp) ?? 0;
    const since = parseTime(ready?.lastTransitionTime);
    if (!ready || since === undefined) {
      if (now - created < options.firstRegistrationMs) return undefined;
      return {
        verdict: 'unknown',
        reason: 'no-answer',
        detail: 'no Ready condition was ever reported',
      };
    }
    const renewed = topology.leaseOfNode.get(node.metadata.name)?.spec.renewTime;
    const lastHeard = parseTime(renewed) ?? parseTime(ready.lastHeartbeatTime);
    const facts = {
      name: node.metadata.name,
      status: ready.status,
      reason: ready.reason ?? '',
      message: ready.message ?? '',
      sinceAt: since,
      forMs: now - since,
    };
    const evidence = [
      {
        object: refOf(node),
        field: 'status.conditions[Ready].status',
        value: ready.status,
        at: since,
      },
    ];
    if (ready.status === 'True') {
      const recovered =
        now - since <= options.pastMs && since - created > options.firstRegistrationMs;
      if (!recovered) return undefined;
      return { verdict: 'past', onset: { from: null, to: since }, endedAt: since, facts, evidence };
    }
    if (now - created < options.firstRegistrationMs) return undefined;
    // The controller says Unknown only a grace period after the kubelet was last heard of.
    const from = lastHeard === undefined ? null : Math.min(lastHeard, since);
    return { verdict: 'fail', severity: 'critical', onset: { from, to: since }, facts, evidence };
  },
});
