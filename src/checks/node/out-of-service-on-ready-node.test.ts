import { describeCheck } from '../../../test/support/cases.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './out-of-service-on-ready-node.ts';

const key = 'node.kubernetes.io/out-of-service';

function tainted(
  shape: {
    ready?: 'True' | 'False' | 'Unknown';
    since?: string;
    added?: string;
    written?: string;
    value?: string;
  } = {},
): RawObject {
  const { added, written = ago(1800), value = 'nodeshutdown', ...rest } = shape;
  const taint = { key, value, effect: 'NoExecute' };
  return node('b', {
    ...rest,
    taints: [
      { key: 'dedicated', effect: 'NoSchedule' },
      { ...taint, ...(added === undefined ? {} : { timeAdded: added }) },
    ],
    metadata: {
      managedFields: [
        {
          manager: 'kubectl-taint',
          operation: 'Update',
          time: written,
          fieldsV1: { 'f:spec': { 'f:taints': {} } },
        },
      ],
    },
  });
}

const facts = {
  name: 'b',
  effects: ['NoExecute'],
  value: 'nodeshutdown',
  writtenBy: 'kubectl-taint',
  leaseProof: 'quick-look',
} as const;
const fails = { verdict: 'fail', subject: 'Node/b' } as const;
const unknown = { verdict: 'unknown', subject: 'Node/b', facts: { reason: 'no-answer' } } as const;

describeCheck(check, [
  {
    name: 'silent: no node is out of service',
    world: { objects: [node('a'), lease('a'), node('b'), lease('b')] },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: half an hour after somebody set it the node lives',
    world: { objects: [node('a'), lease('a'), tainted(), lease('b')] },
    says: [
      {
        ...fails,
        severity: 'critical',
        onset: { from: null, to: ago(1800) },
        field: `spec.taints[${key}].effect`,
        facts,
      },
    ],
  },
  {
    name: 'fails: it was right while the machine was off, and wrong since it came back',
    world: {
      objects: [tainted({ since: ago(30), added: ago(900), value: 'x' }), lease('b')],
    },
    says: [{ ...fails, onset: { from: null, to: ago(30) }, facts: { ...facts, value: 'x' } }],
  },
  {
    name: 'fails: not ready, yet its kubelet is at work',
    world: { objects: [tainted({ ready: 'False', since: ago(600) }), lease('b')] },
    says: [{ ...fails, facts }],
  },
  {
    name: 'fails: Unknown still, yet its Lease moves again',
    world: { objects: [tainted({ ready: 'Unknown', since: ago(600) }), lease('b')] },
    says: [{ ...fails, facts }],
  },
  {
    name: 'fails: seen to renew twice by our own clock',
    world: {
      objects: [tainted(), { ...lease('b'), window: { renewals: 2, watchedMs: 25_000 } }],
    },
    says: [{ ...fails, facts: { ...facts, leaseProof: 'watched' } }],
  },
  {
    name: 'boundary: a dead node is out of service',
    world: {
      objects: [tainted({ ready: 'Unknown', since: ago(600) }), lease('b', { renewed: ago(650) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: the controller has not noticed yet, its Lease has',
    world: { objects: [tainted(), lease('b', { renewed: ago(41) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: within five minutes a recovery may still be at work',
    world: { objects: [tainted({ added: ago(299) }), lease('b')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: after five minutes it is late',
    world: { objects: [tainted({ added: ago(300) }), lease('b')] },
    says: [fails],
  },
  {
    name: 'boundary: nothing is heard of it and Leases may not be listed',
    world: { objects: [tainted({ ready: 'Unknown', since: ago(600) })], deny: ['leases'] },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: some taint was written within five minutes, perhaps this one',
    world: { objects: [tainted({ written: ago(299) }), lease('b')] },
    says: [{ ...unknown, severity: 'critical' }],
  },
  {
    name: 'unknown: whether it lives cannot be seen',
    world: { objects: [node('a'), tainted()], deny: ['leases'] },
    says: [unknown],
    judged: 2,
  },
  {
    name: 'unknown: nodes may not be listed',
    world: { objects: [node('a')], deny: ['nodes'] },
    says: [
      { verdict: 'unknown', subject: '', severity: 'critical', facts: { reason: 'forbidden' } },
    ],
  },
]);
