import { expect, test } from 'vitest';
import { describeCheck, runOne } from '../../../test/support/cases.ts';
import { deploymentCases } from '../../../test/support/deployment-cases.ts';
import { pod } from '../../../test/support/objects.ts';
import {
  available,
  byWebhook,
  cilium,
  daemonSet,
  db,
  deployment,
  fails,
  namespace,
  ofDb,
  progressing,
  refused,
  statefulSet,
  unready,
  web,
} from '../../../test/support/rollouts.ts';
import { ago } from '../../../test/support/snapshot.ts';
import { check } from './rollout-stuck.ts';

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
    name: 'unknown: workloads may not be listed',
    world: { objects: [statefulSet()], deny: ['statefulsets'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high' }],
  },
  ...deploymentCases,
]);

test.each([
  ['forbidden', 'pods "db-0" is forbidden: violates PodSecurity "baseline:latest": privileged'],
  ['forbidden', 'admission webhook "policy.example.org" denied the request: no'],
  ['other', 'create Pod db-0 in StatefulSet db failed'],
])('why is %s: %s', (why, message) => {
  const world = { objects: [statefulSet({ ready: 0 }), refused('StatefulSet', 'db', { message })] };
  expect(runOne(check, { name: '', world, says: [] }).said).toMatchObject([{ facts: { why } }]);
});
