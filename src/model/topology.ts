import { groupBy } from '../lib/order.ts';
import type { Facet } from './facet.ts';
import type { FacetName, FacetValues, ListFacetName } from './facets.ts';
import { type HostIndex, hostIndex } from './hosts.ts';
import type { Lease, Node } from './objects/node.ts';
import { type Event, type Pod, seenAt } from './objects/pod.ts';
import type { EndpointSlice, Service } from './objects/service.ts';
import type { PersistentVolume, PersistentVolumeClaim } from './objects/storage.ts';
import { type Ref, refKey } from './ref.ts';
import type { Snapshot } from './snapshot.ts';

/** Indexes over a snapshot's known facets. Built once; keys are `namespace/name` unless said. */
export interface Topology extends HostIndex {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly pods: ReadonlyMap<string, Pod>;
  /** A node's own Lease (in kube-node-lease), by node name: the kubelet's word. */
  readonly leaseOfNode: ReadonlyMap<string, Lease>;
  /** By node name. */
  readonly podsOfNode: ReadonlyMap<string, readonly Pod[]>;
  /** By claim. */
  readonly podsOfClaim: ReadonlyMap<string, readonly Pod[]>;
  /** By `refKey` of the Deployment, StatefulSet, DaemonSet, Job … at the top of the owners. */
  readonly podsOfWorkload: ReadonlyMap<string, readonly Pod[]>;
  readonly services: ReadonlyMap<string, Service>;
  readonly slicesOfService: ReadonlyMap<string, readonly EndpointSlice[]>;
  readonly claims: ReadonlyMap<string, PersistentVolumeClaim>;
  /** By name. */
  readonly volumes: ReadonlyMap<string, PersistentVolume>;
  /** Whether that facet was looked at in that namespace: what is missing there is truly missing. */
  sees(facet: FacetName, namespace: string | null | undefined): boolean;
  /** Events about this very object, not an earlier one of its name; last seen last. */
  eventsOf(object: Regarded): readonly Event[];
  /** Who made the pod: its ReplicaSet's Deployment, else its controller, else undefined. */
  workloadOf(pod: Pod): Ref | undefined;
  /** Pods that the Service selects. */
  podsOfService(service: Service): readonly Pod[];
  /** Services that select the pod. */
  servicesOfPod(pod: Pod): readonly Service[];
}

interface Regarded {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | null | undefined;
    readonly uid?: string | null | undefined;
  };
}

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string | null | undefined };
}

export function keyOf(object: Named): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function buildTopology(snapshot: Snapshot): Topology {
  const pods = listOf(snapshot, 'pods');
  const services = listOf(snapshot, 'services');
  const workloadOf = workloads(snapshot);
  const podsOfNamespace = groupBy(pods, (pod) => pod.metadata.namespace ?? undefined);
  const servicesOfNamespace = groupBy(
    services.filter((each) => Object.keys(each.spec.selector ?? {}).length > 0),
    (service) => service.metadata.namespace ?? undefined,
  );
  return {
    ...hostIndex(snapshot),
    nodes: byName(listOf(snapshot, 'nodes')),
    pods: byKey(pods),
    leaseOfNode: byName(
      listOf(snapshot, 'leases').filter((each) => each.metadata.namespace === 'kube-node-lease'),
    ),
    podsOfNode: groupBy(pods, (pod) => pod.spec.nodeName ?? undefined),
    podsOfClaim: podsByClaim(pods),
    podsOfWorkload: groupBy(pods, (pod) => {
      const workload = workloadOf(pod);
      return workload && refKey(workload);
    }),
    services: byKey(services),
    slicesOfService: groupBy(listOf(snapshot, 'endpointslices'), serviceOfSlice),
    claims: byKey(listOf(snapshot, 'persistentvolumeclaims')),
    volumes: byName(listOf(snapshot, 'persistentvolumes')),
    sees: (name, namespace) => isSeen(snapshot.facets[name], namespace),
    eventsOf: eventsByObject(listOf(snapshot, 'events')),
    workloadOf,
    podsOfService: (service) =>
      (podsOfNamespace.get(service.metadata.namespace ?? '') ?? []).filter((pod) =>
        selects(service, pod),
      ),
    servicesOfPod: (pod) =>
      (servicesOfNamespace.get(pod.metadata.namespace ?? '') ?? []).filter((service) =>
        selects(service, pod),
      ),
  };
}

