/** Longhorn's custom resources in good state, as its managers write them. */
import type { KubeObject } from '../bed/api.ts';
import { nodeNames } from './k3s.ts';
import { home, longhornPod, volume } from './longhorn.ts';
import { type Condition, container, minutesAgo } from './manifests.ts';

const image = 'longhornio/longhorn-engine:v1.10.0';
const idle = 'pvc-77d0b2a4-3f10-4f0e-b1f4-52d1f0f3a9c8';

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
    spec: { ...longhornPod, nodeName: name, containers: [container('instance-manager')] },
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
