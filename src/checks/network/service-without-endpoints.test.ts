import { expect, test } from 'vitest';
import { type CheckCase, describeCheck } from '../../../test/support/cases.ts';
import { node, object, pod } from '../../../test/support/objects.ts';
import { ago, type RawObject, snapshotOf } from '../../../test/support/snapshot.ts';
import { runChecks } from '../../diagnose/run-checks.ts';
import { check } from './service-without-endpoints.ts';

type Fields = { readonly [key: string]: unknown };
type Labels = { readonly [key: string]: string };

const inShop = { namespace: 'shop' } as const;
const web = { app: 'web', tier: 'front' };

function service(name: string, selector: Labels | undefined, spec: Fields = {}): RawObject {
  const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
  return serviceIn('shop', name, { selector, ports, ...spec });
}

function serviceIn(namespace: string, name: string, spec: Fields, common: Fields = {}): RawObject {
  const fields = { spec: { type: 'ClusterIP', clusterIP: '10.43.0.9', ...spec }, status: {} };
  return object('v1', 'Service', name, fields, { namespace, ...common });
}

function slice(name: string, endpoints: readonly Fields[], namespace = 'shop'): RawObject {
  const labels = { 'kubernetes.io/service-name': name };
  const fields = { addressType: 'IPv4', endpoints, ports: [{ name: 'http', port: 8080 }] };
  return object('discovery.k8s.io/v1', 'EndpointSlice', `${name}-x`, fields, { namespace, labels });
}

const notReady = { addresses: ['10.42.0.7'], conditions: { ready: false, serving: false } };

function workload(kind: string, replicas: number | undefined, more: Fields = {}): RawObject {
  const template = { metadata: { labels: { ...web, 'pod-template-hash': 'abc' } }, spec: {} };
  const spec = { replicas, selector: { matchLabels: { app: 'web' } }, template };
  return object('apps/v1', kind, 'web', { spec, status: {}, ...more }, inShop);
}

function daemonSet(desiredNumberScheduled: number): RawObject {
  const template = { metadata: { labels: web }, spec: { containers: [{ name: 'main' }] } };
  const status = { desiredNumberScheduled, currentNumberScheduled: 0, numberReady: 0 };
  return object('apps/v1', 'DaemonSet', 'web', { spec: { template }, status }, inShop);
}

const fallen = pod('web-1', {
  ...inShop,
  labels: web,
  node: 'a',
  ready: false,
  since: ago(300),
  status: { startTime: ago(9000) },
});
const neverReady = (name: string, created: string): RawObject =>
  pod(name, { ...inShop, labels: web, ready: false, since: created, created });

const ingress = (spec: Fields): RawObject =>
  object('networking.k8s.io/v1', 'Ingress', 'shop', { spec }, inShop);
const toWeb = { service: { name: 'web', port: { number: 80 } } };
const rules = [{ host: 'shop.lan', http: { paths: [{ path: '/', backend: toWeb }] } }];

const route = (namespace: string, ref: Fields): RawObject =>
  object(
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    'shop',
    { spec: { rules: [{ backendRefs: [{ port: 80, ...ref }] }] } },
    { namespace },
  );

const down = [service('web', web), slice('web', [notReady]), fallen];
const nothing = [service('web', web), slice('web', [])];

const silent = (
  name: string,
  objects: readonly RawObject[],
  more: Partial<CheckCase> = {},
): CheckCase => ({ name: `boundary: silent, ${name}`, world: { objects }, says: [], ...more });

const fails = (
  name: string,
  objects: readonly RawObject[],
  said: Partial<CheckCase['says'][number]> = {},
): CheckCase => ({
  name: `boundary: fails, ${name}`,
  world: { objects },
  says: [{ verdict: 'fail', subject: 'Service/shop/web', ...said }],
});

const replica = {
  labels: { 'cnpg.io/cluster': 'db', 'cnpg.io/instanceRole': 'primary' },
  ...inShop,
};
const readOnly = service('db-ro', { 'cnpg.io/cluster': 'db', 'cnpg.io/instanceRole': 'replica' });

