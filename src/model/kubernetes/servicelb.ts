import type { Node } from '../objects/node.ts';
import type { Service } from '../objects/service.ts';
import type { DaemonSet } from '../objects/workload.ts';

const label = 'svccontroller.k3s.cattle.io';

/** The DaemonSet by which k3s's ServiceLB carries the Service; none if another balancer does. */
export function balancerOf(
  { metadata, spec }: Service,
  daemonSets: readonly DaemonSet[],
): DaemonSet | undefined {
  if (spec.type !== 'LoadBalancer') return undefined;
  return daemonSets.find(
    ({ metadata: { labels } }) =>
      labels?.[`${label}/svcname`] === metadata.name &&
      labels[`${label}/svcnamespace`] === metadata.namespace,
  );
}

/** Taints that Kubernetes sets for a state of the node: they pass, so the node stays eligible. */
const ofState = /^node\.(kubernetes\.io|cloudprovider\.kubernetes\.io|cilium\.io)\//;
/** What ServiceLB's pods tolerate. */
const tolerated = [
  'CriticalAddonsOnly',
  'node-role.kubernetes.io/control-plane',
  'node-role.kubernetes.io/master',
];

/** Neither k3s's own label nor a taint that somebody chose keeps the pod away. */
export function mayCarry(node: Node, balancer: DaemonSet): boolean {
  const wanted = Object.entries(balancer.spec.template.spec.nodeSelector ?? {});
  return (
    wanted.every(([key, value]) => node.metadata.labels?.[key] === value) &&
    (node.spec.taints ?? []).every(
      ({ key, effect }) =>
        effect === 'PreferNoSchedule' || ofState.test(key) || tolerated.includes(key),
    )
  );
}
