/** Builders of the Kubernetes objects that tests and benchmarks put into the bed. */
import { createHash } from 'node:crypto';
import type { KubeObject } from './api.ts';
import { versions } from './build.ts';

type Labels = Readonly<Record<string, string>>;

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface NodeOptions {
  readonly labels?: Labels;
  readonly annotations?: Labels;
  /** Without it the controller-manager gives one out of 10.42.0.0/16. */
  readonly podCIDR?: string;
  /** Quantities that replace those of a small machine with 4 cores and 8 GB. */
  readonly capacity?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  /** Adds the role label, as on a k3s server; no taint. */
  readonly controlPlane?: boolean;
  /** InternalIP; default: an address of 10.128.0.0/9 that follows from the name. */
  readonly address?: string;
}

const smallMachine = {
  cpu: '4',
  memory: '8130612Ki',
  'ephemeral-storage': '102626232Ki',
  'hugepages-2Mi': '0',
  pods: '110',
};

/** A Node as a kubelet registers it; its conditions come with the first heartbeat. */
export function node(name: string, options: NodeOptions = {}): KubeObject {
  const { podCIDR, controlPlane = false } = options;
  const capacity = { ...smallMachine, ...options.capacity };
  const digest = createHash('sha256').update(name).digest();
  const [second = 0, third = 0, fourth = 0] = digest;
  const address = options.address ?? `10.${128 + (second >> 1)}.${third}.${1 + (fourth % 254)}`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { ...nodeLabels(name, controlPlane), ...options.labels },
      annotations: { ...options.annotations },
    },
    spec: {
      ...(podCIDR === undefined ? {} : { podCIDR, podCIDRs: [podCIDR] }),
      ...(options.taints === undefined ? {} : { taints: options.taints }),
    },
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: nodeInfo(digest.toString('hex')),
    },
  };
}

function nodeLabels(name: string, controlPlane: boolean): Labels {
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    ...(controlPlane ? { 'node-role.kubernetes.io/control-plane': 'true' } : {}),
  };
}

function nodeInfo(hex: string): Readonly<Record<string, string>> {
  const uuid = (from: number): string =>
    [8, 4, 4, 4, 12]
      .map((length, index, all) => {
        const start = from + all.slice(0, index).reduce((sum, each) => sum + each, 0);
        return hex.slice(start, start + length);
      })
      .join('-');
  return {
    architecture: 'amd64',
    bootID: uuid(0),
    containerRuntimeVersion: 'containerd://2.4.2',
    kernelVersion: '6.1.0-44-amd64',
    kubeProxyVersion: '',
    kubeletVersion: versions.kubernetes,
    machineID: hex.slice(0, 32),
    operatingSystem: 'linux',
    osImage: 'Debian GNU/Linux 12 (bookworm)',
    systemUUID: uuid(32),
  };
}

export function namespace(name: string, labels: Labels = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export interface PodTemplateOptions {
  readonly labels?: Labels;
  /** Binds the pod without the scheduler. */
  readonly nodeName?: string;
  readonly nodeSelector?: Labels;
  /** Claims to mount, each under /data/<claim>. */
  readonly claims?: readonly string[];
  readonly cpu?: string;
  readonly memory?: string;
}

export interface DeploymentOptions extends PodTemplateOptions {
  readonly replicas?: number;
}

/** A Deployment whose pods carry `app: <name>`. */
export function deployment(
  name: string,
  inNamespace: string,
  options: DeploymentOptions = {},
): KubeObject {
  return workload('Deployment', name, inNamespace, options, {});
}

/** A StatefulSet whose pods carry `app: <name>`; its Service has the same name. */
export function statefulSet(
  name: string,
  inNamespace: string,
  options: DeploymentOptions = {},
): KubeObject {
  return workload('StatefulSet', name, inNamespace, options, { serviceName: name });
}

function workload(
  kind: string,
  name: string,
  inNamespace: string,
  options: DeploymentOptions,
  extra: Readonly<Record<string, unknown>>,
): KubeObject {
  const labels = { app: name, ...options.labels };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: inNamespace, labels },
    spec: {
      replicas: options.replicas ?? 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels }, spec: podSpec(options) },
      ...extra,
    },
  };
}

function podSpec(options: PodTemplateOptions): Readonly<Record<string, unknown>> {
  const { nodeName, nodeSelector, claims = [], cpu = '10m', memory = '16Mi' } = options;
  return {
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    containers: [
      {
        name: 'main',
        image: 'example.test/app:1.0',
        ports: [{ name: 'http', containerPort: 8080 }],
        resources: { requests: { cpu, memory }, limits: { memory } },
        volumeMounts: claims.map((claim) => ({ name: claim, mountPath: `/data/${claim}` })),
      },
    ],
    volumes: claims.map((claim) => ({
      name: claim,
      persistentVolumeClaim: { claimName: claim },
    })),
  };
}

/** A ClusterIP Service on port 80 that selects `app: <name>`. */
export function service(name: string, inNamespace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: inNamespace, labels: { app: name } },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  };
}

/**
 * A claim and the hostPath volume that is reserved for it: the controller-manager binds the two.
 * With `nodeName` the volume is a local one that only this node can mount.
 */
export function boundClaim(
  name: string,
  inNamespace: string,
  options: { readonly size?: string; readonly nodeName?: string } = {},
): readonly [volume: KubeObject, claim: KubeObject] {
  const { size = '1Gi', nodeName } = options;
  const volumeName = `${inNamespace}-${name}`;
  const hostPath = `/var/lib/bed/${volumeName}`;
  const accessModes = ['ReadWriteOnce'];
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeName },
    spec: {
      accessModes,
      capacity: { storage: size },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: inNamespace, name },
      persistentVolumeReclaimPolicy: 'Retain',
      // An empty class keeps every dynamic provisioner away.
      storageClassName: '',
      ...(nodeName === undefined
        ? { hostPath: { path: hostPath, type: 'DirectoryOrCreate' } }
        : { local: { path: hostPath }, nodeAffinity: onlyOn(nodeName) }),
    },
  };
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: inNamespace },
    spec: {
      accessModes,
      resources: { requests: { storage: size } },
      storageClassName: '',
      volumeName,
    },
  };
  return [volume, claim];
}

function onlyOn(nodeName: string): Readonly<Record<string, unknown>> {
  const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] };
  return { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } };
}
