import { isFinished, type Pod } from '../objects/pod.ts';
import type { Service } from '../objects/service.ts';

/** Roles that a database's second instance has and its first has not. */
const replicaRoles = new Set(['replica', 'read', 'secondary', 'slave', 'standby']);

/** Labels of pods that Longhorn has only at times, or in other versions, while their Service stays. */
const longhornLabels = ['longhorn.io/share-manager', 'longhorn.io/instance-manager-type'];

/** Whether nobody expects this Service to have an endpoint now, given the pods that it selects. */
export function isEmptyByDesign(
  service: Service,
  selected: readonly Pod[],
  pods: readonly Pod[],
): boolean {
  const { name, namespace, labels } = service.metadata;
  const { clusterIP, publishNotReadyAddresses, selector } = service.spec;
  if (clusterIP === 'None' && publishNotReadyAddresses) return true;
  if (labels?.['acme.cert-manager.io/http01-solver'] === 'true') return true;
  if (selected.length > 0 && selected.every((pod) => pod.status.phase === 'Succeeded')) return true;
  if (selected.length === 0) {
    // k3s runs these inside its own process, so the chart's Services never find a pod.
    const control = /-kube-(controller-manager|scheduler|proxy|etcd)$/.test(name);
    if (control && namespace === 'kube-system') return true;
    if (longhornLabels.some((label) => selector?.[label] !== undefined)) return true;
  }
  return isReplicaOfOne(service, pods);
}

/** It selects the replicas of a database that has one instance: the one that is no replica. */
function isReplicaOfOne({ metadata, spec }: Service, pods: readonly Pod[]): boolean {
  const wanted = Object.entries(spec.selector ?? {});
  const others = wanted.filter(([, value]) => !replicaRoles.has(value));
  if (others.length === 0 || others.length === wanted.length) return false;
  const instances = pods.filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      !isFinished(pod) &&
      others.every(([key, value]) => pod.metadata.labels?.[key] === value),
  );
  return instances.length <= 1;
}
