/** kube-prometheus-stack in good state, as its chart makes it on k3s. */
import type { KubeObject } from '../bed/api.ts';
import { namespace } from '../bed/objects.ts';
import { account, container, type Labels, serviceTo, webhooks, workload } from './manifests.ts';

const home = 'monitoring';
const release = 'kps-kube-prometheus-stack';
const headless = { clusterIP: 'None' } as const;

export function prometheusObjects(): KubeObject[] {
  return [
    namespace(home),
    ...servers(),
    ...operator(),
    ...exporters(),
    grafana(),
    serviceTo(home, 'kps-grafana', { 'app.kubernetes.io/name': 'grafana' }, { http: 80 }),
    ...controlPlaneServices(),
  ];
}

/** What the operator makes of a Prometheus and an Alertmanager: StatefulSets with governing Services. */
function servers(): KubeObject[] {
  const of = (kind: 'prometheus' | 'alertmanager', port: string, number: number): KubeObject[] => {
    const labels = {
      'app.kubernetes.io/name': kind,
      'operator.prometheus.io/name': release,
      [kind]: release,
    };
    const selector = { 'app.kubernetes.io/name': kind, 'operator.prometheus.io/name': release };
    return [
      account(home, `${release}-${kind}`),
      workload('StatefulSet', home, `${kind}-${release}`, {
        labels,
        containers: [
          container(kind, { [port]: number }),
          container('config-reloader', { 'reloader-web': 8080 }),
        ],
        pod: {
          serviceAccountName: `${release}-${kind}`,
          initContainers: [container('init-config-reloader')],
        },
        spec: { serviceName: `${kind}-operated`, podManagementPolicy: 'Parallel' },
      }),
      serviceTo(home, `${release}-${kind}`, selector, { [port]: number }),
      serviceTo(
        home,
        `${kind}-operated`,
        { 'app.kubernetes.io/name': kind },
        { [port]: number },
        {
          ...headless,
        },
      ),
    ];
  };
  return [...of('prometheus', 'http-web', 9090), ...of('alertmanager', 'http-alert', 9093)];
}

const operatorLabels = { app: `${release}-operator`, release: 'kps' };

function operator(): KubeObject[] {
  return [
    account(home, `${release}-operator`),
    workload('Deployment', home, `${release}-operator`, {
      labels: operatorLabels,
      containers: [container('kube-prometheus-stack', { https: 10250 })],
      pod: { serviceAccountName: `${release}-operator` },
    }),
    serviceTo(home, `${release}-operator`, operatorLabels, { https: 443 }),
  ];
}

function exporters(): KubeObject[] {
  const state = { 'app.kubernetes.io/name': 'kube-state-metrics' };
  const nodes = { 'app.kubernetes.io/name': 'prometheus-node-exporter' };
  return [
    workload('Deployment', home, 'kps-kube-state-metrics', {
      labels: state,
      containers: [container('kube-state-metrics', { http: 8080 })],
    }),
    serviceTo(home, 'kps-kube-state-metrics', state, { http: 8080 }),
    workload('DaemonSet', home, 'kps-prometheus-node-exporter', {
      labels: nodes,
      containers: [container('node-exporter', { 'http-metrics': { host: 9100 } })],
      pod: {
        hostNetwork: true,
        hostPID: true,
        tolerations: [{ effect: 'NoSchedule', operator: 'Exists' }],
      },
    }),
    serviceTo(home, 'kps-prometheus-node-exporter', nodes, { 'http-metrics': 9100 }),
  ];
}

function grafana(): KubeObject {
  const names = ['grafana-sc-dashboard', 'grafana-sc-datasources'];
  return workload('Deployment', home, 'kps-grafana', {
    labels: { 'app.kubernetes.io/name': 'grafana' },
    containers: [...names.map((name) => container(name)), container('grafana', { http: 3000 })],
  });
}

/** k3s runs these parts inside itself: nothing carries the labels that the chart selects. */
function controlPlaneServices(): KubeObject[] {
  const parts = {
    'kube-controller-manager': 10257,
    'kube-scheduler': 10259,
    'kube-proxy': 10249,
    'kube-etcd': 2381,
  };
  const of = (part: string, selector: Labels | null, port: number): KubeObject =>
    serviceTo(
      'kube-system',
      `${release}-${part}`,
      selector,
      { 'http-metrics': port },
      {
        ...headless,
        labels: { app: `${release}-${part}`, jobLabel: part },
      },
    );
  return [
    ...Object.entries(parts).map(([part, port]) => of(part, { component: part }, port)),
    serviceTo(
      'kube-system',
      `${release}-coredns`,
      { 'k8s-app': 'kube-dns' },
      { metrics: 9153 },
      {
        ...headless,
      },
    ),
    // The operator writes its endpoints itself: one address a node.
    of('kubelet', null, 10250),
  ];
}

export function prometheusWebhooks(): KubeObject[] {
  const service = { namespace: home, name: `${release}-operator` };
  const rules = [
    {
      apiGroups: ['monitoring.coreos.com'],
      apiVersions: ['*'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['prometheusrules', 'alertmanagerconfigs'],
    },
  ];
  const name = `${release}-admission`;
  return [webhooks('Validating', name, service, rules), webhooks('Mutating', name, service, rules)];
}