describeCheck(check, [
  {
    name: 'silent: one ready address is enough, and a ready that is not said counts as ready',
    world: {
      objects: [
        service('web', web),
        slice('web', [notReady, { addresses: ['10.42.1.7'], conditions: { ready: true } }]),
        service('old', { app: 'old' }),
        slice('old', [{ addresses: ['10.42.1.8'] }]),
        fallen,
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'silent: no selector, ExternalName',
    world: {
      objects: [
        service('manual', undefined),
        service('outside', web, { type: 'ExternalName', externalName: 'example.org' }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: an Ingress leads to a Service whose last pod fell five minutes ago',
    world: { objects: [...down, node('a'), ingress({ rules })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/shop/web',
        severity: 'high',
        onset: { from: ago(300), to: ago(300) },
        field: 'endpoints[].conditions.ready',
        facts: {
          name: 'web',
          namespace: 'shop',
          why: 'pods-not-ready',
          selector: 'app=web,tier=front',
          pods: ['web-1'],
          usedBy: ['Ingress shop/shop'],
          notSeen: [],
          forMs: 300_000,
        },
      },
    ],
  },
  fails('medium if nothing leads to it', down, { severity: 'medium' }),
  fails('as a default backend', [...down, ingress({ defaultBackend: toWeb })], {
    severity: 'high',
  }),
  fails('an HTTPRoute beside it', [...down, route('shop', { name: 'web' })], {
    severity: 'high',
    facts: {
      name: 'web',
      namespace: 'shop',
      why: 'pods-not-ready',
      selector: 'app=web,tier=front',
      pods: ['web-1'],
      usedBy: ['HTTPRoute shop/shop'],
      notSeen: [],
      forMs: 300_000,
    },
  }),
  fails(
    'an HTTPRoute from another namespace',
    [...down, route('edge', { name: 'web', namespace: 'shop' })],
    { severity: 'high' },
  ),
  fails('an HTTPRoute to a namesake', [...down, route('edge', { name: 'web' })], {
    severity: 'medium',
  }),
  fails('an HTTPRoute to another kind', [...down, route('shop', { name: 'web', kind: 'Bucket' })], {
    severity: 'medium',
  }),
  {
    name: 'fails: whether a route uses it could not be seen, and it says so',
    world: { objects: down, deny: ['ingresses'], missing: ['httproutes'] },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/shop/web',
        severity: 'medium',
        facts: {
          name: 'web',
          namespace: 'shop',
          why: 'pods-not-ready',
          selector: 'app=web,tier=front',
          pods: ['web-1'],
          usedBy: [],
          notSeen: ['ingresses: not allowed in this test'],
          forMs: 300_000,
        },
      },
    ],
  },
  fails('no pod matches, nothing would make one', [...nothing, node('a')], {
    onset: { from: null, to: ago(0) },
    facts: {
      name: 'web',
      namespace: 'shop',
      why: 'no-pod-matches',
      selector: 'app=web,tier=front',
      pods: [],
      usedBy: [],
      notSeen: [],
      forMs: 0,
    },
  }),
  fails('a pod that matches in part only', [
    ...nothing,
    pod('web-2', { ...inShop, labels: { app: 'web' } }),
  ]),
  silent('made less than 2 minutes ago', [
    serviceIn('shop', 'web', { selector: web }, { created: ago(119) }),
  ]),
  fails('made 2 minutes ago', [serviceIn('shop', 'web', { selector: web }, { created: ago(120) })]),

  silent('its Deployment is scaled to zero', [...nothing, workload('Deployment', 0)]),
  silent('its StatefulSet is scaled to zero', [...nothing, workload('StatefulSet', 0)]),
  silent('its DaemonSet fits no node', [...nothing, daemonSet(0)]),
  silent('scaled to zero, the last pod going', [
    ...nothing,
    workload('Deployment', 0),
    pod('web-1', { ...inShop, labels: web, deleted: ago(1) }),
  ]),
  fails('one of two workloads is not scaled to zero', [
    ...nothing,
    workload('Deployment', 0),
    workload('StatefulSet', undefined),
  ]),
  fails('a Deployment that wants one', [...nothing, workload('Deployment', undefined)]),
  fails('a DaemonSet that wants one', [...nothing, daemonSet(1)]),
  fails('a namesake scaled to zero in another namespace', [
    ...nothing,
    { ...workload('Deployment', 0), metadata: { name: 'web', namespace: 'other' } },
  ]),
  fails('scaled to zero, yet a pod of somebody else is there and not ready', [
    ...down,
    workload('Deployment', 0),
  ]),
  {
    name: 'unknown: no pod, and Deployments may not be listed',
    world: { objects: nothing, deny: ['deployments'] },
    says: [{ verdict: 'unknown', subject: 'Service/shop/web', facts: { reason: 'forbidden' } }],
  },
  {
    name: 'boundary: fails, no Deployments are served at all',
    world: { objects: nothing, missing: ['deployments', 'statefulsets', 'daemonsets'] },
    says: [{ verdict: 'fail', subject: 'Service/shop/web' }],
  },

  silent('headless that publishes addresses not ready', [
    service('web', web, { clusterIP: 'None', publishNotReadyAddresses: true }),
  ]),
  fails('headless only', [service('web', web, { clusterIP: 'None' })]),
  fails('publishes addresses not ready, not headless', [
    service('web', web, { publishNotReadyAddresses: true }),
  ]),
  silent("kube-prometheus-stack's view of a control plane that has no pods", [
    serviceIn('kube-system', 'kps-kube-scheduler', { selector: { component: 'kube-scheduler' } }),
    serviceIn('kube-system', 'kps-kube-proxy', { selector: { 'k8s-app': 'kube-proxy' } }),
    serviceIn('kube-system', 'kps-kube-etcd', { selector: { component: 'etcd' } }),
    serviceIn('kube-system', 'kps-kube-controller-manager', { selector: { component: 'kcm' } }),
  ]),
  {
    name: 'boundary: fails, a control plane that has pods; the same name in another namespace',
    world: {
      objects: [
        serviceIn('kube-system', 'kps-kube-proxy', { selector: { app: 'proxy' } }),
        pod('proxy', { namespace: 'kube-system', labels: { app: 'proxy' }, ready: false }),
        serviceIn('shop', 'my-kube-proxy', { selector: { app: 'proxy' } }),
      ],
    },
    says: [
      { verdict: 'fail', subject: 'Service/kube-system/kps-kube-proxy' },
      { verdict: 'fail', subject: 'Service/shop/my-kube-proxy' },
    ],
  },
  silent('a shared Longhorn volume that nobody mounts; the managers of an older version', [
    service('pvc-1', { 'longhorn.io/share-manager': 'pvc-1' }),
    service('longhorn-engine-manager', { 'longhorn.io/instance-manager-type': 'engine' }),
  ]),
  silent('an ACME solver', [
    serviceIn(
      'shop',
      'cm-acme-http-solver-x',
      { type: 'NodePort', selector: { 'acme.cert-manager.io/http01-solver': 'true' } },
      { labels: { 'acme.cert-manager.io/http01-solver': 'true' } },
    ),
  ]),
  silent('replicas of a database of one instance', [readOnly, pod('db-1', replica)]),
  silent('replicas of a database of one instance, a finished pod beside it', [
    readOnly,
    pod('db-1', replica),
    pod('db-init', { ...replica, phase: 'Failed' }),
    pod('db-2', { ...replica, namespace: 'elsewhere' }),
  ]),
  {
    name: 'boundary: fails, replicas of a database of two instances',
    world: { objects: [readOnly, pod('db-1', replica), pod('db-2', replica)] },
    says: [{ verdict: 'fail', subject: 'Service/shop/db-ro' }],
  },
  {
    name: 'boundary: fails, a role and nothing else selects no database',
    world: { objects: [service('any', { role: 'replica' })] },
    says: [{ verdict: 'fail', subject: 'Service/shop/any' }],
  },
  silent('every pod has done its work', [
    ...nothing,
    pod('web-1', { ...inShop, labels: web, ready: false, phase: 'Succeeded' }),
  ]),
  fails('every pod was evicted', [
    ...nothing,
    pod('web-1', { ...inShop, labels: web, ready: false, phase: 'Failed' }),
  ]),

  fails(
    'every pod terminates: out by the deadline at the latest',
    [...nothing, pod('web-1', { ...inShop, labels: web, deleted: ago(90) })],
    {
      onset: { from: null, to: ago(90) },
      facts: {
        name: 'web',
        namespace: 'shop',
        why: 'pods-terminating',
        selector: 'app=web,tier=front',
        pods: ['web-1'],
        usedBy: [],
        notSeen: [],
        forMs: 90_000,
      },
    },
  ),
  fails(
    'a deadline still to come',
    [...nothing, pod('web-1', { ...inShop, labels: web, deleted: ago(-20) })],
    { onset: { from: null, to: ago(0) } },
  ),
  fails(
    'the last to fall decides, a replacement that never served does not',
    [
      ...down,
      pod('web-0', {
        ...inShop,
        labels: web,
        ready: false,
        since: ago(400),
        status: { startTime: ago(9000) },
      }),
      neverReady('web-2', ago(30)),
    ],
    { onset: { from: ago(300), to: ago(300) } },
  ),
  fails(
    'none ever served: since the newest was made',
    [...nothing, neverReady('web-1', ago(500)), neverReady('web-2', ago(200))],
    { onset: { from: null, to: ago(200) } },
  ),
  silent('its pods rose a moment ago', [
    ...nothing,
    pod('web-1', { ...inShop, labels: web, since: ago(119) }),
  ]),
  fails(
    'its pods have been ready for 2 minutes and are not listed',
    [...nothing, pod('web-1', { ...inShop, labels: web, since: ago(120), created: ago(180) })],
    {
      facts: {
        name: 'web',
        namespace: 'shop',
        why: 'not-listed',
        selector: 'app=web,tier=front',
        pods: ['web-1'],
        usedBy: [],
        notSeen: [],
        forMs: 180_000,
      },
    },
  ),
  {
    name: 'unknown: EndpointSlices may not be listed',
    world: { objects: down, deny: ['endpointslices'] },
    says: [{ verdict: 'unknown', subject: '', facts: { reason: 'forbidden' } }],
  },
]);

test('a namespace whose EndpointSlices or pods were not looked at is not judged', () => {
  for (const facet of ['endpointslices', 'pods'] as const) {
    const whole = snapshotOf({ objects: nothing });
    const part = { ...whole.facets[facet], scope: { namespaces: ['other'] } };
    const [run] = runChecks({ ...whole, facets: { ...whole.facets, [facet]: part } }, [check]);
    expect(run?.subjects).toEqual([]);
    expect(run?.findings.map((each) => each.verdict)).toEqual(['unknown']);
  }
});
