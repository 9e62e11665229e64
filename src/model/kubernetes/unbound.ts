import { byText } from '../../lib/order.ts';
import {
  classNameOf,
  couldBind,
  isLargeEnough,
  offersModes,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
} from '../objects/storage.ts';

/** Why a claim is not bound, and the volume that stands in the way, if it is one. */
export interface Unbound {
  readonly why: string;
  readonly volume?: string;
}

/** Why none of the volumes that exist is bound to a claim for which no provisioner makes one. */
export function whyUnbound(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  classes: readonly StorageClass[],
  waitsForPod: boolean,
): Unbound {
  const { storageClassName, volumeName } = claim.spec;
  const className = classNameOf(claim, classes);
  const [released] = volumes
    .filter(
      (each) =>
        each.status.phase === 'Released' &&
        each.spec.persistentVolumeReclaimPolicy !== 'Delete' &&
        couldBind(claim, each, classes),
    )
    .toSorted((a, b) => byText(a.metadata.name, b.metadata.name));
  if (released) return { why: 'released-volume', volume: released.metadata.name };
  if (!volumeName && !storageClassName && storageClassName !== '' && className === '') {
    return { why: 'no-default-class' };
  }
  const candidates = volumes.filter((each) =>
    volumeName
      ? each.metadata.name === volumeName
      : each.status.phase === 'Available' && (each.spec.storageClassName ?? '') === className,
  );
  if (candidates.length > 0) {
    const offering = candidates.filter((each) => offersModes(each, claim));
    if (offering.length === 0) return { why: 'access-mode' };
    if (!offering.some((each) => isLargeEnough(each, claim))) return { why: 'capacity' };
    return { why: waitsForPod ? 'waiting-for-consumer' : 'other' };
  }
  const exists = classes.some((each) => each.metadata.name === className);
  return { why: className === '' || exists ? 'other' : 'class-missing' };
}
