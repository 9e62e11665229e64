import { type CheckCase, describeCheck } from '../../../test/support/cases.ts';
import { type Fields, node, object, pod } from '../../../test/support/objects.ts';
import { testPartialScope } from '../../../test/support/scope.ts';
import {
  service as anyService,
  endpointSlice,
  httpRoute,
  ingress,
} from '../../../test/support/services.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './service-without-endpoints.ts';

type Labels = { readonly [key: string]: string };

const inShop = { namespace: 'shop' } as const;
const web = { app: 'web', tier: 'front' };

const service = (name: string, selector: Labels | null, spec: Fields = {}): RawObject =>
  anyService(name, { selector, ...spec }, inShop);

const serviceIn = (namespace: string, name: string, spec: Fields, more: Fields = {}): RawObject =>
  anyService(name, spec, { namespace, ...more });

const slice = (name: string, endpoints: readonly Fields[]): RawObject =>
  endpointSlice(name, endpoints, inShop);

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

const webPod = (shape: Fields, name = 'web-1'): RawObject =>
  pod(name, { ...inShop, labels: web, ...shape });
/** Ready for hours until then. */
const fallen = (since: string, name?: string): RawObject =>
  webPod({ node: 'a', ready: false, since, status: { startTime: ago(9000) } }, name);
const neverReady = (name: string, created: string): RawObject =>
  webPod({ ready: false, since: created, created }, name);

const route = (namespace: string, ref: Fields): RawObject => httpRoute('shop', ref, namespace);
const byDefault = {
  rules: null,
  defaultBackend: { service: { name: 'web', port: { number: 80 } } },
};

const down = [service('web', web), slice('web', [notReady]), fallen(ago(300))];
const nothing = [service('web', web), slice('web', [])];

const basis = {
  name: 'web',
  namespace: 'shop',
  why: 'pods-not-ready',
  selector: 'app=web,tier=front',
  pods: ['web-1'],
  usedBy: [],
  notSeen: [],
  forMs: 300_000,
};

const silent = (name: string, objects: readonly RawObject[]): CheckCase => ({
  name: `boundary: silent, ${name}`,
  world: { objects },
  says: [],
  judged: objects.filter((each) => each.kind === 'Service').length,
});

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
        fallen(ago(300)),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'silent: no selector, ExternalName',
    world: {
      objects: [
        service('manual', null),
        service('outside', web, { type: 'ExternalName', externalName: 'example.org' }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: an Ingress leads to a Service whose last pod fell five minutes ago',
    world: { objects: [...down, node('a'), ingress('web', {}, 'shop')] },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/shop/web',
        severity: 'high',
        onset: { from: ago(300), to: ago(300) },
        field: 'endpoints[].conditions.ready',
        facts: { ...basis, usedBy: ['Ingress shop/web'] },
      },
    ],
  },
  fails('medium if nothing leads to it', down, { severity: 'medium' }),
  fails('as a default backend', [...down, ingress('web', byDefault, 'shop')], {
    severity: 'high',
  }),
  fails('an HTTPRoute beside it', [...down, route('shop', { name: 'web' })], {
    severity: 'high',
    facts: { ...basis, usedBy: ['HTTPRoute shop/shop'] },
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
        facts: { ...basis, notSeen: ['ingresses: not allowed in this test'] },
      },
    ],
  },
  fails('no pod matches, nothing would make one', [...nothing, node('a')], {
    onset: { from: null, to: ago(0) },
    facts: { ...basis, why: 'no-pod-matches', pods: [], forMs: 0 },
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
    webPod({ deleted: ago(1) }),
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
  fails(
    'replicas of a database of two instances',
    [readOnly, pod('db-1', replica), pod('db-2', replica)],
    {
      subject: 'Service/shop/db-ro',
    },
  ),
  fails('a role and nothing else selects no database', [service('any', { role: 'replica' })], {
    subject: 'Service/shop/any',
  }),
  silent('every pod has done its work', [...nothing, webPod({ ready: false, phase: 'Succeeded' })]),
  fails('every pod was evicted', [...nothing, webPod({ ready: false, phase: 'Failed' })]),
  fails(
    'every pod terminates: out by the deadline at the latest',
    [...nothing, webPod({ deleted: ago(90) })],
    {
      onset: { from: null, to: ago(90) },
      facts: { ...basis, why: 'pods-terminating', forMs: 90_000 },
    },
  ),
  fails('a deadline still to come', [...nothing, webPod({ deleted: ago(-20) })], {
    onset: { from: null, to: ago(0) },
  }),
  fails(
    'the last to fall decides, a replacement that never served does not',
    [...down, fallen(ago(400), 'web-0'), neverReady('web-2', ago(30))],
    { onset: { from: ago(300), to: ago(300) } },
  ),
  fails(
    'none ever served: since the newest was made',
    [...nothing, neverReady('web-1', ago(500)), neverReady('web-2', ago(200))],
    { onset: { from: null, to: ago(200) } },
  ),
  silent('its pods rose a moment ago', [...nothing, webPod({ since: ago(119) })]),
  fails(
    'its pods have been ready for 2 minutes and are not listed',
    [...nothing, webPod({ since: ago(120), created: ago(180) })],
    { facts: { ...basis, why: 'not-listed', forMs: 180_000 } },
  ),
  {
    name: 'unknown: EndpointSlices may not be listed',
    world: { objects: down, deny: ['endpointslices'] },
    says: [{ verdict: 'unknown', subject: '', facts: { reason: 'forbidden' } }],
  },
]);

testPartialScope(check, nothing, ['endpointslices', 'pods']);
