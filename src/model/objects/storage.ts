import * as z from 'zod';
import { byText } from '../../lib/order.ts';
import { parseQuantity } from '../../lib/quantity.ts';
import { message, meta, optional, text, texts, uid } from './meta.ts';

export const persistentVolumeClaimSchema = z.object({
  kind: z.literal('PersistentVolumeClaim').default('PersistentVolumeClaim'),
  metadata: z.object({
    ...meta,
    uid,
    creationTimestamp: optional(text),
    annotations: optional(z.object({ 'volume.kubernetes.io/selected-node': optional(text) })),
  }),
  spec: z.object({
    storageClassName: optional(text),
    volumeName: optional(text),
    volumeMode: optional(text),
    accessModes: optional(z.array(text)),
    resources: optional(z.object({ requests: texts })),
  }),
  status: z.object({ phase: optional(text) }),
});
export type PersistentVolumeClaim = z.infer<typeof persistentVolumeClaimSchema>;

export const persistentVolumeSchema = z.object({
  kind: z.literal('PersistentVolume').default('PersistentVolume'),
  metadata: z.object({ name: text, deletionTimestamp: optional(text) }),
  spec: z.object({
    storageClassName: optional(text),
    volumeMode: optional(text),
    accessModes: optional(z.array(text)),
    capacity: texts,
    persistentVolumeReclaimPolicy: optional(text),
    claimRef: optional(z.object({ namespace: optional(text), name: text, uid: optional(text) })),
    csi: optional(z.object({ driver: text })),
    nfs: optional(z.object({ server: text })),
  }),
  status: z.object({ phase: optional(text), lastPhaseTransitionTime: optional(text) }),
});
export type PersistentVolume = z.infer<typeof persistentVolumeSchema>;

export const storageClassSchema = z.object({
  kind: z.literal('StorageClass.storage.k8s.io').default('StorageClass.storage.k8s.io'),
  metadata: z.object({
    name: text,
    creationTimestamp: optional(text),
    annotations: optional(
      z.object({
        'storageclass.kubernetes.io/is-default-class': optional(text),
        'storageclass.beta.kubernetes.io/is-default-class': optional(text),
      }),
    ),
  }),
  provisioner: text,
  volumeBindingMode: optional(text),
});
export type StorageClass = z.infer<typeof storageClassSchema>;

function isDefault({ metadata: { annotations } }: StorageClass): boolean {
  return (
    annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ||
    annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true'
  );
}

/** The class that a claim without one is given: of several defaults the newest, then by name. */
function defaultClass(classes: readonly StorageClass[]): StorageClass | undefined {
  const age = (each: StorageClass): string => each.metadata.creationTimestamp ?? '';
  return classes
    .filter(isDefault)
    .toSorted((a, b) => byText(age(b), age(a)) || byText(a.metadata.name, b.metadata.name))
    .at(0);
}

/** The name of the class by which a claim is matched with volumes; empty: volumes without one. */
export function classNameOf(
  claim: PersistentVolumeClaim,
  classes: readonly StorageClass[],
): string {
  return claim.spec.storageClassName ?? defaultClass(classes)?.metadata.name ?? '';
}

/**
 * The class whose provisioner is to make this claim's volume. Undefined: a volume that exists must
 * match, because the claim names it or because nobody makes volumes of its class.
 */
export function provisionedBy(
  claim: PersistentVolumeClaim,
  classes: readonly StorageClass[],
): StorageClass | undefined {
  if (claim.spec.volumeName) return undefined;
  const name = classNameOf(claim, classes);
  return classes.find(
    (each) => each.metadata.name === name && each.provisioner !== 'kubernetes.io/no-provisioner',
  );
}

/** Whether the volume offers every access mode of the claim, and the same volume mode. */
export function offersModes(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const offered = volume.spec.accessModes ?? [];
  return (
    (claim.spec.accessModes ?? []).every((mode) => offered.includes(mode)) &&
    (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem')
  );
}

/** Whether the volume is as large as the claim asks. A size that cannot be read never fits. */
export function isLargeEnough(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const asked = parseQuantity(claim.spec.resources?.requests?.['storage']);
  const offered = parseQuantity(volume.spec.capacity?.['storage']);
  return asked !== undefined && offered !== undefined && offered >= asked;
}

/**
 * Whether this pending claim would bind the Released volume, were that one let go: it names the
 * volume, or is the namesake of the claim that the volume is still kept for.
 */
export function couldBind(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  classes: readonly StorageClass[],
): boolean {
  const { name, namespace } = claim.metadata;
  const kept = volume.spec.claimRef;
  const meant = claim.spec.volumeName
    ? claim.spec.volumeName === volume.metadata.name
    : kept?.name === name && kept.namespace === namespace;
  return (
    meant &&
    classNameOf(claim, classes) === (volume.spec.storageClassName ?? '') &&
    offersModes(volume, claim) &&
    isLargeEnough(volume, claim)
  );
}

export const csiNodeSchema = z.object({
  kind: z.literal('CSINode.storage.k8s.io').default('CSINode.storage.k8s.io'),
  metadata: z.object({ name: text }),
  spec: z.object({ drivers: optional(z.array(z.object({ name: text }))) }),
});
export type CSINode = z.infer<typeof csiNodeSchema>;

export const volumeAttachmentSchema = z.object({
  kind: z.literal('VolumeAttachment.storage.k8s.io').default('VolumeAttachment.storage.k8s.io'),
  metadata: z.object({
    name: text,
    creationTimestamp: optional(text),
    deletionTimestamp: optional(text),
  }),
  spec: z.object({
    attacher: text,
    nodeName: text,
    source: z.object({ persistentVolumeName: optional(text) }),
  }),
  status: optional(
    z.object({
      attachError: optional(z.object({ message: optional(message), time: optional(text) })),
      detachError: optional(z.object({ message: optional(message) })),
    }),
  ),
});
export type VolumeAttachment = z.infer<typeof volumeAttachmentSchema>;