function isSeen(facet: Facet<unknown>, namespace: string | null | undefined): boolean {
  if (facet.state !== 'known') return false;
  return facet.scope === 'cluster' || facet.scope.namespaces.includes(namespace ?? '');
}

function serviceOfSlice({ metadata: { labels, namespace } }: EndpointSlice): string | undefined {
  const name = labels?.['kubernetes.io/service-name'];
  return name && `${namespace ?? ''}/${name}`;
}

function byName<T extends Named>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((each) => [each.metadata.name, each]));
}

function byKey<T extends Named>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((each) => [keyOf(each), each]));
}

function selects(service: Service, pod: Pod): boolean {
  const wanted = Object.entries(service.spec.selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => pod.metadata.labels?.[key] === value);
}

function eventsByObject(events: readonly Event[]): (object: Regarded) => readonly Event[] {
  const about = groupBy(events, ({ involvedObject: { kind, namespace, name } }) =>
    regardedKey(kind, namespace, name),
  );
  return ({ kind, metadata: { name, namespace, uid } }) =>
    // An event names the kind without its group.
    (about.get(regardedKey(kind.split('.')[0] ?? '', namespace, name)) ?? [])
      .filter(({ involvedObject }) => isOf(involvedObject.uid, uid, name))
      .toSorted((a, b) => seenAt(a).last - seenAt(b).last);
}

/** A kubelet gives its node's name for the uid: it does not know its own Node object. */
function isOf(
  regarded: string | null | undefined,
  uid: string | null | undefined,
  name: string,
): boolean {
  return !uid || !regarded || regarded === uid || regarded === name;
}

function regardedKey(kind: string, namespace: string | null | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

function podsByClaim(pods: readonly Pod[]): Map<string, Pod[]> {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) {
    for (const claim of claimsOf(pod)) {
      const users = found.get(claim);
      if (users) users.push(pod);
      else found.set(claim, [pod]);
    }
  }
  return found;
}

/** Keys of the claims that a pod mounts, generic ephemeral volumes (`pod-volume`) included. */
export function claimsOf(pod: Pod): readonly string[] {
  const namespace = pod.metadata.namespace ?? '';
  const claims: string[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.persistentVolumeClaim) {
      claims.push(`${namespace}/${volume.persistentVolumeClaim.claimName}`);
    } else if (volume.ephemeral) {
      claims.push(`${namespace}/${pod.metadata.name}-${volume.name}`);
    }
  }
  return claims;
}

const apiGroupOf: { readonly [kind: string]: string } = {
  Deployment: 'Deployment.apps',
  StatefulSet: 'StatefulSet.apps',
  DaemonSet: 'DaemonSet.apps',
  ReplicaSet: 'ReplicaSet.apps',
  Job: 'Job.batch',
};

function workloads(snapshot: Snapshot): (pod: Pod) => Ref | undefined {
  const deploymentOf = new Map<string, string>();
  for (const set of listOf(snapshot, 'replicasets')) {
    const owner = set.metadata.ownerReferences?.find((each) => each.controller);
    if (owner?.kind === 'Deployment') deploymentOf.set(keyOf(set), owner.name);
  }
  return (pod) => {
    const owner = pod.metadata.ownerReferences?.find((each) => each.controller);
    if (!owner) return undefined;
    const namespace = pod.metadata.namespace ?? undefined;
    const deployment =
      owner.kind === 'ReplicaSet'
        ? deploymentOf.get(`${namespace ?? ''}/${owner.name}`)
        : undefined;
    if (deployment !== undefined) return { kind: 'Deployment.apps', namespace, name: deployment };
    return { kind: apiGroupOf[owner.kind] ?? owner.kind, namespace, name: owner.name };
  };
}

function listOf<K extends ListFacetName>(snapshot: Snapshot, name: K): FacetValues[K] {
  const facet = snapshot.facets[name as FacetName];
  return (facet.state === 'known' ? facet.value : []) as FacetValues[K];
}
