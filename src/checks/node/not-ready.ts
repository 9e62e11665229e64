import * as z from 'zod';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { losesHaproxy } from '../../model/kubernetes/node-haproxy.ts';
import { belowSilentNode } from '../../model/kubernetes/silent-node.ts';
import { renewalWrittenAt } from '../../model/objects/lease.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import type { Node } from '../../model/objects/node.ts';
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
  wants: ['leases', 'hosts'],
  // For as long as the node is dead: what loses its other half later, loses it to this too.
  explains: [
    {
      effect: 'workload/stuck-terminating',
      tie: 'node-pods',
      strength: 0.95,
      within: Infinity,
      signature: { why: 'node-dead' },
    },
    {
      effect: 'network/service-without-endpoints',
      tie: 'node-services',
      strength: 0.9,
      within: Infinity,
    },
    {
      effect: 'network/endpoints-on-dead-node',
      tie: 'node-services',
      strength: 0.6,
      within: Infinity,
    },
    {
      effect: 'network/svclb-missing',
      tie: 'cluster',
      strength: 0.4,
      within: Infinity,
      signature: { taints: /^node\.kubernetes\.io\/(unreachable|not-ready)/ },
    },
    { effect: 'storage/attach-stuck', tie: 'node-attachments', strength: 0.6, within: Infinity },
    { effect: 'control-plane/webhook-down', tie: 'node-webhooks', strength: 0.8, within: Infinity },
    {
      effect: 'workload/unschedulable',
      tie: 'cluster',
      strength: 0.7,
      within: Infinity,
      signature: { taints: /^node\.kubernetes\.io\/(unreachable|not-ready)/ },
    },
    {
      effect: 'workload/rollout-stuck',
      tie: 'node-workloads',
      strength: 0.6,
      within: Infinity,
      signature: { why: 'pods-not-ready' },
    },
    // A pod notices a lost network at once, the controller after its grace period.
    {
      effect: 'workload/crash-loop',
      tie: 'node-pods',
      strength: 0.5,
      within: 10 * minute,
      lead: 2 * minute,
      signature: { why: ['timeout', 'network-unreachable'] },
    },
    {
      effect: 'workload/mount-failed',
      tie: 'node-pods',
      strength: 0.4,
      within: 10 * minute,
      lead: 2 * minute,
      signature: { why: 'timeout' },
    },
    ...losesHaproxy,
  ],
  unseen: belowSilentNode,
  options: z.object({
    firstRegistrationMs: z
      .number()
      .default(minute)
      .describe('how long a node may be not ready after it was first registered'),
    pastMs: z
      .number()
      .default(60 * minute)
      .describe('how long a recovered node stays a candidate cause'),
    optionalNodes: z.array(z.string()).default([]).describe('names of nodes that may be off'),
  }),
  subjects: ({ nodes }, { optionalNodes }) =>
    nodes.filter(({ metadata }) => !optionalNodes.includes(metadata.name)),
  judge(node, { nodes, now, topology }, options) {
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
    const lease = topology.leaseOfNode.get(node.metadata.name);
    const lastHeard = (lease && renewalWrittenAt(lease)) ?? parseTime(ready.lastHeartbeatTime);
    // The controller says Unknown only a grace period after the kubelet was last heard of.
    const from = lastHeard === undefined ? null : Math.min(lastHeard, since);
    const silentSince = ready.status === 'Unknown' ? (from ?? since) : since;
    const facts = {
      name: node.metadata.name,
      status: ready.status,
      reason: ready.reason ?? '',
      message: ready.message ?? '',
      sinceAt: since,
      forMs: now - silentSince,
      evictionsStopped: evictionsStopped(nodes),
    };
    const field = 'status.conditions[Ready].status';
    const evidence = [{ object: refOf(node), field, value: ready.status, at: since }];
    if (ready.status === 'True') {
      const recovered =
        now - since <= options.pastMs && since - created > options.firstRegistrationMs;
      if (!recovered) return undefined;
      return { verdict: 'past', onset: { from: null, to: since }, endedAt: since, facts, evidence };
    }
    if (now - created < options.firstRegistrationMs) return undefined;
    const isOptional = topology.hostOfNode.get(node.metadata.name)?.declared.optional ?? false;
    // A machine that may be off takes its node with it, and that is no alarm.
    const severity = isOptional ? 'low' : 'critical';
    return { verdict: 'fail', severity, onset: { from, to: since }, facts, evidence };
  },
});

/**
 * Whether the controller holds back evictions because too much of a small cluster is not ready.
 * It counts by zone; where nodes lie in several zones this says no.
 */
function evictionsStopped(nodes: readonly Node[]): boolean {
  const zone = ({ metadata }: Node): string =>
    metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
  if (new Set(nodes.map(zone)).size > 1) return false;
  const ready = (node: Node): boolean =>
    conditionOf(node.status.conditions, 'Ready')?.status === 'True';
  const dead = nodes.filter((node) => !ready(node)).length;
  const most = nodes.length <= 50 && dead > 2 && dead / nodes.length >= 0.55;
  return dead === nodes.length || most;
}
