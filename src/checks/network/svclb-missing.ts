import * as z from 'zod';
import { byText } from '../../lib/order.ts';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import type { Facts } from '../../model/finding.ts';
import { balancerOf, mayCarry } from '../../model/kubernetes/servicelb.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import type { Node } from '../../model/objects/node.ts';
import { isFinished, nodeMeantFor, type Pod } from '../../model/objects/pod.ts';
import { refKey, refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK4003',
  id: 'network/svclb-missing',
  title: 'ServiceLB pod missing on a node',
  layer: 'network',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['services', 'daemonsets', 'pods', 'nodes'],
  wants: [],
  explains: [],
  options: z.object({
    settleMs: z
      .number()
      .default(2 * minute)
      .describe('how long a svclb pod may take to appear and to start'),
  }),
  // Only a Service that has its DaemonSet is ServiceLB's: others are MetalLB's or nobody's.
  subjects: ({ services, daemonsets, topology }) =>
    services.filter((each) => {
      const balancer = balancerOf(each, daemonsets);
      return balancer && topology.sees('pods', balancer.metadata.namespace);
    }),
  judge(service, view, { settleMs }) {
    const { now, nodes, topology } = view;
    const balancer = balancerOf(service, view.daemonsets);
    if (!balancer || isYoung(balancer.metadata.creationTimestamp, now, settleMs)) return undefined;
    const pods = (topology.podsOfWorkload.get(refKey(refOf(balancer))) ?? []).filter(
      (pod) => !isFinished(pod),
    );
    const missing = nodes.filter(
      (node) =>
        mayCarry(node, balancer) &&
        !isYoung(lastTurn(node), now, settleMs) &&
        !pods.some((pod) => nodeMeantFor(pod) === node.metadata.name),
    );
    const waiting = pods.filter(
      (pod) =>
        pod.status.phase === 'Pending' && !isYoung(pod.metadata.creationTimestamp, now, settleMs),
    );
    if (missing.length + waiting.length === 0) return undefined;
    const made = waiting.flatMap((pod) => parseTime(pod.metadata.creationTimestamp) ?? []);
    // When a pod vanished is not known; one that waits has done so since it was made.
    const onset = { from: null, to: missing.length > 0 ? now : Math.min(...made, now) };
    const facts = {
      name: service.metadata.name,
      namespace: service.metadata.namespace ?? '',
      ...factsOf(missing, waiting),
      balancer: balancer.metadata.name,
      balancerNamespace: balancer.metadata.namespace ?? '',
    };
    const evidence = [
      ...missing.map((each) => ({
        object: refOf(each),
        field: 'spec.taints',
        value: taintsOf(each),
      })),
      ...waiting.map((each) => ({ object: refOf(each), field: 'status.phase', value: 'Pending' })),
    ];
    return { verdict: 'fail', severity: 'high', onset, facts, evidence };
  },
});

function isYoung(time: string | null | undefined, now: number, settleMs: number): boolean {
  return now - (parseTime(time) ?? 0) < settleMs;
}

/** When the node was last seen to become ready or to cease to be. */
function lastTurn(node: Node): string | null | undefined {
  return conditionOf(node.status.conditions, 'Ready')?.lastTransitionTime;
}

function taintsOf(node: Node): readonly string[] {
  return (node.spec.taints ?? []).map((taint) => taint.key);
}

function factsOf(missing: readonly Node[], waiting: readonly Pod[]): Facts {
  const nodes = [
    ...missing.map((node) => node.metadata.name),
    ...waiting.flatMap((pod) => nodeMeantFor(pod) ?? []),
  ].sort(byText);
  const taints = missing.flatMap(taintsOf);
  const [message = ''] = waiting
    .flatMap((pod) => conditionOf(pod.status.conditions, 'PodScheduled')?.message ?? [])
    .sort(byText);
  return {
    why: missing.length > 0 ? 'no-pod' : whyOf(message),
    node: nodes[0] ?? '',
    nodes,
    taints: [...new Set(taints)].sort(byText),
    message,
  };
}

function whyOf(message: string): string {
  if (message.includes('taint')) return 'pending-taint';
  return message.includes('free ports') ? 'pending-port' : 'pending-other';
}
