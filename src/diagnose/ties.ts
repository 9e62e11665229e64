import { groupBy } from '../lib/order.ts';
import type { Tie } from '../model/check.ts';
import { listed } from '../model/facet.ts';
import type { Pod } from '../model/objects/pod.ts';
import type { VolumeAttachment } from '../model/objects/storage.ts';
import { type Ref, refKey, refOf } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { claimsOf, keyOf, type Topology } from '../model/topology.ts';
import { type HostTies, hostTies } from './host-ties.ts';
import type { Reach } from './reach.ts';

/** `cluster` reaches everything and needs no table. */
export type LocalTie = Exclude<Tie, 'cluster'>;

type Ties<Prefix extends string> = Readonly<
  Record<Exclude<Extract<LocalTie, `${Prefix}-${string}`>, keyof HostTies>, Reach>
>;

/** Every relation between subjects that a check may name, over one snapshot. */
export function tiesOf(snapshot: Snapshot, topology: Topology): Readonly<Record<LocalTie, Reach>> {
  const paths = pathsOf(snapshot, topology);
  const onNode = nodeTies(paths);
  return {
    'same-subject': (subject) => [refKey(subject)],
    ...hostTies(snapshot, topology, {
      pods: onNode['node-pods'],
      services: onNode['node-services'],
      workloads: onNode['node-workloads'],
    }),
    ...onNode,
    ...podTies(paths),
    ...workloadTies(paths),
    ...webhookTies(paths),
    ...storageTies(paths),
  };
}

function nodeTies(paths: Paths): Ties<'node'> {
  const on = ({ name }: Ref): readonly Pod[] => paths.topology.podsOfNode.get(name) ?? [];
  return {
    'node-itself': ({ name }) => [`Node/${name}`, csiNode(name)],
    'node-pods': (node) => keys(on(node)),
    'node-services': (node) => paths.services(on(node)),
    'node-claims': (node) => claimKeys(on(node)),
    'node-attachments': ({ name }) => keys(paths.attachmentsOfNode.get(name) ?? []),
    'node-workloads': (node) => paths.workloads(on(node)),
    'node-webhooks': (node) => paths.webhooks(on(node)),
  };
}

function podTies(paths: Paths): Ties<'pod'> {
  const itself = (subject: Ref): readonly Pod[] => {
    const pod = paths.topology.pods.get(nameKey(subject));
    return pod ? [pod] : [];
  };
  return {
    'pod-node': (pod) => nodesOf(itself(pod)),
    'pod-workload': (pod) => paths.workloads(itself(pod)),
    'pod-services': (pod) => paths.services(itself(pod)),
    'pod-claims': (pod) => claimKeys(itself(pod)),
    'pod-csi-nodes': (pod) => csiNodesOf(itself(pod)),
  };
}

function workloadTies(paths: Paths): Ties<'workload'> {
  const { topology } = paths;
  const of = (subject: Ref): readonly Pod[] => topology.podsOfWorkload.get(refKey(subject)) ?? [];
  return {
    'workload-pods': (workload) => keys(of(workload)),
    'workload-services': (workload) => paths.services(of(workload)),
    // A DaemonSet that cannot make its pods has none to lead to a node: it may concern any.
    'workload-nodes': (workload) =>
      workload.kind === 'DaemonSet.apps' ? paths.nodes() : nodesOf(of(workload)),
    'workload-csi-nodes': (workload) => csiNodesOf(of(workload)),
  };
}

function webhookTies(paths: Paths): Ties<'service'> & Ties<'webhook'> {
  const { topology } = paths;
  return {
    'service-webhooks': (service) => paths.webhooksOfService.get(nameKey(service)) ?? [],
    'service-workloads': (subject) => {
      const service = topology.services.get(nameKey(subject));
      return service ? paths.workloads(topology.podsOfService(service)) : [];
    },
    // A webhook may stand in the way of any object; the effect's signature names it.
    'webhook-workloads': () => [...topology.podsOfWorkload.keys()],
    'webhook-nodes': () => paths.nodes(),
  };
}

