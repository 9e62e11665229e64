/** Longhorn in good state: its workloads, its custom resources, and a volume that a pod uses. */
import type { KubeObject } from '../bed/api.ts';
import { namespace } from '../bed/objects.ts';
import { nodeNames } from './k3s.ts';
import {
  account,
  type Condition,
  container,
  minutesAgo,
  mounting,
  provisioned,
  serviceTo,
  webhooks,
  workload,
} from './manifests.ts';

const home = 'longhorn-system';
const driver = 'driver.longhorn.io';
const volume = 'pvc-0c9c5d1e-2f6a-4a54-8d0e-7f3f5b9d4e21';
const idle = 'pvc-77d0b2a4-3f10-4f0e-b1f4-52d1f0f3a9c8';
const image = 'longhornio/longhorn-engine:v1.10.0';
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

const pod = { serviceAccountName: 'longhorn-service-account' };

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
      pod,
    }),
    workload('DaemonSet', home, 'longhorn-csi-plugin', {
      labels: { app: 'longhorn-csi-plugin' },
      containers: names.map((name) => container(name)),
      pod: { ...pod, volumes },
    }),
    workload('DaemonSet', home, 'engine-image-ei-3154f3aa', {
      labels: {
        'longhorn.io/component': 'engine-image',
        'longhorn.io/engine-image': 'ei-3154f3aa',
      },
      containers: [container('engine-image-ei-3154f3aa')],
      pod,
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
      pod,
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

/** Custom resources; the webhooks that guard them come after. */
export function longhornResources(): KubeObject[] {
  return [
    ...nodeNames.map(longhornNode),
    ...nodeNames.map((name) => instanceManager(name)),
    longhornVolume(volume, 'attached', 'healthy', 'worker-2'),
    // Longhorn does not know how a detached volume is.
    longhornVolume(idle, 'detached', 'unknown', ''),
    engine(),
    ...nodeNames.map(replica),
    setting('default-replica-count', '3'),
    setting('storage-over-provisioning-percentage', '100'),
    of('BackupTarget', 'default', {
      spec: { backupTargetURL: '', credentialSecret: '', pollInterval: '5m0s' },
      status: {
        available: false,
        conditions: conditions([
          { type: 'Unavailable', status: 'True', reason: 'Unavailable', message: 'it is empty' },
        ]),
      },
    }),
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

function of(kind: string, name: string, fields: Readonly<Record<string, unknown>>): KubeObject {
  const metadata = { name, namespace: home, labels: { longhornvolume: volume } };
  return { apiVersion: 'longhorn.io/v1beta2', kind, metadata, ...fields };
}

function conditions(list: readonly Condition[]): object[] {
  const lastTransitionTime = minutesAgo(90);
  const base = { lastProbeTime: '', lastTransitionTime, message: '', reason: '' };
  return list.map((each) => ({ ...base, ...each }));
}

function allTrue(...types: readonly string[]): object[] {
  return conditions(types.map((type) => ({ type, status: 'True' })));
}

function longhornNode(name: string): KubeObject {
  const path = '/var/lib/longhorn/';
  const disk = {
    allowScheduling: true,
    diskType: 'filesystem',
    path,
    storageReserved: 30 * 2 ** 30,
  };
  const status = {
    conditions: allTrue('Ready', 'Schedulable'),
    diskName: 'default-disk',
    diskPath: path,
    diskType: 'filesystem',
    diskUUID: `0000-${name}`,
    scheduledReplica: { [`${volume}-r-${name}`]: 2 * 2 ** 30 },
    storageAvailable: 80 * 2 ** 30,
    storageMaximum: 100 * 2 ** 30,
    storageScheduled: 2 * 2 ** 30,
  };
  const host = ['MountPropagation', 'RequiredPackages', 'KernelModulesLoaded', 'Multipathd'];
  return of('Node', name, {
    spec: { allowScheduling: true, name, disks: { 'default-disk': disk } },
    status: {
      conditions: allTrue('Ready', 'Schedulable', 'NFSClientInstalled', ...host),
      diskStatus: { 'default-disk': status },
    },
  });
}

/** Its pod has no other owner: no workload that Kubernetes knows made it. */
export function instanceManager(name: string): KubeObject {
  return of('InstanceManager', `instance-manager-${name}`, {
    spec: { dataEngine: 'v1', image, nodeID: name, type: 'aio' },
    status: { currentState: 'running', ownerID: name },
  });
}

export function instanceManagerPod(name: string, uid: string): KubeObject {
  const owner = { apiVersion: 'longhorn.io/v1beta2', kind: 'InstanceManager', controller: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `instance-manager-${name}`,
      namespace: home,
      labels: { 'longhorn.io/component': 'instance-manager', 'longhorn.io/node': name },
      ownerReferences: [{ ...owner, name: `instance-manager-${name}`, uid }],
    },
    spec: { ...pod, nodeName: name, containers: [container('instance-manager')] },
  };
}

function longhornVolume(
  name: string,
  state: 'attached' | 'detached',
  robustness: string,
  nodeID: string,
): KubeObject {
  return of('Volume', name, {
    spec: {
      accessMode: 'rwo',
      frontend: 'blockdev',
      numberOfReplicas: 3,
      size: '2147483648',
      nodeID,
    },
    status: {
      state,
      robustness,
      currentNodeID: nodeID,
      conditions: [...allTrue('Scheduled'), ...conditions([{ type: 'Restore', status: 'False' }])],
    },
  });
}

function engine(): KubeObject {
  const replicas = nodeNames.map((name) => `${volume}-r-${name}`);
  return of('Engine', `${volume}-e-0`, {
    spec: { active: true, desireState: 'running', image, nodeID: 'worker-2', volumeName: volume },
    status: {
      currentState: 'running',
      started: true,
      replicaModeMap: Object.fromEntries(replicas.map((name) => [name, 'RW'])),
    },
  });
}

function replica(name: string): KubeObject {
  const healthyAt = minutesAgo(90);
  return of('Replica', `${volume}-r-${name}`, {
    spec: { active: true, desireState: 'running', nodeID: name, volumeName: volume, healthyAt },
    status: { currentState: 'running', started: true },
  });
}

function setting(name: string, value: string): KubeObject {
  return of('Setting', name, { value, status: { applied: true } });
}
