import { type Common, type Fields, metadataOf } from './objects.ts';
import type { RawObject } from './snapshot.ts';

/** A claim that was made and bound a week ago, unless said otherwise. */
export function claim(
  name: string,
  shape: Common & { readonly phase?: string; readonly spec?: Fields } = {},
): RawObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadataOf(name, { ...shape, namespace: shape.namespace ?? 'default' }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '10Gi' } },
      storageClassName: 'longhorn',
      volumeMode: 'Filesystem',
      ...shape.spec,
    },
    status: { phase: shape.phase ?? 'Bound' },
  };
}

/** A volume that fits such a claim. */
export function volume(
  name: string,
  shape: Common & {
    readonly phase?: string;
    /** When its phase last changed. */
    readonly since?: string;
    readonly claim?: { readonly namespace: string; readonly name: string; readonly uid?: string };
    readonly spec?: Fields;
  } = {},
): RawObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: metadataOf(name, shape),
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '10Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'longhorn',
      volumeMode: 'Filesystem',
      ...(shape.claim === undefined
        ? {}
        : { claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...shape.claim } }),
      ...shape.spec,
    },
    status: {
      phase: shape.phase ?? 'Bound',
      ...(shape.since === undefined ? {} : { lastPhaseTransitionTime: shape.since }),
    },
  };
}

export function storageClass(
  name: string,
  shape: Common & {
    readonly provisioner?: string;
    readonly waits?: boolean;
    readonly isDefault?: boolean;
  } = {},
): RawObject {
  const key = 'storageclass.kubernetes.io/is-default-class';
  const annotations = shape.isDefault ? { ...shape.annotations, [key]: 'true' } : shape.annotations;
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: metadataOf(name, { ...shape, ...(annotations ? { annotations } : {}) }),
    provisioner: shape.provisioner ?? 'driver.longhorn.io',
    reclaimPolicy: 'Delete',
    volumeBindingMode: shape.waits ? 'WaitForFirstConsumer' : 'Immediate',
  };
}