function storageTies(
  paths: Paths,
): Ties<'claim'> & Ties<'volume'> & Ties<'attachment'> & Ties<'csi'> {
  const { topology } = paths;
  const users = (claim: string): readonly Pod[] => topology.podsOfClaim.get(claim) ?? [];
  const on = ({ name }: Ref): readonly Pod[] => topology.podsOfNode.get(name) ?? [];
  return {
    'claim-pods': (claim) => keys(users(nameKey(claim))),
    'claim-workloads': (claim) => paths.workloads(users(nameKey(claim))),
    'volume-claims': ({ name }) => paths.claimsOfVolume(name).map(claimKey),
    'volume-attachments': ({ name }) => keys(paths.attachmentsOfVolume.get(name) ?? []),
    'attachment-pods': ({ name }) => {
      const volume = paths.attachments.get(name)?.spec.source.persistentVolumeName ?? '';
      return paths.claimsOfVolume(volume).flatMap((claim) => keys(users(claim)));
    },
    'csi-pods': (node) => keys(on(node).filter((pod) => claimsOf(pod).length > 0)),
    'csi-claims': (node) => claimKeys(on(node)),
  };
}

/** What the ties are made of. */
interface Paths {
  readonly topology: Topology;
  readonly attachments: ReadonlyMap<string, VolumeAttachment>;
  readonly attachmentsOfNode: ReadonlyMap<string, readonly VolumeAttachment[]>;
  readonly attachmentsOfVolume: ReadonlyMap<string, readonly VolumeAttachment[]>;
  readonly webhooksOfService: ReadonlyMap<string, readonly string[]>;
  nodes(): readonly string[];
  services(pods: readonly Pod[]): readonly string[];
  workloads(pods: readonly Pod[]): readonly string[];
  webhooks(pods: readonly Pod[]): readonly string[];
  /** Keys (`namespace/name`) of the claim it is bound to, and of those that name it. */
  claimsOfVolume(name: string): readonly string[];
}

function pathsOf(snapshot: Snapshot, topology: Topology): Paths {
  const attachments = listed(snapshot.facets.volumeattachments);
  const webhooksOfService = webhooksByService(snapshot);
  const claimsNaming = groupBy(topology.claims.values(), (claim) => claim.spec.volumeName);
  return {
    topology,
    attachments: new Map(attachments.map((each) => [each.metadata.name, each])),
    attachmentsOfNode: groupBy(attachments, (each) => each.spec.nodeName),
    attachmentsOfVolume: groupBy(attachments, (each) => each.spec.source.persistentVolumeName),
    webhooksOfService,
    nodes: () => [...topology.nodes.keys()].map((name) => `Node/${name}`),
    services: (pods) => unique(pods.flatMap((pod) => keys(topology.servicesOfPod(pod)))),
    workloads: (pods) =>
      unique(pods.flatMap((pod) => topology.workloadOf(pod) ?? []).map((each) => refKey(each))),
    webhooks: (pods) => {
      const services = pods.flatMap((pod) => topology.servicesOfPod(pod));
      return unique(services.flatMap((service) => webhooksOfService.get(keyOf(service)) ?? []));
    },
    claimsOfVolume: (name) => {
      const bound = topology.volumes.get(name)?.spec.claimRef;
      const naming = (claimsNaming.get(name) ?? []).map(keyOf);
      return unique([...(bound ? [`${bound.namespace ?? ''}/${bound.name}`] : []), ...naming]);
    },
  };
}

function webhooksByService({ facets }: Snapshot): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const all = [...listed(facets.validatingwebhooks), ...listed(facets.mutatingwebhooks)];
  for (const configuration of all) {
    for (const webhook of configuration.webhooks ?? []) {
      const service = webhook.clientConfig?.service;
      if (!service) continue;
      const key = `${service.namespace}/${service.name}`;
      found.set(key, [...(found.get(key) ?? []), refKey(refOf(configuration))]);
    }
  }
  return found;
}

function keys(objects: readonly Parameters<typeof refOf>[0][]): string[] {
  return objects.map((each) => refKey(refOf(each)));
}

function nodesOf(pods: readonly Pod[]): string[] {
  return unique(pods.flatMap((pod) => (pod.spec.nodeName ? [`Node/${pod.spec.nodeName}`] : [])));
}

function csiNodesOf(pods: readonly Pod[]): string[] {
  return unique(pods.flatMap(({ spec }) => (spec.nodeName ? [csiNode(spec.nodeName)] : [])));
}

function claimKeys(pods: readonly Pod[]): string[] {
  return unique(pods.flatMap(claimsOf)).map(claimKey);
}

function claimKey(key: string): string {
  return `PersistentVolumeClaim/${key}`;
}

function csiNode(name: string): string {
  return `CSINode.storage.k8s.io/${name}`;
}

function nameKey({ namespace, name }: Ref): string {
  return `${namespace ?? ''}/${name}`;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
