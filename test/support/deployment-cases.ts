import type { CheckCase } from './cases.ts';
import { pod } from './objects.ts';
import {
  available,
  complete,
  deployment,
  fails,
  ofWeb,
  progressing,
  replicaSet,
  unready,
  web,
} from './rollouts.ts';
import { ago } from './snapshot.ts';

/** What `workload/rollout-stuck` says of Deployments, which have conditions of their own for it. */
export const deploymentCases: readonly CheckCase[] = [
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
];
