import { describeCheck } from '../../../test/support/cases.ts';
import { node, object, pod } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import type { Facts } from '../../model/finding.ts';
import { check } from './unschedulable.ts';

type Fields = { readonly [name: string]: unknown };

const pendingMessage =
  "0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
const condition = (fields: Fields = {}): Fields => ({
  type: 'PodScheduled',
  status: 'False',
  reason: 'Unschedulable',
  message: pendingMessage,
  lastTransitionTime: ago(600),
  ...fields,
});
const pending = (fields: Fields = {}, shape: Fields = {}): RawObject =>
  pod('web', {
    phase: 'Pending',
    created: ago(605),
    conditions: [condition(fields)],
    containerStatuses: [],
    ...shape,
  });
const fails = (facts: Facts = {}, seconds = 600) => ({
  verdict: 'fail' as const,
  subject: 'Pod/default/web',
  facts: {
    name: 'web',
    namespace: 'default',
    why: 'taint',
    taints: ['node.kubernetes.io/unreachable'],
    nodesUnavailable: 3,
    message: pendingMessage,
    isSurplus: false,
    isIgnored: false,
    sinceAt: Date.parse(ago(seconds)),
    forMs: seconds * 1000,
    notSeen: [],
    ...facts,
  },
});

/** As Kubernetes 1.36 says it. */
const someTaints =
  '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).';
const crowded = '0/1 nodes are available: 1 Insufficient memory.';
const apart =
  "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: 0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.";
const onOneNode = { why: 'other', taints: [], nodesUnavailable: 1, message: apart };
const operator = object(
  'apps/v1',
  'ReplicaSet',
  'operator-1',
  { spec: {}, status: {} },
  {
    namespace: 'default',
    metadata: {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'operator', uid: 'u', controller: true },
      ],
    },
  },
);
const forNode = (name: string): Fields => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] },
        ],
      },
    },
  },
});
const owner = { kind: 'ReplicaSet', name: 'operator-1' };
const second = (message = apart, shape: Fields = {}): RawObject =>
  pending({ message }, { owner, ...shape });

describeCheck(check, [
  {
    name: 'silent: pods that run, one bound just now and not yet told so',
    world: {
      objects: [
        pod('calm', { node: 'k3s1' }),
        pod('bound', { node: 'k3s1', conditions: [condition()], phase: 'Pending' }),
        pod('about', { conditions: [condition({ status: 'True' })], phase: 'Pending' }),
      ],
    },
    says: [],
    judged: 3,
  },
  {
    name: 'fails: the one node that it may run on is dead',
    world: { objects: [pending()] },
    says: [
      {
        verdict: 'fail',
        subject: 'Pod/default/web',
        severity: 'high',
        onset: { from: ago(605), to: ago(600) },
        field: 'status.conditions[PodScheduled].status',
        facts: {
          name: 'web',
          namespace: 'default',
          why: 'taint',
          taints: ['node.kubernetes.io/unreachable'],
          nodesUnavailable: 3,
          message: pendingMessage,
          isSurplus: false,
          isIgnored: false,
          sinceAt: Date.parse(ago(600)),
          forMs: 600_000,
          notSeen: [],
        },
      },
    ],
  },
  {
    name: 'silent: gated, finished, or being deleted',
    world: {
      objects: [
        pending({ reason: 'SchedulingGated', message: 'Scheduling is blocked' }),
        pending({}, { phase: 'Failed' }),
        pending({}, { deleted: ago(-5) }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'boundary: for just under a minute',
    world: { objects: [pending({ lastTransitionTime: ago(59) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: for a minute',
    world: { objects: [pending({ lastTransitionTime: ago(60) })] },
    says: [fails({}, 60)],
  },
  {
    name: 'fails: no scheduler has looked at it',
    world: { objects: [pending({}, { conditions: [] })] },
    says: [
      {
        ...fails(
          { isIgnored: true, why: 'other', message: '', taints: [], nodesUnavailable: 0 },
          605,
        ),
        onset: { from: ago(605), to: ago(605) },
      },
    ],
  },
  {
    name: 'fails: the message names no taints, the nodes do',
    world: {
      objects: [
        node('a', {
          taints: [
            { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
            { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
            { key: 'example.org/rather-not', effect: 'PreferNoSchedule' },
          ],
        }),
        pending({
          message: someTaints,
        }),
      ],
    },
    says: [
      fails({ taints: ['node.kubernetes.io/not-ready'], nodesUnavailable: 2, message: someTaints }),
    ],
  },
  {
    name: 'fails: the message names no taints, and the nodes may not be listed',
    world: {
      objects: [pending({ message: someTaints })],
      deny: ['nodes'],
    },
    says: [
      fails({
        why: 'resources',
        taints: [],
        nodesUnavailable: 2,
        message: someTaints,
        notSeen: ['nodes: not allowed in this test'],
      }),
    ],
  },
  {
    name: 'info: a second replica that keeps apart from the first, on one node',
    world: { objects: [operator, pod('operator', { node: 'k3s1', owner }), second()] },
    says: [{ ...fails({ ...onOneNode, isSurplus: true }), severity: 'info' }],
  },
  {
    name: 'fails: keeps apart on one node, but from another workload, or from what is going',
    world: {
      objects: [
        operator,
        pod('other', { node: 'k3s1', owner: { kind: 'ReplicaSet', name: 'operator-0' } }),
        pod('going', { node: 'k3s1', owner, deleted: ago(-5) }),
        pod('pending', { owner, conditions: [condition({ lastTransitionTime: ago(5) })] }),
        second(),
      ],
    },
    says: [{ ...fails(onOneNode), severity: 'high' }],
  },
  {
    name: 'fails: a new revision that waits for the old one to go is a deadlock',
    world: {
      objects: [
        operator,
        { ...operator, metadata: { ...operator.metadata, name: 'operator-0' } },
        pod('old', { node: 'k3s1', owner: { kind: 'ReplicaSet', name: 'operator-0' } }),
        second(),
      ],
    },
    says: [{ ...fails(onOneNode), severity: 'high' }],
  },
  {
    name: 'fails: a second replica that lacks memory, and one that nobody owns',
    world: {
      objects: [operator, pod('operator', { node: 'k3s1', owner }), second(crowded)],
    },
    says: [{ ...fails({ ...onOneNode, why: 'resources', message: crowded }), severity: 'high' }],
  },
  {
    name: 'fails: a second replica that keeps apart, on two nodes',
    world: {
      objects: [
        operator,
        pod('operator', { node: 'k3s1', owner }),
        second(apart.replace('0/1', '0/2')),
      ],
    },
    says: [
      {
        ...fails({ ...onOneNode, nodesUnavailable: 2, message: apart.replace('0/1', '0/2') }),
        severity: 'high',
      },
    ],
  },
  {
    name: 'fails: a pod of a DaemonSet is for one node, whatever taints the others have',
    world: {
      objects: [
        node('a', { taints: [{ key: 'example.org/gpu', effect: 'NoSchedule' }] }),
        node('b', { taints: [{ key: 'node.cilium.io/agent-not-ready', effect: 'NoSchedule' }] }),
        pending({ message: someTaints }, { spec: forNode('b') }),
      ],
    },
    says: [
      fails({
        taints: ['node.cilium.io/agent-not-ready'],
        nodesUnavailable: 2,
        message: someTaints,
      }),
    ],
  },
  {
    name: 'unknown: pods may not be listed',
    world: { objects: [pending()], deny: ['pods'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high' }],
  },
]);
