import { describeCheck } from '../../../test/support/cases.ts';
import { less } from '../../../test/support/facts.ts';
import { node, pod } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import type { Facts } from '../../model/finding.ts';
import { check } from './stuck-terminating.ts';

type Fields = { readonly [name: string]: unknown };

const going = (shape: Fields = {}): RawObject =>
  pod('db-0', { node: 'k3s2', deleted: ago(900), ...shape });
const dead = node('k3s2', { ready: 'Unknown', since: ago(1300) });
const fails = (facts: Facts = {}) => ({
  verdict: 'fail' as const,
  subject: 'Pod/default/db-0',
  facts: {
    name: 'db-0',
    namespace: 'default',
    node: 'k3s2',
    why: 'node-dead',
    finalizers: [],
    owner: '',
    blocksReplacement: false,
    sinceAt: Date.parse(ago(900)),
    forMs: 900_000,
    notSeen: [],
    ...facts,
  },
});

describeCheck(check, [
  {
    name: 'silent: one still has its grace period, others are not being deleted',
    world: {
      objects: [node('k3s2'), going({ deleted: ago(-25) }), pod('calm', { node: 'k3s2' })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: on a dead node, and the StatefulSet waits for it',
    world: { objects: [dead, going({ owner: { kind: 'StatefulSet', name: 'db' } })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Pod/default/db-0',
        severity: 'high',
        onset: { from: null, to: ago(900) },
        field: 'metadata.deletionTimestamp',
        facts: {
          name: 'db-0',
          namespace: 'default',
          node: 'k3s2',
          why: 'node-dead',
          finalizers: [],
          owner: 'StatefulSet/db',
          blocksReplacement: true,
          sinceAt: Date.parse(ago(900)),
          forMs: 900_000,
          notSeen: [],
        },
      },
    ],
  },
  {
    name: 'boundary: 60 s after its grace period it may still be there',
    world: { objects: [node('k3s2'), going({ deleted: ago(60) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: 61 s after its grace period it is stuck',
    world: { objects: [node('k3s2'), going({ deleted: ago(61) })] },
    says: [fails({ why: 'runtime', forMs: 61_000, sinceAt: Date.parse(ago(61)) })],
  },
  {
    name: 'fails: held by a finalizer on a node that is well',
    world: { objects: [node('k3s2'), going({ finalizers: ['example.org/keep'] })] },
    says: [fails({ why: 'finalizer', finalizers: ['example.org/keep'] })],
  },
  {
    name: 'fails: held by a finalizer too, but its node comes first; a Deployment does not wait',
    world: {
      objects: [
        dead,
        going({ finalizers: ['example.org/keep'], owner: { kind: 'ReplicaSet', name: 'db-1' } }),
      ],
    },
    says: [fails({ finalizers: ['example.org/keep'], owner: 'ReplicaSet/db-1' })],
  },
  {
    name: 'fails: its node is gone',
    world: { objects: [node('k3s1'), going()] },
    says: [fails()],
  },
  {
    name: 'fails: it never had a node, so only its finalizer can hold it',
    world: {
      objects: [
        node('k3s1'),
        pod('db-0', { deleted: ago(900), finalizers: ['example.org/keep'], phase: 'Pending' }),
      ],
    },
    says: [
      {
        ...fails(),
        facts: less(fails({ why: 'finalizer', finalizers: ['example.org/keep'] }).facts, 'node'),
      },
    ],
  },
  {
    name: 'fails: nodes may not be listed, so a dead one and a hanging runtime look alike',
    world: { objects: [dead, going()], deny: ['nodes'] },
    says: [
      {
        ...fails(),
        facts: less(fails({ notSeen: ['nodes: not allowed in this test'] }).facts, 'why'),
      },
    ],
  },
  {
    name: 'unknown: pods may not be listed',
    world: { objects: [dead, going()], deny: ['pods'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high' }],
  },
]);
