/** Longhorn in good state: its workloads, and a volume that a pod uses. */
import type { KubeObject } from '../bed/api.ts';
import { namespace } from '../bed/objects.ts';
import { nodeNames } from './k3s.ts';
import {
  account,
  container,
  mounting,
  provisioned,
  serviceTo,
  webhooks,
  workload,
} from './manifests.ts';

export const home = 'longhorn-system';
const driver = 'driver.longhorn.io';
export const volume = 'pvc-0c9c5d1e-2f6a-4a54-8d0e-7f3f5b9d4e21';
const manager = { app: 'longhorn-manager' };
const answersWebhooks = { 'longhorn.io/admission-webhook': 'longhorn-admission-webhook' };
const recovers = { 'longhorn.io/recovery-backend': 'longhorn-recovery-backend' };

export function longhornObjects(): KubeObject[] {
  return [
    namespace(home),
    account(home, 'longhorn-service-account'),
    ...daemonSets(),
    ...deployments(),
    ...services(),
    ...storage(),
    ...media(),
  ];
}

export const longhornPod = { serviceAccountName: 'longhorn-service-account' };

function daemonSets(): KubeObject[] {
  const kubelet = '/var/lib/kubelet';
  const hostPaths = {
    'socket-dir': `${kubelet}/plugins/${driver}`,
    'registration-dir': `${kubelet}/plugins_registry`,
    'pods-mount-dir': kubelet,
  };
  const volumes = Object.entries(hostPaths).map(([name, path]) => ({ name, hostPath: { path } }));
  const names = ['node-driver-registrar', 'longhorn-liveness-probe', 'longhorn-csi-plugin'];
  const ports = { manager: 9500, 'admission-wh': 9502, 'recov-backend': 9503 };
  return [
    workload('DaemonSet', home, 'longhorn-manager', {
      labels: { ...manager, ...answersWebhooks, ...recovers },
      containers: [
        container('longhorn-manager', ports, { securityContext: { privileged: true } }),
        container('pre-pull-share-manager-image'),
      ],
      pod: longhornPod,
    }),
    workload('DaemonSet', home, 'longhorn-csi-plugin', {
      labels: { app: 'longhorn-csi-plugin' },
      containers: names.map((name) => container(name)),
      pod: { ...longhornPod, volumes },
    }),
    workload('DaemonSet', home, 'engine-image-ei-3154f3aa', {
      labels: {
        'longhorn.io/component': 'engine-image',
        'longhorn.io/engine-image': 'ei-3154f3aa',
      },
      containers: [container('engine-image-ei-3154f3aa')],
      pod: longhornPod,
    }),
  ];
}

function deployments(): KubeObject[] {
  const sidecars = ['csi-attacher', 'csi-provisioner', 'csi-resizer', 'csi-snapshotter'];
  const of = (name: string, replicas: number, ports = {}): KubeObject =>
    workload('Deployment', home, name, {
      labels: { app: name },
      containers: [container(name, ports)],
      replicas,
      pod: longhornPod,
    });
  return [
    ...sidecars.map((name) => of(name, 3)),
    of('longhorn-driver-deployer', 1),
    of('longhorn-ui', 2, { http: 8000 }),
  ];
}

function services(): KubeObject[] {
  const instances = { 'longhorn.io/instance-manager-type': 'engine' };
  return [
    serviceTo(home, 'longhorn-backend', manager, { manager: 9500 }),
    serviceTo(home, 'longhorn-frontend', { app: 'longhorn-ui' }, { http: 80 }),
    serviceTo(home, 'longhorn-admission-webhook', answersWebhooks, { 'admission-wh': 9502 }),
    serviceTo(home, 'longhorn-recovery-backend', recovers, { 'recov-backend': 9503 }),
    // Of older releases; an update leaves it, and no pod carries its label any more.
    serviceTo(home, 'longhorn-engine-manager', instances, {}, { clusterIP: 'None' }),
  ];
}

function storage(): KubeObject[] {
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: driver },
      spec: { attachRequired: true, podInfoOnMount: true, volumeLifecycleModes: ['Persistent'] },
    },
    // On a real node the kubelet writes these.
    ...nodeNames.map((name) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name },
      spec: { drivers: [{ name: driver, nodeID: name, topologyKeys: null }] },
    })),
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: 'longhorn',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: driver,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
      parameters: { numberOfReplicas: '3', staleReplicaTimeout: '30' },
    },
  ];
}

/** A database on a Longhorn volume, attached to the node it runs on. */
function media(): KubeObject[] {
  const data = mounting('database');
  return [
    namespace('media'),
    ...provisioned('media', 'database', {
      name: volume,
      storageClassName: 'longhorn',
      annotations: { 'pv.kubernetes.io/provisioned-by': driver },
      source: { csi: { driver, volumeHandle: volume, fsType: 'ext4' } },
    }),
    workload('StatefulSet', 'media', 'database', {
      labels: { app: 'database' },
      containers: [container('database', { sql: 5432 }, { volumeMounts: data.volumeMounts })],
      pod: { volumes: data.volumes, nodeSelector: { 'kubernetes.io/hostname': 'worker-2' } },
    }),
    serviceTo('media', 'database', { app: 'database' }, { sql: 5432 }, { clusterIP: 'None' }),
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: { name: 'csi-6a1c0d9b7e5f4c3a2b1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b' },
      spec: {
        attacher: driver,
        nodeName: 'worker-2',
        source: { persistentVolumeName: volume },
      },
      status: { attached: true },
    },
  ];
}

export function longhornWebhooks(): KubeObject[] {
  const service = { namespace: home, name: 'longhorn-admission-webhook', port: 9502 };
  const rule = { apiGroups: ['longhorn.io'], apiVersions: ['v1beta2'], scope: 'Namespaced' };
  const resources = ['backups', 'nodes', 'recurringjobs', 'replicas', 'settings', 'volumes'];
  const rules = [{ ...rule, operations: ['CREATE', 'UPDATE', 'DELETE'], resources }];
  return [
    webhooks('Validating', 'longhorn-webhook-validator', service, rules),
    webhooks('Mutating', 'longhorn-webhook-mutator', service, rules),
  ];
}
