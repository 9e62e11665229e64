import { groupBy } from '../lib/order.ts';
import type { Tie } from '../model/check.ts';
import type { Pod } from '../model/objects/pod.ts';
import { type Ref, refKey, refOf } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { claimsOf, keyOf, type Topology } from '../model/topology.ts';

/** From the subject of a cause to the subjects (as `refKey`) that its effect may have. */
export type Reach = (subject: Ref) => readonly string[];

/** `cluster` reaches everything and needs no table. */
export type LocalTie = Exclude<Tie, 'cluster'>;

/** Every relation between subjects that a check may name, over one snapshot. */
export function tiesOf(snapshot: Snapshot, topology: Topology): Readonly<Record<LocalTie, Reach>> {
  const { facets } = snapshot;
  const volumes = facets.persistentvolumes.state === 'known' ? facets.persistentvolumes.value : [];
  const attachments =
    facets.volumeattachments.state === 'known' ? facets.volumeattachments.value : [];
  const attachmentsOfNode = groupBy(attachments, (each) => each.spec.nodeName);
  const attachmentsOfVolume = groupBy(
    attachments,
    (each) => each.spec.source.persistentVolumeName ?? undefined,
  );
  const volumeByName = new Map(volumes.map((volume) => [volume.metadata.name, volume]));
  const webhooks = webhooksByService(snapshot);
  const allNodes = [...topology.nodes.keys()].map((name) => `Node/${name}`);

  const podsOfNode = (name: string): readonly Pod[] => topology.podsOfNode.get(name) ?? [];
  const podOf = (subject: Ref): readonly Pod[] => {
    const pod = topology.pods.get(nameKey(subject));
    return pod ? [pod] : [];
  };
  const podsOfWorkload = (subject: Ref): readonly Pod[] =>
    topology.podsOfWorkload.get(refKey(subject)) ?? [];
  const services = (pods: readonly Pod[]): string[] =>
    unique(pods.flatMap((pod) => topology.servicesOfPod(pod).map((each) => refKey(refOf(each)))));
  const workloads = (pods: readonly Pod[]): string[] =>
    unique(
      pods.flatMap((pod) => {
        const workload = topology.workloadOf(pod);
        return workload ? [refKey(workload)] : [];
      }),
    );
  const claims = (pods: readonly Pod[]): string[] => unique(pods.flatMap(claimsOf)).map(claimKey);
  const podsOfClaim = (subject: Ref): readonly Pod[] =>
    topology.podsOfClaim.get(nameKey(subject)) ?? [];
  const claimOfVolume = (name: string): string[] => {
    const claim = volumeByName.get(name)?.spec.claimRef;
    return claim ? [`${claim.namespace ?? ''}/${claim.name}`] : [];
  };
  // A claim may name a volume that is not yet its own.
  const claimsOfVolume = groupBy(topology.claims.values(), (claim) => claim.spec.volumeName);
  const claimsNaming = (name: string): string[] => (claimsOfVolume.get(name) ?? []).map(keyOf);
  const webhooksOfPods = (pods: readonly Pod[]): string[] =>
    unique(
      pods.flatMap((pod) =>
        topology.servicesOfPod(pod).flatMap((service) => webhooks.get(keyOf(service)) ?? []),
      ),
    );

  return {
    'same-subject': (subject) => [refKey(subject)],
    'node-itself': ({ name }) => [`Node/${name}`, `CSINode.storage.k8s.io/${name}`],
    'node-pods': ({ name }) => keys(podsOfNode(name)),
    'node-services': ({ name }) => services(podsOfNode(name)),
    'node-claims': ({ name }) => claims(podsOfNode(name)),
    'node-attachments': ({ name }) => keys(attachmentsOfNode.get(name) ?? []),
    'node-workloads': ({ name }) => workloads(podsOfNode(name)),
    'node-webhooks': ({ name }) => webhooksOfPods(podsOfNode(name)),
    'pod-node': (subject) => nodesOf(podOf(subject)),
    'pod-workload': (subject) => workloads(podOf(subject)),
    'pod-services': (subject) => services(podOf(subject)),
    'pod-claims': (subject) => claims(podOf(subject)),
    'workload-pods': (subject) => keys(podsOfWorkload(subject)),
    'workload-services': (subject) => services(podsOfWorkload(subject)),
    // A DaemonSet that cannot make its pods has none to lead to a node: it may concern any.
    'workload-nodes': (subject) =>
      subject.kind === 'DaemonSet.apps' ? allNodes : nodesOf(podsOfWorkload(subject)),
    'workload-csi-nodes': (subject) =>
      nodesOf(podsOfWorkload(subject)).map((key) =>
        key.replace('Node/', 'CSINode.storage.k8s.io/'),
      ),
    'service-webhooks': (subject) => webhooks.get(nameKey(subject)) ?? [],
    'service-workloads': (subject) => {
      const service = topology.services.get(nameKey(subject));
      return service ? workloads(topology.podsOfService(service)) : [];
    },
    // A webhook may stand in the way of any object; the effect's signature names it.
    'webhook-workloads': () => [...topology.podsOfWorkload.keys()],
    'webhook-nodes': () => allNodes,
    'claim-pods': (subject) => keys(podsOfClaim(subject)),
    'claim-workloads': (subject) => workloads(podsOfClaim(subject)),
    'volume-claims': ({ name }) =>
      unique([...claimOfVolume(name), ...claimsNaming(name)]).map(claimKey),
    'volume-attachments': ({ name }) => keys(attachmentsOfVolume.get(name) ?? []),
    'attachment-pods': ({ name }) => {
      const attachment = attachments.find((each) => each.metadata.name === name);
      const volume = attachment?.spec.source.persistentVolumeName ?? '';
      return claimOfVolume(volume).flatMap((claim) => keys(topology.podsOfClaim.get(claim) ?? []));
    },
    'csi-pods': ({ name }) => keys(podsOfNode(name).filter((pod) => claimsOf(pod).length > 0)),
    'csi-claims': ({ name }) => claims(podsOfNode(name)),
  };
}

function webhooksByService(snapshot: Snapshot): Map<string, string[]> {
  const { validatingwebhooks, mutatingwebhooks } = snapshot.facets;
  const found = new Map<string, string[]>();
  for (const facet of [validatingwebhooks, mutatingwebhooks]) {
    if (facet.state !== 'known') continue;
    for (const configuration of facet.value) {
      for (const webhook of configuration.webhooks ?? []) {
        const service = webhook.clientConfig?.service;
        if (!service) continue;
        const key = `${service.namespace}/${service.name}`;
        found.set(key, [...(found.get(key) ?? []), refKey(refOf(configuration))]);
      }
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

function claimKey(key: string): string {
  return `PersistentVolumeClaim/${key}`;
}

function nameKey({ namespace, name }: Ref): string {
  return `${namespace ?? ''}/${name}`;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
