import type { Service } from '../objects/service.ts';
import type { DaemonSet, Deployment, StatefulSet } from '../objects/workload.ts';

interface Makers {
  readonly deployments: readonly Deployment[];
  readonly statefulsets: readonly StatefulSet[];
  readonly daemonsets: readonly DaemonSet[];
}

/** How many pods each workload wants whose pods the Service would select, were there any. */
export function replicasBehind({ metadata, spec }: Service, makers: Makers): readonly number[] {
  const selector = Object.entries(spec.selector ?? {});
  const scaled = [...makers.deployments, ...makers.statefulsets].map((each) => ({
    ...each,
    replicas: each.spec.replicas ?? 1,
  }));
  const onNodes = makers.daemonsets.map((each) => ({
    ...each,
    replicas: each.status.desiredNumberScheduled ?? 0,
  }));
  return [...scaled, ...onNodes]
    .filter((each) => {
      const labels = each.spec.template?.metadata?.labels;
      const selected = selector.every(([key, value]) => labels?.[key] === value);
      return selected && each.metadata.namespace === metadata.namespace;
    })
    .map((each) => each.replicas);
}
