/** Builders of objects as charts and installers write them, with the fields that checks look at. */
import type { KubeObject } from '../bed/api.ts';

export type Labels = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, unknown>>;

/** A container with named ports: a number, or a number on the node too. */
export function container(
  name: string,
  ports: Readonly<Record<string, number | { readonly host: number }>> = {},
  extra: Fields = {},
): Fields {
  return {
    name,
    image: `example.test/${name}:1.0`,
    ports: Object.entries(ports).map(([portName, port]) => ({
      name: portName,
      ...(typeof port === 'number'
        ? { containerPort: port }
        : { containerPort: port.host, hostPort: port.host }),
    })),
    ...extra,
  };
}

export interface WorkloadShape {
  readonly labels: Labels;
  readonly containers: readonly Fields[];
  readonly replicas?: number;
  /** Of the workload itself; default: those of its pods. */
  readonly ownLabels?: Labels;
  /** Further fields of the pod. */
  readonly pod?: Fields;
  /** Further fields of the workload's spec. */
  readonly spec?: Fields;
}

export function workload(
  kind: 'Deployment' | 'DaemonSet' | 'StatefulSet',
  namespace: string,
  name: string,
  { labels, containers, replicas = 1, ownLabels = labels, pod = {}, spec = {} }: WorkloadShape,
): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels: ownLabels },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas }),
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers, ...pod } },
      ...spec,
    },
  };
}

/** A Service with named ports; each leads to the container's port of the same name. */
export function serviceTo(
  namespace: string,
  name: string,
  selector: Labels | null,
  ports: Readonly<Record<string, number>>,
  { labels = {}, ...spec }: Fields & { readonly labels?: Labels } = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: {
      ...(selector === null ? {} : { selector }),
      ports: Object.entries(ports).map(([portName, port]) => ({
        name: portName,
        port,
        targetPort: portName,
      })),
      ...spec,
    },
  };
}

export function account(namespace: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
}

export function configMap(namespace: string, name: string, data: Labels): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

export interface VolumeShape {
  readonly name: string;
  readonly storageClassName: string;
  /** Where the volume really lies: `hostPath`, `csi` … */
  readonly source: Fields;
  readonly annotations?: Labels;
}

/** A claim, and the volume that its provisioner made for it. */
export function provisioned(namespace: string, claim: string, shape: VolumeShape): KubeObject[] {
  const { name, storageClassName, source, annotations = {} } = shape;
  const common = { accessModes: ['ReadWriteOnce'], storageClassName };
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name, annotations },
      spec: {
        ...common,
        capacity: { storage: '2Gi' },
        claimRef,
        persistentVolumeReclaimPolicy: 'Delete',
        ...source,
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim, namespace },
      spec: { ...common, resources: { requests: { storage: '2Gi' } }, volumeName: name },
    },
  ];
}

/** Mounts a claim under /data. */
export function mounting(claim: string): {
  readonly volumes: readonly Fields[];
  readonly volumeMounts: readonly Fields[];
} {
  return {
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
}

/** A webhook configuration whose webhooks go to one Service and refuse when it does not answer. */
export function webhooks(
  kind: 'Validating' | 'Mutating',
  name: string,
  service: { readonly namespace: string; readonly name: string; readonly port?: number },
  rules: readonly Fields[],
): KubeObject {
  const webhook = {
    name: `${kind.toLowerCase()}.${name}.example.test`,
    clientConfig: { service: { path: `/${kind.toLowerCase()}`, ...service } },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    rules,
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name },
    webhooks: [webhook],
  };
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

const loadedAt = Date.now();

/** A time some minutes before the tests, in whole seconds as Kubernetes writes it. */
export function minutesAgo(minutes: number): string {
  return new Date(loadedAt - minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z');
}
