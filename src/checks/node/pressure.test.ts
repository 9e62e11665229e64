import { describeCheck } from '../../../test/support/cases.ts';
import { node } from '../../../test/support/objects.ts';
import { ago } from '../../../test/support/snapshot.ts';
import { check } from './pressure.ts';

const low = {
  status: 'True',
  reason: 'KubeletHasDiskPressure',
  message: 'kubelet has disk pressure',
  lastTransitionTime: ago(300),
};

describeCheck(check, [
  {
    name: 'silent: enough of everything',
    world: { objects: [node('a'), node('b')] },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: the disk is full, and so is the memory since longer',
    world: {
      objects: [
        node('a'),
        node('b', {
          conditions: {
            DiskPressure: low,
            MemoryPressure: {
              status: 'True',
              message: 'kubelet has insufficient memory available',
              lastTransitionTime: ago(900),
            },
          },
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/b',
        severity: 'high',
        onset: { from: null, to: ago(900) },
        field: 'status.conditions[MemoryPressure].status',
        facts: {
          name: 'b',
          pressures: ['MemoryPressure', 'DiskPressure'],
          messages: ['kubelet has insufficient memory available', 'kubelet has disk pressure'],
          sinceAt: Date.parse(ago(900)),
          forMs: 900_000,
        },
      },
    ],
  },
  {
    name: 'fails: process ids, on a node whose other pressures are not known',
    world: {
      objects: [
        node('b', {
          conditions: {
            PIDPressure: { ...low, message: 'kubelet has insufficient PID available' },
            DiskPressure: { status: 'Unknown' },
          },
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/b',
        facts: {
          name: 'b',
          pressures: ['PIDPressure'],
          messages: ['kubelet has insufficient PID available'],
          sinceAt: Date.parse(ago(300)),
          forMs: 300_000,
        },
      },
    ],
  },
  {
    name: 'boundary: another condition that is True is no pressure',
    world: {
      objects: [node('b', { conditions: { EtcdIsVoter: { ...low, reason: 'MemberNotLearner' } } })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: of a dead node nobody can tell, and Unknown is not pressure',
    world: { objects: [node('a'), node('b', { ready: 'Unknown', since: ago(600) })] },
    says: [
      {
        verdict: 'unknown',
        subject: 'Node/b',
        severity: 'high',
        facts: { reason: 'no-answer' },
      },
    ],
  },
  {
    name: 'unknown: a node that never said anything',
    world: { objects: [{ ...node('b'), status: {} }] },
    says: [{ verdict: 'unknown', subject: 'Node/b', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'unknown: nodes may not be listed',
    world: { objects: [node('a')], deny: ['nodes'] },
    says: [{ verdict: 'unknown', subject: '', facts: { reason: 'forbidden' } }],
  },
]);
