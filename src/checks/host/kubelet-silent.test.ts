import { describeCheck } from '../../../test/support/cases.ts';
import { before, healthy } from '../../../test/support/host-cases.ts';
import { host, known, silentHost, unit, unknown } from '../../../test/support/hosts.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { check } from './kubelet-silent.ts';

const silent = (seconds: number): RawObject[] => [
  node('a'),
  lease('a', { renewed: ago(seconds) }),
  node('b'),
  lease('b'),
];

function agent(changes: Partial<Unit>): Pick<Host, 'units'> {
  return { units: known([unit('k3s-agent.service', changes)]) };
}

function ofMachine(machineID: string): RawObject {
  const whole = node('a');
  const status = whole['status'] as { readonly nodeInfo: object };
  return { ...whole, status: { ...status, nodeInfo: { ...status.nodeInfo, machineID } } };
}

const log = [{ at: before(90), text: 'PLEG is not healthy' }];

describeCheck(check, [
  {
    name: 'silent: its kubelet is heard',
    world: { objects: [node('a'), lease('a')], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a host that carries no node is no subject',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 0,
  },
  {
    name: 'boundary: heard of 40 s ago',
    world: { objects: silent(40), hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: k3s runs, its connections flow, and its Lease stands still',
    world: { objects: silent(95), hosts: [host('a', agent({ log }))] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        onset: { from: ago(95), to: ago(55) },
        field: 'units[k3s-agent.service].activeState',
        facts: {
          name: 'a',
          node: 'a',
          unit: 'k3s-agent.service',
          forMs: 95_000,
          path: 'flowing',
          lastLine: 'PLEG is not healthy',
        },
      },
    ],
  },
  {
    name: 'fails: without Leases, the controller’s word',
    world: {
      objects: [node('a', { ready: 'Unknown', since: ago(600) })],
      hosts: [host('a', { serverPath: unknown('no ss here') })],
      deny: ['leases'],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        onset: { from: null, to: ago(600) },
        facts: {
          name: 'a',
          node: 'a',
          unit: 'k3s-agent.service',
          forMs: 600_000,
          path: 'not-seen',
          lastLine: '',
        },
      },
    ],
  },
  {
    name: 'fails: a host of another name, told by the machine id of its node',
    world: {
      objects: [...silent(95).slice(1), ofMachine('machine-box')],
      hosts: [host('box', { k3s: healthy('k3s', { nodeName: null }) })],
    },
    says: [{ verdict: 'fail', subject: 'Host/box' }],
  },
  {
    name: 'boundary: started less than 2 minutes ago',
    world: { objects: silent(600), hosts: [host('a', agent({ activeSinceAt: before(119) }))] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: started 2 minutes ago',
    world: { objects: silent(600), hosts: [host('a', agent({ activeSinceAt: before(120) }))] },
    says: [{ verdict: 'fail', subject: 'Host/a' }],
  },
  {
    name: 'silent: k3s is down, which is another finding',
    world: { objects: silent(600), hosts: [host('a', agent({ activeState: 'failed' }))] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: a server speaks to itself, so nothing can be cut',
    world: {
      objects: silent(600),
      hosts: [
        host('a', {
          k3s: healthy('k3s', { role: 'server' }),
          serverPath: known({
            address: '127.0.0.1',
            port: 6443,
            flowing: 0,
            stalled: 0,
            connecting: 1,
          }),
        }),
      ],
    },
    says: [{ verdict: 'fail', subject: 'Host/a' }],
  },
  {
    name: 'silent: its words do not arrive, which is another finding',
    world: {
      objects: silent(600),
      hosts: [
        host('a', {
          serverPath: known({
            address: '192.0.2.10',
            port: 6443,
            flowing: 0,
            stalled: 1,
            connecting: 0,
          }),
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: the host did not answer',
    world: { objects: silent(600), hosts: [silentHost('a', 'timed-out', 'no answer')] },
    says: [
      {
        verdict: 'unknown',
        subject: 'Host/a',
        severity: 'critical',
        facts: { reason: 'unreachable' },
      },
    ],
  },
  {
    name: 'unknown: the API does not say whether it is heard',
    world: { objects: [node('a')], hosts: [host('a')], deny: ['leases'] },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'no-answer' } }],
  },
]);
