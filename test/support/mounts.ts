import { event, object, pod } from './objects.ts';
import { ago, type RawObject } from './snapshot.ts';

/** A database pod whose volume does not come, and what the kubelet says of it. */

export type Fields = { readonly [name: string]: unknown };

const creating = {
  ready: false,
  started: false,
  state: { waiting: { reason: 'ContainerCreating' } },
};
export const db = (shape: Fields = {}): RawObject =>
  pod('db', {
    node: 'k3s1',
    phase: 'Pending',
    ready: false,
    since: ago(1000),
    container: creating,
    claims: ['data'],
    ...shape,
  });
export const claim = object(
  'v1',
  'PersistentVolumeClaim',
  'data',
  {
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'longhorn', volumeName: 'pvc-1' },
    status: { phase: 'Bound' },
  },
  { namespace: 'default' },
);
export const notRegistered =
  'MountVolume.MountDevice failed for volume "pvc-1" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name driver.longhorn.io not found in the list of registered CSI drivers';
export const failed = (shape: Fields = {}): RawObject =>
  event('db.1', {
    about: { kind: 'Pod', namespace: 'default', name: 'db' },
    reason: 'FailedMount',
    message: notRegistered,
    first: ago(990),
    last: ago(100),
    count: 9,
    ...shape,
  });
export const noSecret = 'MountVolume.SetUp failed for volume "certs" : secret "web-tls" not found';
export const multiAttach =
  'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) db-old';
export const summary =
  'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition';
