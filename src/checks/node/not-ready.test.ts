import { describeCheck } from '../../../test/support/cases.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago } from '../../../test/support/snapshot.ts';
import { check } from './not-ready.ts';

const justRegistered = { ready: 'False', since: ago(30), created: ago(59) } as const;

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
        onset: { from: '2026-03-01T11:49:10.123Z', to: '2026-03-01T11:50:00Z' },
        field: 'status.conditions[Ready].status',
        facts: {
          name: 'b',
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          sinceAt: Date.parse(ago(600)),
          forMs: 600_000,
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
