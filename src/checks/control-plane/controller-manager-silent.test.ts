import { type CheckCase, describeCheck, type Said } from '../../../test/support/cases.ts';
import { event, lease, node, object } from '../../../test/support/objects.ts';
import { ago, noon, type RawObject, type World } from '../../../test/support/snapshot.ts';
import { check } from './controller-manager-silent.ts';

const subject = 'Cluster/kube-controller-manager';
const server = { labels: { 'node-role.kubernetes.io/control-plane': 'true' } };

/** The controller-manager's own Lease: 15 s, renewed every 2 s. */
function office(renewed: string, more: object = {}, seconds: number | null = 15): RawObject {
  const holder = 'k3s1_2f0c1d9e-5f2b-4a52-9d52-0f6f1b0c2a11';
  const own = lease('kube-controller-manager', { namespace: 'kube-system', renewed, holder });
  const spec = { ...(own['spec'] as object), leaseDurationSeconds: seconds };
  return { ...own, spec, ...more };
}

function namespace(name: string, created: string, deleted?: string): RawObject {
  const fields = { spec: {}, status: { phase: deleted ? 'Terminating' : 'Active' } };
  const common = deleted ? { created, deleted } : { created };
  return object('v1', 'Namespace', name, fields, common);
}

function account(namespaceName: string, name = 'default'): RawObject {
  return object('v1', 'ServiceAccount', name, {}, { namespace: namespaceName });
}

function workload(
  kind: string,
  name: string,
  created: string,
  seen?: number,
  deleted?: string,
): RawObject {
  const status = seen === undefined ? {} : { observedGeneration: seen, replicas: 1 };
  const fields = { spec: { replicas: 1, template: { spec: { containers: [] } } }, status };
  const common = { namespace: 'media', created, ...(deleted ? { deleted } : {}) };
  return object('apps/v1', kind, name, fields, common);
}

/** k3s with SQLite: no Lease of the controller-manager, and all its work done. */
const healthy = [
  node('k3s1', server),
  node('k3s2'),
  lease('k3s1'),
  lease('k3s2'),
  namespace('kube-system', ago(86_400)),
  namespace('default', ago(86_400)),
  namespace('media', ago(3600)),
  ...['kube-system', 'default', 'media'].map((name) => account(name)),
];
const common = { name: 'kube-controller-manager', nodeLeasesMove: true, notSeen: [] } as const;
const leaseFacts = {
  ...common,
  why: 'lease-stale',
  leaseProof: 'quick-look',
  holder: 'k3s1_2f0c1d9e-5f2b-4a52-9d52-0f6f1b0c2a11',
} as const;
const k3s1 = node('k3s1', server);
const k3s3 = node('k3s3');
const unheeded = ['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) =>
  workload(kind, `new-${kind.toLowerCase()}`, ago(300)),
);

function deadLease(seconds: number, name = 'k3s3'): RawObject {
  return lease(name, { renewed: ago(seconds) });
}

function about(kind: string, name: string, reason: string, seconds: number): RawObject {
  const said = { about: { kind, name }, reason, message: 'it started', last: ago(seconds) };
  return event(`${kind}.${name}.${reason}`, said);
}

type Objects = readonly RawObject[];
type Rest = Omit<World, 'objects'>;

function silent(name: string, objects: Objects, rest: Rest = {}): CheckCase {
  return { name: `silent: ${name}`, world: { objects, ...rest }, says: [], judged: 1 };
}

function fails(
  name: string,
  objects: Objects,
  said: Partial<Said> = {},
  rest: Rest = {},
): CheckCase {
  const says = [{ verdict: 'fail' as const, subject, severity: 'high' as const, ...said }];
  return { name: `fails: ${name}`, world: { objects, ...rest }, says };
}

function unknown(name: string, objects: Objects, deny: World['deny'] = []): CheckCase {
  const facts = { reason: deny.length > 0 ? 'forbidden' : 'no-answer' };
  const says = [{ verdict: 'unknown' as const, subject, severity: 'high' as const, facts }];
  return { name: `unknown: ${name}`, world: { objects, deny }, says };
}

