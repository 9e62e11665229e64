import { ago, type RawObject } from './snapshot.ts';

/**
 * Builders of whole API objects in good health. Each takes what differs; anything else is what a
 * real API server of 1.36 returns, noise included, so that the projection has something to remove.
 */

export type Fields = { readonly [key: string]: unknown };

export interface Common {
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly created?: string;
  readonly deleted?: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly finalizers?: readonly string[];
  /** Anything further under metadata. */
  readonly metadata?: Fields;
}

export function metadataOf(name: string, common: Common): RawObject['metadata'] {
  const { namespace, labels, annotations, created, deleted, owner, finalizers, metadata } = common;
  return {
    name,
    uid: `uid-of-${namespace ? `${namespace}-` : ''}${name}`,
    resourceVersion: '4711',
    creationTimestamp: created ?? ago(7 * 24 * 3600),
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(deleted === undefined
      ? {}
      : { deletionTimestamp: deleted, deletionGracePeriodSeconds: 30 }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(owner === undefined
      ? {}
      : {
          ownerReferences: [
            {
              apiVersion: owner.kind === 'Job' ? 'batch/v1' : 'apps/v1',
              ...owner,
              uid: `uid-of-${namespace}-${owner.name}`,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        }),
    managedFields: [
      {
        manager: 'k3s',
        operation: 'Update',
        time: ago(3600),
        fieldsType: 'FieldsV1',
        fieldsV1: {},
      },
    ],
    ...metadata,
  };
}

interface NodeShape extends Common {
  readonly ready?: 'True' | 'False' | 'Unknown';
  /** When Ready last changed. */
  readonly since?: string;
  readonly heartbeat?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly taints?: readonly Fields[];
  readonly unschedulable?: boolean;
  /** Further or different conditions, by type. */
  readonly conditions?: { readonly [type: string]: Fields };
  readonly version?: string;
}

export function node(name: string, shape: NodeShape = {}): RawObject {
  const ready = shape.ready ?? 'True';
  const dead = ready === 'Unknown';
  const since = shape.since ?? ago(24 * 3600);
  const heartbeat = shape.heartbeat ?? (dead ? since : ago(60));
  const pressure = (type: string, reason: string): Fields => ({
    type,
    status: dead ? 'Unknown' : 'False',
    reason: dead ? 'NodeStatusUnknown' : reason,
    message: dead ? 'Kubelet stopped posting node status.' : `kubelet has no ${type}`,
    lastHeartbeatTime: heartbeat,
    lastTransitionTime: since,
  });
  const conditions: { [type: string]: Fields } = {
    MemoryPressure: pressure('MemoryPressure', 'KubeletHasSufficientMemory'),
    DiskPressure: pressure('DiskPressure', 'KubeletHasNoDiskPressure'),
    PIDPressure: pressure('PIDPressure', 'KubeletHasSufficientPID'),
    Ready: {
      type: 'Ready',
      status: ready,
      reason:
        shape.reason ??
        (dead ? 'NodeStatusUnknown' : ready === 'True' ? 'KubeletReady' : 'KubeletNotReady'),
      message:
        shape.message ??
        (dead ? 'Kubelet stopped posting node status.' : 'kubelet is posting ready status'),
      lastHeartbeatTime: heartbeat,
      lastTransitionTime: since,
    },
  };
  for (const [type, fields] of Object.entries(shape.conditions ?? {})) {
    conditions[type] = {
      type,
      lastHeartbeatTime: heartbeat,
      lastTransitionTime: since,
      ...conditions[type],
      ...fields,
    };
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadataOf(name, {
      ...shape,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...shape.labels },
    }),
    spec: {
      podCIDR: '10.42.0.0/24',
      ...(shape.taints ? { taints: shape.taints } : {}),
      ...(shape.unschedulable ? { unschedulable: true } : {}),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: '192.168.10.21' },
        { type: 'Hostname', address: name },
      ],
      allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: Object.values(conditions),
      nodeInfo: {
        kubeletVersion: shape.version ?? 'v1.36.3+k3s1',
        bootID: `boot-of-${name}`,
        osImage: 'Debian',
      },
    },
  };
}

