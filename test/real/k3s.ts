/** What k3s brings by default, as its packaged manifests and its ServiceLB make it. */
import type { KubeObject } from '../bed/api.ts';
import { type NodeOptions, namespace, node } from '../bed/objects.ts';
import {
  account,
  configMap,
  container,
  type Labels,
  minutesAgo,
  mounting,
  provisioned,
  serviceTo,
  workload,
} from './manifests.ts';

const system = 'kube-system';
export const nodeNames = ['server', 'worker-1', 'worker-2'] as const;
const addresses = ['10.20.0.11', '10.20.0.12', '10.20.0.13'] as const;

export function k3sNodes(): KubeObject[] {
  return nodeNames.map((name, at) => {
    const address = addresses[at] ?? '';
    const options: NodeOptions = {
      controlPlane: at === 0,
      address,
      labels: {
        'node.kubernetes.io/instance-type': 'k3s',
        'beta.kubernetes.io/instance-type': 'k3s',
      },
      annotations: { 'k3s.io/hostname': name, 'k3s.io/internal-ip': address },
    };
    return node(name, options);
  });
}

/** Without the custom resources: see `helmCharts`. */
export function k3sObjects(): KubeObject[] {
  return [
    ...coreDns(),
    ...localPath(),
    ...metricsServer(),
    ...traefik(),
    ...serviceLb(),
    ...helmJobs(),
    ...shop(),
  ];
}

function coreDns(): KubeObject[] {
  const labels = { 'k8s-app': 'kube-dns' };
  return [
    account(system, 'coredns'),
    configMap(system, 'coredns', { Corefile: '.:53 {\n  forward . /etc/resolv.conf\n}\n' }),
    workload('Deployment', system, 'coredns', {
      labels,
      containers: [container('coredns', { dns: 53, metrics: 9153 })],
      pod: { serviceAccountName: 'coredns', priorityClassName: 'system-cluster-critical' },
    }),
    serviceTo(system, 'kube-dns', labels, { dns: 53, metrics: 9153 }, { clusterIP: '10.43.0.10' }),
  ];
}

function localPath(): KubeObject[] {
  return [
    account(system, 'local-path-provisioner-service-account'),
    workload('Deployment', system, 'local-path-provisioner', {
      labels: { app: 'local-path-provisioner' },
      containers: [container('local-path-provisioner')],
      pod: { serviceAccountName: 'local-path-provisioner-service-account' },
    }),
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: 'local-path',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: 'rancher.io/local-path',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  ];
}

/** Without its APIService: the bed's API server has no way to a simulated pod. */
function metricsServer(): KubeObject[] {
  const labels = { 'k8s-app': 'metrics-server' };
  return [
    account(system, 'metrics-server'),
    workload('Deployment', system, 'metrics-server', {
      labels,
      containers: [container('metrics-server', { https: 10250 })],
      pod: { serviceAccountName: 'metrics-server' },
    }),
    serviceTo(system, 'metrics-server', labels, { https: 443 }),
  ];
}

const traefikLabels: Labels = {
  'app.kubernetes.io/name': 'traefik',
  'app.kubernetes.io/instance': 'traefik-kube-system',
};

function traefik(): KubeObject[] {
  return [
    account(system, 'traefik'),
    workload('Deployment', system, 'traefik', {
      labels: traefikLabels,
      containers: [container('traefik', { web: 8000, websecure: 8443, metrics: 9100 })],
      pod: { serviceAccountName: 'traefik' },
    }),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'traefik' },
      spec: { controller: 'traefik.io/ingress-controller' },
    },
    {
      ...serviceTo(
        system,
        'traefik',
        traefikLabels,
        { web: 80, websecure: 443 },
        { type: 'LoadBalancer' },
      ),
      status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip, ipMode: 'VIP' })) } },
    },
  ];
}

function serviceLb(): KubeObject[] {
  const label = 'svccontroller.k3s.cattle.io';
  const of = { [`${label}/svcname`]: 'traefik', [`${label}/svcnamespace`]: system };
  const forwarder = (port: number): Record<string, unknown> =>
    container(
      `lb-tcp-${port}`,
      { [`lb-tcp-${port}`]: { host: port } },
      { securityContext: { capabilities: { add: ['NET_ADMIN'] } } },
    );
  return [
    account(system, 'svclb'),
    workload('DaemonSet', system, 'svclb-traefik-4f7b2a19', {
      labels: { app: 'svclb-traefik-4f7b2a19', ...of },
      ownLabels: { ...of, [`${label}/nodeselector`]: 'false' },
      containers: [forwarder(80), forwarder(443)],
      pod: {
        serviceAccountName: 'svclb',
        automountServiceAccountToken: false,
        tolerations: [
          { key: 'node-role.kubernetes.io/master', operator: 'Exists', effect: 'NoSchedule' },
          {
            key: 'node-role.kubernetes.io/control-plane',
            operator: 'Exists',
            effect: 'NoSchedule',
          },
          { key: 'CriticalAddonsOnly', operator: 'Exists' },
        ],
      },
    }),
  ];
}

