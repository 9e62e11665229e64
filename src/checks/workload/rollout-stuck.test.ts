import { expect, test } from 'vitest';
import { describeCheck, runOne } from '../../../test/support/cases.ts';
import { event, object, pod } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import type { Facts } from '../../model/finding.ts';
import { check } from './rollout-stuck.ts';

type Fields = { readonly [name: string]: unknown };

const namespace = 'default';
const template = (container = 'main'): Fields => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: container, image: 'app:1' }] },
});

interface Replicated {
  readonly wanted?: number;
  readonly ready?: number;
  readonly conditions?: readonly Fields[];
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly metadata?: Fields;
}
const common = (metadata: Fields = {}) => ({ namespace, metadata: { generation: 3, ...metadata } });
const progressing = (status: string, reason: string, since = ago(4000)): Fields => ({
  type: 'Progressing',
  status,
  reason,
  message: 'as the controller says',
  lastTransitionTime: since,
  lastUpdateTime: ago(20),
});
const complete = progressing('True', 'NewReplicaSetAvailable');
const available = (status: string, since: string): Fields => ({
  type: 'Available',
  status,
  reason: status === 'True' ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
  lastTransitionTime: since,
});
const deployment = (shape: Replicated = {}): RawObject => {
  const { wanted = 2, ready = wanted } = shape;
  const spec = {
    replicas: wanted,
    progressDeadlineSeconds: 600,
    selector: { matchLabels: { app: 'web' } },
    template: template(),
    ...shape.spec,
  };
  const status = {
    observedGeneration: 3,
    replicas: wanted,
    readyReplicas: ready,
    availableReplicas: ready,
    conditions: shape.conditions ?? [complete, available('True', ago(4000))],
    ...shape.status,
  };
  return object('apps/v1', 'Deployment', 'web', { spec, status }, common(shape.metadata));
};
const statefulSet = (shape: Replicated = {}): RawObject => {
  const { wanted = 3, ready = wanted } = shape;
  const spec = { replicas: wanted, serviceName: 'db', template: template(), ...shape.spec };
  const status = { observedGeneration: 3, replicas: wanted, readyReplicas: ready, ...shape.status };
  return object('apps/v1', 'StatefulSet', 'db', { spec, status }, common(shape.metadata));
};
const daemonSet = (shape: Replicated = {}, name = 'cilium', container = 'cilium-agent') => {
  const { wanted = 3, ready = wanted } = shape;
  const status = {
    observedGeneration: 3,
    desiredNumberScheduled: wanted,
    currentNumberScheduled: wanted,
    numberReady: ready,
    ...shape.status,
  };
  const fields = { spec: { template: template(container) }, status };
  return object('apps/v1', 'DaemonSet', name, fields, common(shape.metadata));
};
const replicaSet = object(
  'apps/v1',
  'ReplicaSet',
  'web-1',
  { spec: {}, status: {} },
  { namespace, owner: { kind: 'Deployment', name: 'web' } },
);
const ofWeb = { owner: { kind: 'ReplicaSet', name: 'web-1' } };
const ofDb = { owner: { kind: 'StatefulSet', name: 'db' } };
const unready = (name: string, since: string, shape: Fields = {}): RawObject =>
  pod(name, { node: 'k3s1', ready: false, since, ...ofDb, ...shape });
const noWebhook =
  'Error creating: Internal error occurred: failed calling webhook "mutate.example.org": failed to call webhook: connection refused';
const byWebhook = {
  why: 'webhook',
  webhook: 'mutate.example.org',
  message: noWebhook,
  wanted: 3,
  ready: 2,
};
const refused = (kind: string, name: string, shape: Fields = {}): RawObject =>
  event(`${name}.1`, {
    about: { kind, namespace, name },
    reason: 'FailedCreate',
    message: noWebhook,
    first: ago(900),
    last: ago(30),
    source: { component: 'daemonset-controller' },
    ...shape,
  });
const fails = (subject: string, seconds: number, facts: Facts = {}) => {
  const [kind = '', , name = ''] = subject.split('/');
  return {
    verdict: 'fail' as const,
    subject,
    facts: {
      name,
      namespace,
      kind: kind.replace('.apps', ''),
      why: 'pods-not-ready',
      message: '',
      wanted: 2,
      ready: 1,
      pods: [],
      role: 'workload',
      isSurplus: false,
      sinceAt: Date.parse(ago(seconds)),
      forMs: seconds * 1000,
      notSeen: [],
      ...facts,
    },
  };
};