/** A node's Lease in kube-node-lease, or a component's in another namespace. */
export function lease(
  name: string,
  shape: {
    readonly namespace?: string;
    /** By the holder's clock. */
    readonly renewed?: string;
    /** By the API server's clock; the same unless the holder's clock is wrong. */
    readonly written?: string;
    readonly acquired?: string;
    readonly holder?: string;
  } = {},
): RawObject {
  const renewed = shape.renewed ?? ago(5);
  const renewal = {
    manager: 'k3s',
    operation: 'Update',
    apiVersion: 'coordination.k8s.io/v1',
    time: shape.written ?? renewed,
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:holderIdentity': {}, 'f:renewTime': {} } },
  };
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: metadataOf(name, {
      namespace: shape.namespace ?? 'kube-node-lease',
      metadata: { managedFields: [renewal] },
    }),
    spec: {
      holderIdentity: shape.holder ?? name,
      leaseDurationSeconds: 40,
      renewTime: renewed.replace('Z', '.123456Z'),
      ...(shape.acquired === undefined ? {} : { acquireTime: shape.acquired }),
    },
  };
}

interface PodShape extends Common {
  readonly node?: string;
  readonly phase?: string;
  readonly ready?: boolean;
  /** When Ready last changed. */
  readonly since?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly Fields[];
  /** Merged into the one container's status. */
  readonly container?: Fields;
  readonly containerStatuses?: readonly Fields[];
  readonly initContainerStatuses?: readonly Fields[];
  readonly volumes?: readonly Fields[];
  readonly claims?: readonly string[];
  readonly spec?: Fields;
  readonly status?: Fields;
}

export function pod(name: string, shape: PodShape = {}): RawObject {
  const ready = shape.ready ?? true;
  const since = shape.since ?? ago(24 * 3600);
  const volumes = [
    { name: 'kube-api-access', projected: { sources: [] } },
    ...(shape.claims ?? []).map((claimName) => ({
      name: claimName,
      persistentVolumeClaim: { claimName },
    })),
    ...(shape.volumes ?? []),
  ];
  const status = {
    name: 'main',
    image: 'docker.io/library/app:1',
    imageID: 'sha256:0',
    ready,
    started: ready,
    restartCount: 0,
    state: { running: { startedAt: since } },
    lastState: {},
    ...shape.container,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(name, { ...shape, namespace: shape.namespace ?? 'default' }),
    spec: {
      containers: [{ name: 'main', image: 'app:1', env: [{ name: 'A', value: 'b' }] }],
      serviceAccountName: 'default',
      tolerations: [],
      ...(shape.node === undefined ? {} : { nodeName: shape.node }),
      volumes,
      ...shape.spec,
    },
    status: {
      phase: shape.phase ?? 'Running',
      qosClass: 'BestEffort',
      startTime: since,
      ...(shape.reason === undefined ? {} : { reason: shape.reason }),
      ...(shape.message === undefined ? {} : { message: shape.message }),
      conditions: shape.conditions ?? [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: since },
        { type: 'Initialized', status: 'True', lastTransitionTime: since },
        { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since },
      ],
      ...(shape.initContainerStatuses
        ? { initContainerStatuses: shape.initContainerStatuses }
        : {}),
      containerStatuses: shape.containerStatuses ?? [status],
      ...shape.status,
    },
  };
}

export function event(
  name: string,
  shape: {
    readonly about: { readonly kind: string; readonly namespace?: string; readonly name: string };
    readonly reason: string;
    readonly message: string;
    readonly type?: 'Normal' | 'Warning';
    readonly first?: string;
    readonly last?: string;
    readonly count?: number;
    readonly source?: { readonly component?: string; readonly host?: string };
  },
): RawObject {
  const namespace = shape.about.namespace ?? 'default';
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: metadataOf(name, { namespace }),
    involvedObject: {
      apiVersion: 'v1',
      uid: `uid-of-${namespace}-${shape.about.name}`,
      ...shape.about,
    },
    reason: shape.reason,
    message: shape.message,
    type: shape.type ?? 'Warning',
    count: shape.count ?? 1,
    firstTimestamp: shape.first ?? shape.last ?? ago(60),
    lastTimestamp: shape.last ?? ago(60),
    source: shape.source ?? { component: 'kubelet' },
    reportingComponent: shape.source?.component ?? 'kubelet',
  };
}

/** Any other kind: metadata in good order, the rest as given. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  fields: Fields = {},
  common: Common = {},
): RawObject {
  return { apiVersion, kind, metadata: metadataOf(name, common), ...fields };
}