describeCheck(check, [
  silent('its Lease was renewed 2 s ago', [k3s1, lease('k3s1'), office(ago(2))]),
  silent('k3s with SQLite has no Lease of it, and its work is done', healthy),
  silent('a minute without a renewal is not yet silence', [k3s1, office(ago(60))]),
  fails(
    'its Lease has stood still for 61 s while a kubelet renews its own',
    [k3s1, lease('k3s1'), office(ago(61))],
    {
      onset: { from: ago(61), to: ago(46) },
      field: 'spec.renewTime',
      facts: { ...leaseFacts, silentForMs: 61_000, forMs: 46_000 },
    },
  ),
  fails('nobody can renew anything', [k3s1, deadLease(600, 'k3s1'), office(ago(600))], {
    facts: { ...leaseFacts, nodeLeasesMove: false, silentForMs: 600_000, forMs: 585_000 },
  }),
  silent('who asks for a longer Lease may be slower: 4 × 30 s', [office(ago(120), {}, 30)]),
  fails('121 s are too long for that one too', [office(ago(121), {}, 30)], {
    onset: { from: ago(121), to: ago(91) },
  }),
  fails('a Lease that does not say how long it lasts: 15 s', [office(ago(61), {}, null)], {
    onset: { from: ago(61), to: ago(46) },
  }),
  silent('its clock is wrong, and its Lease was seen to move', [
    office(ago(600), { window: { renewals: 2, watchedMs: 5000 } }),
  ]),
  fails(
    'watched for longer than a minute, it did not move',
    [office(ago(90), { window: { renewals: 0, watchedMs: 61_000 } })],
    {
      onset: { from: ago(90), to: ago(75) },
      facts: { ...leaseFacts, leaseProof: 'watched', silentForMs: 90_000, forMs: 75_000 },
    },
  ),
  unknown('its Lease is dated in the future', [office(ago(-600))]),
  unknown('the server has just started, its controllers wait for the old Lease', [
    k3s1,
    office(ago(3600)),
    about('Node', 'k3s1', 'InvalidDiskCapacity', 100),
  ]),
  fails('it started long enough ago; the start of an agent and other news do not count', [
    k3s1,
    node('k3s2'),
    office(ago(3600)),
    about('Node', 'k3s1', 'Rebooted', 101),
    about('Node', 'k3s2', 'Rebooted', 20),
    about('Node', 'k3s1', 'ImageGCFailed', 20),
    about('Pod', 'k3s1', 'Rebooted', 20),
  ]),
  fails(
    'without a Lease, a node that fell silent is still called ready',
    [...healthy, k3s3, deadLease(101)],
    {
      onset: { from: null, to: ago(51) },
      field: 'status.conditions[Ready].status',
      facts: {
        ...common,
        why: 'node-not-marked',
        node: 'k3s3',
        undone: ['Node/k3s3'],
        silentForMs: 101_000,
        forMs: 51_000,
      },
    },
  ),
  fails(
    'of two such nodes the one that fell silent first tells since when',
    [...healthy, k3s3, deadLease(200), node('k3s4'), deadLease(400, 'k3s4')],
    {
      onset: { from: null, to: ago(350) },
      facts: {
        ...common,
        why: 'node-not-marked',
        node: 'k3s4',
        undone: ['Node/k3s4', 'Node/k3s3'],
        silentForMs: 400_000,
        forMs: 350_000,
        notSeen: ['events: not allowed in this test'],
      },
    },
    { deny: ['events'] },
  ),
  silent('two grace periods are not over yet', [...healthy, k3s3, deadLease(100)]),
  silent('the dead node was marked', [
    ...healthy,
    node('k3s3', { ready: 'Unknown', since: ago(550) }),
    deadLease(600),
  ]),
  silent("a node's clock is ten minutes late, its Lease is renewed all the same", [
    ...healthy,
    k3s3,
    lease('k3s3', { renewed: ago(600), written: ago(5) }),
  ]),
  fails(
    'a namespace has waited five minutes for its ServiceAccount',
    [...healthy, namespace('new', ago(300)), account('new', 'builder')],
    {
      onset: { from: ago(3600), to: noon },
      field: 'ServiceAccount/default',
      facts: { ...common, why: 'work-undone', undone: ['Namespace/new'], forMs: 0 },
    },
  ),
  silent('a second less than five minutes; one that is going away needs none', [
    ...healthy,
    namespace('new', ago(299)),
    namespace('going', ago(600), ago(400)),
  ]),
  silent('a newer namespace has one, so a policy or a quota keeps it from the older', [
    ...healthy,
    namespace('strict', ago(7200)),
  ]),
  silent(
    'only the namespaces that were looked at are judged',
    [...healthy, namespace('new', ago(600))],
    { namespaces: ['media'] },
  ),
  unknown(
    'no ServiceAccount is shown at all, not even those that always exist',
    healthy.filter((each) => each.kind !== 'ServiceAccount'),
  ),
  fails(
    'three new workloads, of three kinds, that no controller has looked at',
    [...healthy, workload('Deployment', 'old', ago(3600), 1), ...unheeded],
    {
      onset: { from: ago(3600), to: noon },
      field: 'status.observedGeneration',
      facts: {
        ...common,
        why: 'work-undone',
        undone: [
          'DaemonSet.apps/media/new-daemonset',
          'Deployment.apps/media/new-deployment',
          'StatefulSet.apps/media/new-statefulset',
        ],
        forMs: 0,
      },
    },
  ),
  silent('two of them prove nothing, nor does a third that is younger', [
    ...healthy,
    ...unheeded.slice(0, 2),
    workload('Deployment', 'young', ago(299)),
  ]),
  ...['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) =>
    silent(`nor does a ${kind} that is going away`, [
      ...healthy,
      ...unheeded.slice(0, 2),
      workload(kind, 'going', ago(400), undefined, ago(10)),
    ]),
  ),
  ...['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) =>
    silent(`a newer ${kind} was looked at`, [
      ...healthy,
      ...unheeded,
      workload(kind, 'newer', ago(300), 1),
    ]),
  ),
  unknown('no Lease, and namespaces may not be listed', healthy, ['namespaces']),
  unknown('no Lease, and ServiceAccounts may not be listed', healthy, ['serviceaccounts']),
  fails(
    'what was seen undone counts though other work was not seen',
    [...healthy, k3s3, deadLease(600)],
    {},
    { deny: ['serviceaccounts'] },
  ),
  unknown('no Lease, and every namespace is too young to tell', [
    namespace('default', ago(60)),
    account('default'),
  ]),
  {
    name: 'unknown: Leases may not be listed',
    world: { objects: healthy, deny: ['leases'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);
