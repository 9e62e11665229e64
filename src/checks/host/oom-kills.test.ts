import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unit } from '../../../test/support/hosts.ts';
import { node, pod } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { check } from './oom-kills.ts';

const inPod = 'Memory cgroup out of memory: Killed process 812 (java) total-vm:9000kB';
const whole = 'Out of memory: Killed process 812 (java) total-vm:9000000kB';

interface Kill {
  readonly text?: string;
  readonly seconds?: number;
  readonly shared?: boolean;
  readonly about?: string;
  readonly count?: number;
}

function killed(
  { text = whole, seconds = 60, shared = false, ...more }: Kill,
  units: Unit[] = [],
): Host {
  const record = { class: 'oom-kill' as const, at: before(seconds), about: 'java', count: 1, text };
  const records = [{ ...record, ...more }];
  const kernel = known({ source: 'kmsg' as const, records, read: 900, shared });
  return host('a', { kernel, units: known(units) });
}

/** Its container was killed so many seconds ago, says its kubelet. */
const podOn = (name: string, seconds = 60): RawObject =>
  pod('shop', {
    node: name,
    container: {
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: ago(seconds) } },
    },
  });

const facts = {
  name: 'a',
  whose: 'here',
  process: 'java',
  kills: 1,
  wholeMachine: true,
  vital: false,
  lastAt: before(60),
};

describeCheck(check, [
  {
    name: 'silent: nothing was killed',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: the whole machine ran out',
    world: { objects: [], hosts: [killed({})] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: ago(60) },
        field: 'kernel.records',
        facts,
      },
    ],
  },
  {
    name: 'fails: k3s itself was the victim',
    world: { objects: [], hosts: [killed({ about: 'k3s-server', text: inPod, count: 3 })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        facts: { ...facts, process: 'k3s-server', wholeMachine: false, vital: true, kills: 3 },
      },
    ],
  },
  {
    name: 'boundary: a pod at its own limit',
    world: { objects: [node('a'), podOn('a')], hosts: [killed({ text: inPod, shared: true })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'medium',
        facts: { ...facts, wholeMachine: false },
      },
    ],
  },
  {
    name: 'silent: in the one log of many guests, a pod of another node',
    world: {
      objects: [node('a'), node('b'), podOn('b')],
      hosts: [killed({ text: inPod, shared: true })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: in the one log of many guests nothing tells whose it was',
    world: { objects: [], hosts: [killed({ shared: true })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'low',
        facts: { ...facts, whose: 'unknown', wholeMachine: false },
      },
    ],
  },
  {
    name: 'boundary: a pod that was killed 10 s later may be it',
    world: { objects: [node('a'), podOn('a', 50)], hosts: [killed({ text: inPod, shared: true })] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'medium' }],
  },
  {
    name: 'boundary: one that was killed 11 s later is another',
    world: { objects: [node('a'), podOn('a', 49)], hosts: [killed({ text: inPod, shared: true })] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'low' }],
  },
  {
    name: 'fails: in the one log of many guests, k3s here was killed at that moment',
    world: {
      objects: [],
      hosts: [
        killed({ shared: true, about: 'k3s-agent' }, [
          unit('k3s-agent.service', { exitSignal: 'KILL', exitedAt: before(62) }),
        ]),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        facts: { ...facts, process: 'k3s-agent', vital: true },
      },
    ],
  },
  {
    name: 'boundary: a day ago',
    world: { objects: [], hosts: [killed({ seconds: 86_400 })] },
    says: [{ verdict: 'fail', subject: 'Host/a' }],
  },
  {
    name: 'boundary: more than a day ago',
    world: { objects: [], hosts: [killed({ seconds: 86_401 })] },
    says: [],
    judged: 1,
  },
  ...darkCases('high'),
]);
