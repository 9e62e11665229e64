import { describeCheck } from '../../../test/support/cases.ts';
import { host, silentHost } from '../../../test/support/hosts.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Way } from '../../model/objects/host/reach.ts';
import { check } from './host-unreachable.ts';

const detail = 'no answer within 10 s';
const gone = silentHost('a', 'timed-out', detail);
const through = silentHost('a', 'through', 'pve: timed-out: the login is not answered');
const byPct = { transport: 'pct', name: 'pct 101 on pve' } as const;

const hangs: Way = {
  transport: 'ssh',
  name: 'ssh root@a',
  outcome: 'timed-out',
  detail: 'the look is not answered',
  present: true,
};

function declared(changes: Partial<Host['declared']>): Host {
  return { ...gone, declared: { addresses: ['192.0.2.11'], ...changes } };
}

const facts = {
  name: 'a',
  why: 'timed-out',
  over: 'ssh',
  problem: detail,
  ways: ['ssh root@a: timed-out'],
  node: '',
  kubelet: 'no-node',
  hypervisor: '',
  alive: false,
  switch: '',
  role: 'unknown',
  servers: 0,
};

const dead = [
  node('a', { ready: 'Unknown', since: ago(600) }),
  lease('a', { renewed: ago(650) }),
  node('b'),
  lease('b'),
];

describeCheck(check, [
  {
    name: 'silent: it answered',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: its container is stopped, which is another finding',
    world: { objects: [], hosts: [silentHost('a', 'container-stopped', 'status: stopped')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: of its ways one does not answer, and the other does',
    world: {
      objects: [],
      hosts: [
        host('a', {
          ways: [
            { transport: 'ssh', name: 'ssh root@a', outcome: 'timed-out' },
            { transport: 'pct', name: 'pct 101 on pve', outcome: 'answered' },
          ],
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: no way answers, and the API knows nothing of it',
    world: { objects: [], hosts: [gone] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: noon },
        field: 'ways[ssh root@a].outcome',
        facts,
      },
    ],
  },
  {
    name: 'fails: no way answers, while its kubelet is heard',
    world: { objects: [node('a'), lease('a')], hosts: [gone] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        facts: { ...facts, node: 'a', kubelet: 'heard', alive: true, role: 'agent' },
      },
    ],
  },
  {
    name: 'boundary: its Lease was renewed, and before we asked',
    world: { objects: [node('a'), lease('a', { renewed: ago(9) })], hosts: [gone] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: { ...facts, node: 'a', kubelet: 'unknown', alive: false, role: 'agent' },
      },
    ],
  },
  {
    name: 'fails: neither we nor the API hear of it; since when, the API knows',
    world: { objects: dead, hosts: [declared({ hypervisor: 'pve', switch: 'attic' })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        onset: { from: null, to: ago(610) },
        facts: {
          ...facts,
          node: 'a',
          kubelet: 'silent',
          role: 'agent',
          hypervisor: 'pve',
          switch: 'attic',
        },
      },
    ],
  },
  {
    name: 'fails: a hypervisor whose guest answers is not off',
    world: {
      objects: [],
      hosts: [gone, host('b', { declared: { addresses: [], hypervisor: 'a' } })],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', facts: { ...facts, alive: true } }],
  },
  {
    name: 'fails: one that may be off is no more than a note',
    world: { objects: [], hosts: [declared({ optional: true })] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'low' }],
  },
  {
    name: 'fails: the way leads through a host that is silent, and the API has lost its node',
    world: { objects: dead, hosts: [through] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: {
          ...facts,
          why: 'through',
          over: 'ssh',
          problem: 'pve on the way there does not answer',
          ways: ['ssh root@a: through'],
          node: 'a',
          kubelet: 'silent',
          role: 'agent',
        },
      },
    ],
  },
  {
    name: 'fails: of several ways the one that is silent is told, in the words of the system',
    world: {
      objects: [],
      hosts: [
        {
          ...silentHost('a', 'denied', 'a does not let us in (pct 101 on pve): no'),
          ways: [
            { transport: 'ssh', name: 'ssh root@a', outcome: 'unreachable' },
            { ...byPct, outcome: 'denied', detail: 'no' },
          ],
        },
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: {
          ...facts,
          why: 'denied',
          problem: 'no route to host',
          ways: ['ssh root@a: unreachable', 'pct 101 on pve: denied'],
        },
      },
    ],
  },
  {
    name: 'fails: not even its reader said by which way',
    world: {
      objects: [],
      hosts: [{ ...silentHost('a', 'timed-out', 'no answer before the deadline'), ways: [] }],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: { ...facts, over: '', problem: 'no answer before the deadline', ways: [] },
      },
    ],
  },
  {
    name: 'unknown: the way leads through a host that is silent, and its kubelet is heard',
    world: { objects: [node('a'), lease('a')], hosts: [through] },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'unreachable' } }],
  },
  {
    name: 'unknown: it is there, and refuses our key',
    world: { objects: [], hosts: [silentHost('a', 'denied', 'Permission denied (publickey)')] },
    says: [
      {
        verdict: 'unknown',
        subject: 'Host/a',
        severity: 'high',
        facts: { reason: 'unauthorized' },
      },
    ],
  },
  {
    name: 'unknown: it lets us in and then hangs, whatever became of its node',
    world: { objects: dead, hosts: [{ ...gone, ways: [hangs] }] },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'timed-out' } }],
  },
  {
    name: 'unknown: it lets us in and hangs, and another way is silent',
    world: {
      objects: [],
      hosts: [{ ...gone, ways: [hangs, { ...byPct, outcome: 'timed-out' }] }],
    },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'timed-out' } }],
  },
  {
    name: 'unknown: nobody was asked to look at hosts',
    world: { objects: [] },
    says: [{ verdict: 'unknown', subject: '', facts: { reason: 'not-collected' } }],
  },
]);