const charts = ['traefik-crd', 'traefik'] as const;

/** The Jobs that install the charts: their pods stay, completed. */
function helmJobs(): KubeObject[] {
  return charts.flatMap((chart) => [
    account(system, `helm-${chart}`),
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: `helm-install-${chart}`,
        namespace: system,
        labels: { 'helmcharts.helm.cattle.io/chart': chart },
      },
      spec: {
        backoffLimit: 1000,
        template: {
          metadata: { labels: { 'helmcharts.helm.cattle.io/chart': chart } },
          spec: {
            restartPolicy: 'OnFailure',
            serviceAccountName: `helm-${chart}`,
            containers: [container('helm')],
          },
        },
      },
    },
  ]);
}

/** Custom resources of k3s's helm-controller. */
export function helmCharts(): KubeObject[] {
  return charts.map((chart) => ({
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChart',
    metadata: {
      name: chart,
      namespace: system,
      annotations: { 'helmcharts.helm.cattle.io/managed-by': 'helm-controller' },
    },
    spec: {
      chart: `https://%{KUBERNETES_API}%/static/charts/${chart}-39.0.501.tgz`,
      set: { 'global.systemDefaultRegistry': '' },
    },
    status: {
      jobName: `helm-install-${chart}`,
      conditions: [
        { type: 'JobCreated', status: 'True', reason: 'Job created', message: '' },
        { type: 'Failed', status: 'False', reason: '', message: '' },
      ],
    },
  }));
}

/** What a person adds: an app with a local volume and a route, and things that only look broken. */
function shop(): KubeObject[] {
  const data = mounting('data');
  const app = { app: 'shop' };
  const onWorker = { key: 'kubernetes.io/hostname', operator: 'In', values: ['worker-1'] };
  return [
    namespace('shop'),
    ...provisioned('shop', 'data', {
      name: 'pvc-5b0f3f0e-8f5c-4d64-9a8b-0c3a7a1f2d11',
      storageClassName: 'local-path',
      annotations: {
        'pv.kubernetes.io/provisioned-by': 'rancher.io/local-path',
        'local.path.provisioner/selected-node': 'worker-1',
      },
      source: {
        hostPath: { path: '/var/lib/rancher/k3s/storage/shop_data', type: 'DirectoryOrCreate' },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onWorker] }] } },
      },
    }),
    workload('Deployment', 'shop', 'shop', {
      labels: app,
      containers: [container('shop', { http: 8080 }, { volumeMounts: data.volumeMounts })],
      pod: { volumes: data.volumes },
    }),
    serviceTo('shop', 'shop', app, { http: 80 }),
    ingress(),
    // Scaled to zero, and a claim that waits for a pod that nobody has made yet.
    workload('Deployment', 'shop', 'paused', {
      labels: { app: 'paused' },
      containers: [container('paused', { http: 8080 })],
      replicas: 0,
    }),
    serviceTo('shop', 'paused', { app: 'paused' }, { http: 80 }),
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'for-later', namespace: 'shop' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    {
      // About nothing in particular, as some of Kubernetes' own controllers write at times.
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'aefc8533-3880-4f41-b0d4-78f84d109076', namespace: 'default' },
      involvedObject: {},
      type: 'Warning',
      reason: 'Noticed',
      message: 'something was noticed',
      firstTimestamp: minutesAgo(10),
      lastTimestamp: minutesAgo(5),
      source: { component: 'controller' },
    },
    serviceTo(
      'shop',
      'elsewhere',
      null,
      {},
      { type: 'ExternalName', externalName: 'example.test' },
    ),
  ];
}

function ingress(): KubeObject {
  const backend = { service: { name: 'shop', port: { name: 'http' } } };
  const paths = [{ path: '/', pathType: 'Prefix', backend }];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'shop', namespace: 'shop', annotations: { since: minutesAgo(60) } },
    spec: { ingressClassName: 'traefik', rules: [{ host: 'shop.example.test', http: { paths } }] },
    status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip })) } },
  };
}
