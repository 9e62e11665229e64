import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { minute, parseTime, second } from '../../lib/time.ts';
import { defineCheck, type View } from '../../model/check.ts';
import type { Evidence } from '../../model/finding.ts';
import { leaseState } from '../../model/objects/lease.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import type { Lease, Node } from '../../model/objects/node.ts';
import { refOf } from '../../model/ref.ts';

const lifecycleTaints = ['node.kubernetes.io/unreachable', 'node.kubernetes.io/not-ready'];

export const check = defineCheck({
  code: 'EK2002',
  id: 'node/stale-taint',
  title: 'Stale taint on a ready node',
  layer: 'node',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['nodes'],
  wants: ['leases'],
  explains: [
    {
      effect: 'workload/unschedulable',
      tie: 'cluster',
      strength: 0.8,
      within: Infinity,
      signature: { taints: /^node\.kubernetes\.io\/(unreachable|not-ready)/ },
    },
    // The DaemonSet controller makes no svclb pod at all under the NoSchedule taint.
    {
      effect: 'network/svclb-missing',
      tie: 'cluster',
      strength: 0.9,
      within: Infinity,
      signature: { taints: /^node\.kubernetes\.io\/(unreachable|not-ready)/ },
    },
  ],
  options: z.object({
    settleMs: z
      .number()
      .default(minute)
      .describe('how long the controller may take to clear the taint of a node that came back'),
    silentMs: z
      .number()
      .default(100 * second)
      .describe('how long a Lease may stand still under Ready=True: two grace periods'),
  }),
  subjects: ({ nodes }) => nodes.filter(isReady),
  judge(node, view, { settleMs, silentMs }) {
    const { now, topology } = view;
    const taints = (node.spec.taints ?? []).filter(({ key }) => lifecycleTaints.includes(key));
    if (taints.length === 0) return undefined;
    const readySince = parseTime(readyOf(node)?.lastTransitionTime) ?? now;
    const added = taints.flatMap(({ timeAdded }) => parseTime(timeAdded) ?? []);
    const lease = topology.leaseOfNode.get(node.metadata.name);
    const word = lease ? leaseState(lease, now) : undefined;
    if (word?.state !== 'renewed') {
      const detail =
        'tainted while Ready, and no renewal of its Lease was seen: Ready may be stale';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    const controller = controllerOf(view, silentMs);
    const began = Math.max(readySince, ...added);
    // A controller that only just took office clears the taint in a moment.
    if (now - Math.max(began, controller.since ?? 0) <= settleMs) return undefined;
    const written = parseTime(node.taintsWrittenBy?.at) ?? began;
    return {
      verdict: 'fail',
      severity: 'high',
      // While the node was not ready the taint was right; who wrote later may have brought it.
      onset: { from: readySince, to: Math.max(began, Math.min(written, now)) },
      facts: {
        name: node.metadata.name,
        taints: taints.map(({ key, effect }) => `${key}:${effect}`),
        why: controller.why,
        writtenBy: node.taintsWrittenBy?.manager ?? '',
        leaseProof: word.proof,
        readySinceAt: readySince,
        forMs: now - began,
      },
      evidence: [...evidenceOf(node, taints, readySince), ...controller.evidence],
    };
  },
});

type Seen = View<'nodes', 'leases'>;
type Taints = NonNullable<Node['spec']['taints']>;

function evidenceOf(node: Node, taints: Taints, readySince: Millis): Evidence[] {
  const object = refOf(node);
  return [
    ...taints.map(({ key, effect, timeAdded }) => ({
      object,
      field: `spec.taints[${key}].effect`,
      value: effect,
      at: parseTime(timeAdded),
    })),
    { object, field: 'status.conditions[Ready].status', value: 'True', at: readySince },
  ];
}

/** Whether the controller that should clear the taint is at work, as far as its Lease tells. */
function controllerOf(view: Seen, silentMs: Millis) {
  const { now, leases } = view;
  const all = leases.state === 'known' ? leases.value : [];
  const lease = all.find(isControllers);
  // k3s with SQLite has no such Lease, so its absence proves nothing: only work undone does.
  if (!lease)
    return { why: forgets(view, silentMs) ? 'controller-silent' : 'unknown', evidence: [] };
  const field = 'spec.renewTime';
  const value = lease.spec.renewTime ?? null;
  const evidence = [{ object: refOf(lease), field, value, at: parseTime(value) }];
  const { state } = leaseState(lease, now);
  if (state === 'stale') return { why: 'controller-silent', evidence };
  if (state === 'undecided') return { why: 'unknown', evidence };
  return { why: 'patch-failed', since: parseTime(lease.spec.acquireTime), evidence };
}

function isControllers({ metadata }: Lease): boolean {
  return metadata.namespace === 'kube-system' && metadata.name === 'kube-controller-manager';
}

/** A node that fell silent for two grace periods and still counts as Ready. */
function forgets({ nodes, topology, now }: Seen, silentMs: Millis): boolean {
  return nodes.filter(isReady).some(({ metadata }) => {
    const lease = topology.leaseOfNode.get(metadata.name);
    return lease !== undefined && leaseState(lease, now, silentMs).state === 'stale';
  });
}

function readyOf(node: Node) {
  return conditionOf(node.status.conditions, 'Ready');
}

function isReady(node: Node): boolean {
  return readyOf(node)?.status === 'True';
}
