/** Flux in good state: its controllers, and one of each kind of object that they keep. */
import type { KubeObject } from '../bed/api.ts';
import { namespace } from '../bed/objects.ts';
import {
  account,
  type Condition,
  container,
  minutesAgo,
  serviceTo,
  workload,
} from './manifests.ts';

const home = 'flux-system';
const revision = 'main@sha1:5b6d1d9a4f5f0f4f1d8c0f3a9be3c1f2a7d4e6b8';
const digest = `sha256:${'4e1243bd22c66e76c2ba9eddc1f91394e57f9f83a5ab9f5e0a3ab7bdc6d5e1f0'}`;
const controllers = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
] as const;

export function fluxObjects(): KubeObject[] {
  return [
    namespace(home),
    ...controllers.flatMap((name) => [
      account(home, name),
      workload('Deployment', home, name, {
        labels: { app: name },
        containers: [container('manager', { http: 9090, 'http-prom': 8080, healthz: 9440 })],
        pod: { serviceAccountName: name, priorityClassName: 'system-cluster-critical' },
      }),
    ]),
    serviceTo(home, 'source-controller', { app: 'source-controller' }, { http: 80 }),
    serviceTo(home, 'notification-controller', { app: 'notification-controller' }, { http: 80 }),
    serviceTo(home, 'webhook-receiver', { app: 'notification-controller' }, { http: 80 }),
  ];
}

export function fluxResources(): KubeObject[] {
  return [gitRepository(), kustomization(), ...helmSources(), helmChart(), helmRelease()];
}

const groups = {
  source: 'source.toolkit.fluxcd.io/v1',
  kustomize: 'kustomize.toolkit.fluxcd.io/v1',
  helm: 'helm.toolkit.fluxcd.io/v2',
} as const;

function of(
  group: keyof typeof groups,
  kind: string,
  name: string,
  spec: Readonly<Record<string, unknown>>,
  status: Readonly<Record<string, unknown>> | undefined,
): KubeObject {
  const own = status === undefined ? {} : { status: { observedGeneration: 1, ...status } };
  const metadata = { name, namespace: home };
  return { apiVersion: groups[group], kind, metadata, spec, ...own };
}

function conditions(list: readonly Condition[]): object[] {
  const base = { lastTransitionTime: minutesAgo(45), message: '', reason: 'Succeeded' };
  return list.map((each) => ({ ...base, observedGeneration: 1, ...each }));
}

function ready(message: string): object[] {
  return conditions([{ type: 'Ready', status: 'True', message }]);
}

function artifact(path: string): object {
  const url = `http://source-controller.${home}.svc.cluster.local./${path}`;
  return { digest, path, revision, url, size: 4096, lastUpdateTime: minutesAgo(45) };
}

function gitRepository(): KubeObject {
  const spec = {
    interval: '1m0s',
    ref: { branch: 'main' },
    secretRef: { name: home },
    timeout: '60s',
    url: 'ssh://git@example.test/home/cluster',
  };
  return of('source', 'GitRepository', home, spec, {
    artifact: artifact(`gitrepository/${home}/${home}/latest.tar.gz`),
    conditions: [
      ...ready(`stored artifact for revision '${revision}'`),
      ...conditions([{ type: 'ArtifactInStorage', status: 'True' }]),
    ],
  });
}

function kustomization(): KubeObject {
  const spec = {
    interval: '10m0s',
    path: './clusters/home',
    prune: true,
    sourceRef: { kind: 'GitRepository', name: home },
  };
  return of('kustomize', 'Kustomization', home, spec, {
    conditions: ready(`Applied revision: ${revision}`),
    inventory: { entries: [{ id: '_shop__Namespace', v: 'v1' }] },
    lastAppliedRevision: revision,
    lastAttemptedRevision: revision,
  });
}

function helmSources(): KubeObject[] {
  const interval = '1h0m0s';
  const plain = { interval, url: 'https://charts.example.test' };
  const oci = { type: 'oci', interval, url: 'oci://charts.example.test/charts' };
  return [
    of('source', 'HelmRepository', 'charts', plain, {
      artifact: artifact('helmrepository/charts/index.yaml'),
      conditions: ready('stored artifact'),
      url: `http://source-controller.${home}.svc.cluster.local./helmrepository/charts/index.yaml`,
    }),
    // Flux gives it no status at all.
    of('source', 'HelmRepository', 'oci-charts', oci, undefined),
  ];
}

function helmChart(): KubeObject {
  const sourceRef = { kind: 'HelmRepository', name: 'charts' };
  const spec = { chart: 'podinfo', version: '6.x', interval: '1h0m0s', sourceRef };
  return of('source', 'HelmChart', `${home}-podinfo`, spec, {
    artifact: artifact('helmchart/podinfo-6.9.0.tgz'),
    conditions: ready("pulled 'podinfo' chart with version '6.9.0'"),
    observedChartName: 'podinfo',
  });
}

function helmRelease(): KubeObject {
  const sourceRef = { kind: 'HelmRepository', name: 'charts' };
  const chart = { spec: { chart: 'podinfo', version: '6.x', sourceRef } };
  const deployed = minutesAgo(45);
  const history = {
    chartName: 'podinfo',
    chartVersion: '6.9.0',
    configDigest: digest,
    digest,
    firstDeployed: deployed,
    lastDeployed: deployed,
    name: 'podinfo',
    namespace: 'shop',
    status: 'deployed',
    version: 1,
  };
  const message = 'Helm install succeeded for release shop/podinfo.v1 with chart podinfo@6.9.0';
  const spec = { interval: '30m0s', chart, targetNamespace: 'shop' };
  return of('helm', 'HelmRelease', 'podinfo', spec, {
    conditions: [...ready(message), ...conditions([{ type: 'Released', status: 'True', message }])],
    helmChart: `${home}/${home}-podinfo`,
    history: [history],
  });
}
