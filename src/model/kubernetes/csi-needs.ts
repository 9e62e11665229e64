import { byText } from '../../lib/order.ts';
import type { View } from '../check.ts';
import { isFinished, type Pod } from '../objects/pod.ts';
import type { CSINode } from '../objects/storage.ts';
import { refKey, refOf } from '../ref.ts';
import { claimsOf, keyOf } from '../topology.ts';

/** A CSI driver without which something on a node cannot do. */
export interface Need {
  readonly driver: string;
  /** `Pod media/plex`, `VolumeAttachment csi-0`. */
  readonly by: string;
  /** When that object was made. */
  readonly made: string | null | undefined;
}

type Seen = Pick<
  View<'csinodes' | 'daemonsets' | 'volumeattachments', never>,
  'csinodes' | 'daemonsets' | 'volumeattachments' | 'topology'
>;

/** The drivers that the kubelet of a node has registered. */
export function driversOf({ spec }: CSINode): readonly string[] {
  return (spec.drivers ?? []).map((driver) => driver.name).sort(byText);
}

/** Every driver that something on the node cannot do without. */
export function needsOf(node: string, view: Seen): readonly Need[] {
  const pods = (view.topology.podsOfNode.get(node) ?? []).filter((pod) => !isFinished(pod));
  const attachments = view.volumeattachments.filter(
    ({ spec, metadata }) => spec.nodeName === node && !metadata.deletionTimestamp,
  );
  return [
    ...pods.flatMap((pod) => needsOfPod(pod, view)),
    ...attachments.map(({ spec, metadata }) => ({
      driver: spec.attacher,
      by: `VolumeAttachment ${metadata.name}`,
      made: metadata.creationTimestamp,
    })),
  ];
}

function needsOfPod(pod: Pod, view: Seen): readonly Need[] {
  const { claims, volumes } = view.topology;
  const mounted = claimsOf(pod).flatMap((key) => {
    const volume = volumes.get(claims.get(key)?.spec.volumeName ?? '');
    return volume?.spec.csi?.driver ?? [];
  });
  const inline = (pod.spec.volumes ?? []).flatMap((volume) => volume.csi?.driver ?? []);
  return [...mounted, ...inline, ...driversServedBy(pod, view)].map((driver) => ({
    driver,
    by: `Pod ${keyOf(pod)}`,
    made: pod.metadata.creationTimestamp,
  }));
}

/** A node plugin mounts `…/plugins/<driver>`; only a name registered elsewhere proves it is one. */
function driversServedBy(pod: Pod, { csinodes, daemonsets, topology }: Seen): readonly string[] {
  const owner = topology.workloadOf(pod);
  if (owner?.kind !== 'DaemonSet.apps') return [];
  const set = daemonsets.find((each) => refKey(refOf(each)) === refKey(owner));
  const parts = (set?.spec.template.spec.volumes ?? []).flatMap(
    (volume) => volume.hostPath?.path.split('/') ?? [],
  );
  return [...new Set(csinodes.flatMap(driversOf))].filter((driver) => parts.includes(driver));
}
