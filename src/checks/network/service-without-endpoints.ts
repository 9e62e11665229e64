import * as z from 'zod';
import { byText } from '../../lib/order.ts';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck, type View } from '../../model/check.ts';
import { listed, notSeen } from '../../model/facet.ts';
import { isEmptyByDesign } from '../../model/kubernetes/empty-by-design.ts';
import { outageOf } from '../../model/kubernetes/outage.ts';
import { replicasBehind } from '../../model/kubernetes/replicas-behind.ts';
import { routesTo } from '../../model/kubernetes/routes.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { isFinished, type Pod } from '../../model/objects/pod.ts';
import { readyEndpoints, type Service } from '../../model/objects/service.ts';
import { refOf } from '../../model/ref.ts';
import { keyOf } from '../../model/topology.ts';

const reads = ['services', 'endpointslices', 'pods'] as const;
const workloads = ['deployments', 'statefulsets', 'daemonsets'] as const;
const wants = ['ingresses', 'httproutes', ...workloads] as const;
type Seen = View<(typeof reads)[number], (typeof wants)[number]>;

export const check = defineCheck({
  code: 'EK4001',
  id: 'network/service-without-endpoints',
  title: 'Service without endpoints',
  layer: 'network',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads,
  wants,
  explains: [
    {
      effect: 'control-plane/webhook-down',
      tie: 'service-webhooks',
      strength: 0.95,
      within: Infinity,
    },
    {
      effect: 'workload/crash-loop',
      tie: 'cluster',
      strength: 0.5,
      within: Infinity,
      when: { namespace: 'kube-system', name: 'kube-dns' },
      signature: { why: 'dns' },
    },
  ],
  options: z.object({
    settleMs: z
      .number()
      .default(2 * minute)
      .describe('how long a Service may be without endpoints after it was made or its pods rose'),
  }),
  subjects: ({ services, topology }) =>
    services.filter(
      (each) =>
        each.spec.type !== 'ExternalName' &&
        Object.keys(each.spec.selector ?? {}).length > 0 &&
        topology.sees('endpointslices', each.metadata.namespace) &&
        topology.sees('pods', each.metadata.namespace),
    ),
  judge(service, view, { settleMs }) {
    const { now, topology } = view;
    const made = parseTime(service.metadata.creationTimestamp) ?? 0;
    if (now - made < settleMs) return undefined;
    const slices = topology.slicesOfService.get(keyOf(service)) ?? [];
    if (readyEndpoints(slices).length > 0) return undefined;
    const selected = topology.podsOfService(service);
    if (isEmptyByDesign(service, selected, view.pods)) return undefined;
    const pods = selected.filter((pod) => !isFinished(pod));
    const going = pods.every((pod) => pod.metadata.deletionTimestamp);
    const hidden = workloads.find(
      (kind) => view[kind].state !== 'absent' && !topology.sees(kind, service.metadata.namespace),
    );
    if (going && hidden) {
      const detail = `${hidden}: whether its workload is scaled to zero could not be seen`;
      return { verdict: 'unknown', reason: 'forbidden', detail };
    }
    if (going && isScaledToZero(service, view)) return undefined;
    const rose = pods.flatMap(servingSince);
    if (rose.some((at) => now - at < settleMs)) return undefined;
    const onset = outageOf(pods, now);
    const usedBy = routesTo(service, listed(view.ingresses), listed(view.httproutes));
    const facts = {
      name: service.metadata.name,
      namespace: service.metadata.namespace ?? '',
      why: whyOf(pods, going, rose.length > 0),
      selector: selectorOf(service),
      pods: pods.map((pod) => pod.metadata.name).sort(byText),
      usedBy,
      notSeen: notSeen({ ingresses: view.ingresses, httproutes: view.httproutes }),
      forMs: now - onset.to,
    };
    const field = 'endpoints[].conditions.ready';
    const evidence = [{ object: refOf(service), field, value: false, at: onset.to }];
    return { verdict: 'fail', severity: usedBy.length ? 'high' : 'medium', onset, facts, evidence };
  },
});

function whyOf(pods: readonly Pod[], going: boolean, serving: boolean): string {
  if (pods.length === 0) return 'no-pod-matches';
  if (going) return 'pods-terminating';
  return serving ? 'not-listed' : 'pods-not-ready';
}

function isScaledToZero(service: Service, view: Seen): boolean {
  const wanted = replicasBehind(service, {
    deployments: listed(view.deployments),
    statefulsets: listed(view.statefulsets),
    daemonsets: listed(view.daemonsets),
  });
  return wanted.length > 0 && wanted.every((replicas) => replicas === 0);
}

function selectorOf(service: Service): string {
  const pairs = Object.entries(service.spec.selector ?? {});
  return pairs.map((pair) => pair.join('=')).join(',');
}

function servingSince(pod: Pod): number[] {
  const ready = conditionOf(pod.status.conditions, 'Ready');
  if (ready?.status !== 'True' || pod.metadata.deletionTimestamp) return [];
  return [parseTime(ready.lastTransitionTime) ?? 0];
}