const web = 'Deployment.apps/default/web';
const db = 'StatefulSet.apps/default/db';
const cilium = 'DaemonSet.apps/default/cilium';

describeCheck(check, [
  {
    name: 'silent: all replicas are there, and one update is on its way',
    world: {
      objects: [
        statefulSet(),
        daemonSet(),
        deployment({
          ready: 1,
          conditions: [progressing('True', 'ReplicaSetUpdated'), available('False', ago(4000))],
        }),
      ],
    },
    says: [],
    judged: 3,
  },
  {
    name: 'fails: a pod of a StatefulSet is not ready',
    world: { objects: [statefulSet({ ready: 2 }), unready('db-1', ago(900)), pod('db-0', ofDb)] },
    says: [
      {
        verdict: 'fail',
        subject: db,
        severity: 'high',
        onset: { from: null, to: ago(900) },
        field: 'status.readyReplicas',
        facts: {
          name: 'db',
          namespace: 'default',
          kind: 'StatefulSet',
          why: 'pods-not-ready',
          message: '',
          wanted: 3,
          ready: 2,
          pods: ['db-1'],
          role: 'workload',
          isSurplus: false,
          sinceAt: Date.parse(ago(900)),
          forMs: 900_000,
          notSeen: [],
        },
      },
    ],
  },
  {
    name: 'silent: paused, scaled to zero, or being deleted',
    world: {
      objects: [
        deployment({ ready: 0, spec: { paused: true } }),
        statefulSet({ wanted: 0 }),
        daemonSet({ wanted: 0 }),
        deployment({ ready: 0, metadata: { deletionTimestamp: ago(5) } }),
        statefulSet({ ready: 0, metadata: { deletionTimestamp: ago(5) } }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: the own word of a Deployment, though the old pods still serve',
    world: {
      objects: [
        deployment({ conditions: [progressing('False', 'ProgressDeadlineExceeded', ago(60))] }),
        replicaSet,
        unready('web-1-a', ago(660), ofWeb),
        pod('web-1-b', ofWeb),
      ],
    },
    says: [
      {
        ...fails(web, 60, { pods: ['web-1-a'], ready: 2 }),
        onset: { from: ago(660), to: ago(60) },
        field: 'status.conditions[Progressing].status',
      },
    ],
  },
  {
    name: 'fails: a Deployment whose new ReplicaSet cannot be made says so at once',
    world: {
      objects: [
        deployment({ conditions: [progressing('False', 'ReplicaSetCreateError', ago(9))] }),
      ],
    },
    says: [{ ...fails(web, 9, { why: 'other', ready: 2 }), onset: { from: null, to: ago(9) } }],
  },
  {
    name: 'boundary: a Deployment unavailable for just its deadline',
    world: {
      objects: [deployment({ ready: 1, conditions: [complete, available('False', ago(600))] })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a Deployment unavailable for longer than its deadline',
    world: {
      objects: [deployment({ ready: 1, conditions: [complete, available('False', ago(601))] })],
    },
    says: [
      {
        ...fails(web, 601, { why: 'other' }),
        onset: { from: null, to: ago(601) },
        field: 'status.availableReplicas',
      },
    ],
  },
  {
    name: 'boundary: its own deadline is longer',
    world: {
      objects: [
        deployment({
          ready: 1,
          spec: { progressDeadlineSeconds: 602 },
          conditions: [complete, available('False', ago(601))],
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: one of many replicas is missing, which a Deployment calls available; a stuck pod is replaced',
    world: {
      objects: [
        deployment({ wanted: 4, ready: 3 }),
        replicaSet,
        unready('web-1-a', ago(700), ofWeb),
        unready('web-1-b', ago(9000), { ...ofWeb, deleted: ago(8000) }),
        unready('web-1-c', ago(9000), { ...ofWeb, phase: 'Failed' }),
      ],
    },
    says: [
      {
        ...fails(web, 700, { pods: ['web-1-a'], wanted: 4, ready: 3 }),
        onset: { from: null, to: ago(700) },
      },
    ],
  },
  {
    name: 'boundary: a pod not ready for 10 minutes; another has only just come',
    world: {
      objects: [
        statefulSet({ ready: 1 }),
        unready('db-1', ago(600)),
        pod('db-2', { ...ofDb, phase: 'Pending', conditions: [], created: ago(30) }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a pod without a node since longer than 10 minutes',
    world: {
      objects: [
        statefulSet({ ready: 2 }),
        pod('db-2', {
          ...ofDb,
          phase: 'Pending',
          created: ago(601),
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
        }),
      ],
    },
    says: [
      {
        ...fails(db, 601, { why: 'unscheduled', pods: ['db-2'], wanted: 3, ready: 2 }),
        onset: { from: null, to: ago(601) },
      },
    ],
  },
  {
    name: 'fails: a pod that says it is ready and should long be gone',
    world: {
      objects: [statefulSet({ ready: 2 }), pod('db-1', { ...ofDb, deleted: ago(700) })],
    },
    says: [
      {
        ...fails(db, 700, { pods: ['db-1'], wanted: 3, ready: 2 }),
        onset: { from: null, to: ago(700) },
      },
    ],
  },
  {
    name: 'fails: a network plugin whose pods cannot be made',
    world: { objects: [daemonSet({ ready: 2 }), refused('DaemonSet', 'cilium')] },
    says: [
      {
        ...fails(cilium, 900, { ...byWebhook, role: 'network-plugin' }),
        onset: { from: null, to: ago(900) },
        field: 'status.numberReady',
      },
    ],
  },
  {
    name: 'fails: a CSI driver, by the container that registers it',
    world: {
      objects: [
        daemonSet({ ready: 2 }, 'csi-plugin', 'node-driver-registrar'),
        refused('DaemonSet', 'csi-plugin'),
      ],
    },
    says: [fails('DaemonSet.apps/default/csi-plugin', 900, { ...byWebhook, role: 'csi-driver' })],
  },
  {
    name: 'silent: what could not be made has been made since, and starts',
    world: {
      objects: [
        statefulSet({ wanted: 1, ready: 0 }),
        unready('db-0', ago(90)),
        refused('StatefulSet', 'db'),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: a Deployment whose pods are refused',
    world: {
      objects: [
        deployment({
          ready: 0,
          conditions: [
            complete,
            available('False', ago(900)),
            {
              type: 'ReplicaFailure',
              status: 'True',
              reason: 'FailedCreate',
              message: 'pods "web-1-x" is forbidden: exceeded quota: small, requested: pods=1',
              lastTransitionTime: ago(890),
            },
          ],
        }),
      ],
    },
    says: [
      fails(web, 900, {
        why: 'quota',
        ready: 0,
        message: 'pods "web-1-x" is forbidden: exceeded quota: small, requested: pods=1',
      }),
    ],
  },
  {
    name: 'fails: the refusal of the fifth pod of a Deployment dates what is missing',
    world: {
      objects: [
        deployment({
          wanted: 5,
          ready: 4,
          conditions: [
            complete,
            available('True', ago(9000)),
            { type: 'ReplicaFailure', status: 'True', lastTransitionTime: ago(890) },
          ],
        }),
      ],
    },
    says: [
      {
        ...fails(web, 890, { why: 'other', wanted: 5, ready: 4 }),
        onset: { from: null, to: ago(890) },
      },
    ],
  },
  {
    name: 'silent: a refusal that is over does not count',
    world: {
      objects: [
        deployment({
          wanted: 5,
          ready: 4,
          conditions: [
            complete,
            { type: 'ReplicaFailure', status: 'False', lastTransitionTime: ago(890) },
          ],
        }),
        replicaSet,
        unready('web-1-a', ago(100), ofWeb),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: its pods wait behind a gate',
    world: {
      objects: [
        deployment({ ready: 0, conditions: [progressing('False', 'ProgressDeadlineExceeded')] }),
        replicaSet,
        pod('web-1-a', {
          ...ofWeb,
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'info: a second replica that keeps apart from the first, on one node',
    world: {
      objects: [
        deployment({ ready: 1, conditions: [progressing('False', 'ProgressDeadlineExceeded')] }),
        replicaSet,
        pod('web-1-a', { node: 'k3s1', ...ofWeb }),
        pod('web-1-b', {
          ...ofWeb,
          phase: 'Pending',
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.",
            },
          ],
        }),
      ],
    },
    says: [
      {
        ...fails(web, 4000, { isSurplus: true, why: 'unscheduled', pods: ['web-1-b'] }),
        severity: 'info',
      },
    ],
  },
  {
    name: 'unknown: its controller has not seen its latest change',
    world: { objects: [statefulSet({ ready: 0, status: { observedGeneration: 2 } })] },
    says: [{ verdict: 'unknown', subject: db, facts: { reason: 'too-old' } }],
  },
  {
    name: 'unknown: their controllers have not seen their latest change, nor anything of them',
    world: {
      objects: [
        deployment({ metadata: { generation: 4 } }),
        daemonSet({ metadata: { generation: 4 } }),
        deployment({
          metadata: { name: 'new', generation: 1 },
          status: { observedGeneration: null },
        }),
      ],
    },
    says: [
      { verdict: 'unknown', subject: web, facts: { reason: 'too-old' } },
      {
        verdict: 'unknown',
        subject: 'Deployment.apps/default/new',
        facts: { reason: 'too-old' },
      },
      { verdict: 'unknown', subject: cilium, facts: { reason: 'too-old' } },
    ],
  },
  {
    name: 'unknown: pods were refused to earlier ones of their names',
    world: {
      objects: [
        statefulSet({ ready: 2 }),
        daemonSet({ ready: 2 }),
        refused('StatefulSet', 'db', {
          about: { kind: 'StatefulSet', namespace, name: 'db', uid: 'earlier' },
        }),
        refused('DaemonSet', 'cilium', {
          about: { kind: 'DaemonSet', namespace, name: 'cilium', uid: 'earlier' },
        }),
      ],
    },
    says: [
      { verdict: 'unknown', subject: db, facts: { reason: 'no-answer' } },
      { verdict: 'unknown', subject: cilium, facts: { reason: 'no-answer' } },
    ],
  },
  {
    name: 'unknown: a replica is missing, and nothing tells since when',
    world: { objects: [daemonSet({ ready: 2 })] },
    says: [{ verdict: 'unknown', subject: cilium, facts: { reason: 'no-answer' } }],
  },
  {
    name: 'boundary: it is not older than its deadline, so neither is the gap',
    world: { objects: [daemonSet({ ready: 2, metadata: { creationTimestamp: ago(600) } })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: it is older than its deadline',
    world: { objects: [daemonSet({ ready: 2, metadata: { creationTimestamp: ago(601) } })] },
    says: [{ verdict: 'unknown', subject: cilium, facts: { reason: 'no-answer' } }],
  },
  {
    name: 'unknown: pods may not be listed, so an event may be of something long over',
    world: {
      objects: [statefulSet({ ready: 2 }), refused('StatefulSet', 'db')],
      deny: ['pods'],
    },
    says: [{ verdict: 'unknown', subject: db, facts: { reason: 'forbidden' } }],
  },
  {
    name: 'fails: pods may not be listed, yet a Deployment speaks for itself',
    world: {
      objects: [
        deployment({ ready: 1, conditions: [progressing('False', 'ProgressDeadlineExceeded')] }),
      ],
      deny: ['pods', 'replicasets'],
    },
    says: [
      fails(web, 4000, {
        why: 'other',
        notSeen: ['pods: not allowed in this test', 'replicasets: not allowed in this test'],
      }),
    ],
  },
  {
    name: 'unknown: workloads may not be listed',
    world: { objects: [statefulSet()], deny: ['statefulsets'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high' }],
  },
]);

test.each([
  ['forbidden', 'pods "db-0" is forbidden: violates PodSecurity "baseline:latest": privileged'],
  ['forbidden', 'admission webhook "policy.example.org" denied the request: no'],
  ['other', 'create Pod db-0 in StatefulSet db failed'],
])('why is %s: %s', (why, message) => {
  const world = { objects: [statefulSet({ ready: 0 }), refused('StatefulSet', 'db', { message })] };
  expect(runOne(check, { name: '', world, says: [] }).said).toMatchObject([{ facts: { why } }]);
});
