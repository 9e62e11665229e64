import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { host } from '../../../test/support/hosts.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './not-ready.ts';

const justRegistered = { ready: 'False', since: ago(30), created: ago(59) } as const;

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXY';

function dead(names: string): RawObject[] {
  return [...names].map((name) => node(name, { ready: 'Unknown', since: ago(600) }));
}

function deadly(name: string, evictionsStopped: boolean): Said {
  return {
    verdict: 'fail',
    subject: `Node/${name}`,
    facts: {
      name,
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      sinceAt: Date.parse(ago(600)),
      forMs: 600_000,
      evictionsStopped,
    },
  };
}

describeCheck(check, [
  {
    name: 'silent: three ready nodes',
    world: { objects: [node('a'), node('b'), node('c')] },
    says: [],
    judged: 3,
  },
  {
    name: 'silent: within 60 s of its first registration',
    world: { objects: [node('a', justRegistered)] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: 60 s after its first registration it must be ready',
    world: { objects: [node('a', { ...justRegistered, created: ago(60) })] },
    says: [{ verdict: 'fail', subject: 'Node/a' }],
  },
  {
    name: 'fails: the kubelet was last heard of before the controller gave up',
    world: {
      objects: [
        node('a'),
        node('b', { ready: 'Unknown', since: ago(600) }),
        lease('b', { renewed: ago(650) }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/b',
        severity: 'critical',
        onset: { from: ago(650), to: ago(600) },
        field: 'status.conditions[Ready].status',
        facts: {
          name: 'b',
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          sinceAt: Date.parse(ago(600)),
          forMs: 650_000,
          evictionsStopped: false,
        },
      },
    ],
  },
  {
    name: 'fails: the kubelet says so itself; without Leases its last heartbeat bounds the onset',
    world: {
      objects: [
        node('b', {
          ready: 'False',
          since: ago(100),
          heartbeat: ago(300),
          message: 'container runtime is down',
        }),
      ],
      deny: ['leases'],
    },
    says: [{ verdict: 'fail', subject: 'Node/b', onset: { from: ago(300), to: ago(100) } }],
  },
  {
    name: 'fails: on a machine that may be off it is no more than a note',
    world: {
      objects: [...dead('a'), node('b'), node('c')],
      hosts: [host('a', { declared: { addresses: [], optional: true } })],
    },
    says: [{ ...deadly('a', false), severity: 'low' }],
  },
  {
    name: 'fails: too much of a small cluster is dead, so Kubernetes stops evicting',
    world: { objects: [...dead('abc'), node('d'), node('e')] },
    says: [...'abc'].map((name) => deadly(name, true)),
  },
  {
    name: 'boundary: two dead of three are too few to stop evictions',
    world: { objects: [...dead('ab'), node('c')] },
    says: [...'ab'].map((name) => deadly(name, false)),
  },
  {
    name: 'boundary: three dead of six are less than 55 %',
    world: { objects: [...dead('abc'), node('d'), node('e'), node('f')] },
    says: [...'abc'].map((name) => deadly(name, false)),
  },
  {
    name: 'boundary: eleven dead of twenty are 55 %',
    world: { objects: [...dead('abcdefghijk'), ...[...'lmnopqrst'].map((name) => node(name))] },
    says: [...'abcdefghijk'].map((name) => deadly(name, true)),
  },
  {
    name: 'boundary: in a cluster of more than 50 nodes evictions go on, slowly',
    world: {
      objects: [...dead(letters.slice(0, 30)), ...[...letters.slice(30)].map((name) => node(name))],
    },
    says: [...letters.slice(0, 30)].map((name) => deadly(name, false)),
  },
  {
    name: 'boundary: with all nodes dead evictions stop, however few they are',
    world: { objects: dead('a') },
    says: [deadly('a', true)],
  },
  {
    name: 'boundary: the controller counts by zone, and one of two is well',
    world: {
      objects: [...dead('abc'), node('d', { labels: { 'topology.kubernetes.io/zone': 'attic' } })],
    },
    says: [...'abc'].map((name) => deadly(name, false)),
  },
  {
    name: 'boundary: it recovered more than an hour ago',
    world: { objects: [node('a', { since: ago(3601) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a node that may be off, as the configuration says',
    world: { objects: [node('a'), ...dead('b')] },
    options: { optionalNodes: ['b'] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: its clock is 600 s behind, and the API server knows when it was last heard of',
    world: {
      objects: [node('a'), ...dead('b'), lease('b', { renewed: ago(1250), written: ago(650) })],
    },
    says: [{ verdict: 'fail', subject: 'Node/b', onset: { from: ago(650), to: ago(600) } }],
  },
  {
    name: 'unknown: no Ready condition was ever reported',
    world: { objects: [node('a'), { ...node('b'), status: {} }] },
    says: [{ verdict: 'unknown', subject: 'Node/b', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'past: it recovered half an hour ago and may still explain what stayed behind',
    world: { objects: [node('a', { since: ago(1800) })] },
    says: [{ verdict: 'past', subject: 'Node/a' }],
  },
  {
    name: 'unknown: nodes may not be listed',
    world: { objects: [node('a')], deny: ['nodes'] },
    says: [
      { verdict: 'unknown', subject: '', severity: 'critical', facts: { reason: 'forbidden' } },
    ],
  },
]);
