import * as z from 'zod';
import { message, meta, optional, text, texts } from './meta.ts';

export const persistentVolumeClaimSchema = z.object({
  kind: z.literal('PersistentVolumeClaim').default('PersistentVolumeClaim'),
  metadata: z.object({ ...meta, creationTimestamp: optional(text), annotations: texts }),
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
  metadata: z.object({
    ...meta,
    creationTimestamp: optional(text),
    deletionTimestamp: optional(text),
  }),
  spec: z.object({
    storageClassName: optional(text),
    volumeMode: optional(text),
    accessModes: optional(z.array(text)),
    capacity: texts,
    persistentVolumeReclaimPolicy: optional(text),
    claimRef: optional(z.object({ namespace: optional(text), name: text, uid: optional(text) })),
    csi: optional(z.object({ driver: text })),
  }),
  status: z.object({
    phase: optional(text),
    reason: optional(text),
    message: optional(message),
    lastPhaseTransitionTime: optional(text),
  }),
});
export type PersistentVolume = z.infer<typeof persistentVolumeSchema>;

export const storageClassSchema = z.object({
  kind: z.literal('StorageClass.storage.k8s.io').default('StorageClass.storage.k8s.io'),
  metadata: z.object({ ...meta, creationTimestamp: optional(text), annotations: texts }),
  provisioner: text,
  volumeBindingMode: optional(text),
});
export type StorageClass = z.infer<typeof storageClassSchema>;

export const csiNodeSchema = z.object({
  kind: z.literal('CSINode.storage.k8s.io').default('CSINode.storage.k8s.io'),
  metadata: z.object({ ...meta, creationTimestamp: optional(text) }),
  spec: z.object({ drivers: optional(z.array(z.object({ name: text }))) }),
});
export type CSINode = z.infer<typeof csiNodeSchema>;

export const csiDriverSchema = z.object({
  kind: z.literal('CSIDriver.storage.k8s.io').default('CSIDriver.storage.k8s.io'),
  metadata: z.object({ ...meta, creationTimestamp: optional(text) }),
  spec: z.object({ attachRequired: optional(z.boolean()) }),
});
export type CSIDriver = z.infer<typeof csiDriverSchema>;

const attachError = optional(z.object({ message: optional(message), time: optional(text) }));

export const volumeAttachmentSchema = z.object({
  kind: z.literal('VolumeAttachment.storage.k8s.io').default('VolumeAttachment.storage.k8s.io'),
  metadata: z.object({
    ...meta,
    creationTimestamp: optional(text),
    deletionTimestamp: optional(text),
  }),
  spec: z.object({
    attacher: text,
    nodeName: text,
    source: z.object({ persistentVolumeName: optional(text) }),
  }),
  status: optional(z.object({ attached: z.boolean(), attachError, detachError: attachError })),
});
export type VolumeAttachment = z.infer<typeof volumeAttachmentSchema>;
