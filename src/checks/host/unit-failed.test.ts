import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unit } from '../../../test/support/hosts.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { check } from './unit-failed.ts';

type Changes = Partial<Unit>;

function agent(changes: Changes, more: Partial<Host> = {}): Host {
  return host('a', { units: known([unit('k3s-agent.service', changes)]), ...more });
}

const restart = (seconds: number): Unit['log'][number] => ({
  at: before(seconds),
  text: 'k3s-agent.service: Scheduled restart job, restart counter is at 7.',
});

const waiting: Changes = {
  activeState: 'activating',
  subState: 'auto-restart',
  result: 'exit-code',
  exitStatus: 1,
  restarts: 7,
  stateChangedAt: before(2),
  startedAt: before(9),
  exitedAt: before(2),
};

const earlier = (restarts: number): Partial<Host> => ({
  earlier: { at: before(300), interfaces: [], units: [{ name: 'k3s-agent.service', restarts }] },
});

/** Caught between two of its ends. */
const justUp: Changes = { restarts: 7, activeSinceAt: before(3), startedAt: before(3) };

describeCheck(check, [
  {
    name: 'silent: it runs, whatever its counter has been through',
    world: { objects: [], hosts: [agent({ restarts: 40, log: [restart(80_000)] })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: stopped is another finding',
    world: { objects: [], hosts: [agent({ activeState: 'inactive', subState: 'dead' })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: what ended had run for more than 5 minutes: its counter is of other days',
    world: { objects: [], hosts: [agent({ ...waiting, startedAt: before(303) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: two restarts since it last ran; kubelet without /dev/kmsg',
    world: {
      objects: [],
      hosts: [
        agent({
          ...waiting,
          log: [
            restart(14),
            {
              at: before(9),
              text: 'failed to run Kubelet: failed to create kubelet: open /dev/kmsg: no such file or directory',
            },
            { at: before(9), text: 'k3s-agent.service: Main process exited, code=exited' },
            restart(2),
          ],
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        onset: { from: null, to: ago(14) },
        field: 'units[k3s-agent.service].activeState',
        facts: {
          name: 'a',
          unit: 'k3s-agent.service',
          phase: 'restarting',
          state: 'activating (auto-restart)',
          restarts: 7,
          result: 'exit-code',
          exitStatus: 1,
          why: 'kmsg',
          lastLine:
            'failed to run Kubelet: failed to create kubelet: open /dev/kmsg: no such file or directory',
          forMs: 14_000,
          role: 'agent',
          servers: 0,
        },
      },
    ],
  },
  {
    name: 'boundary: in its start for exactly 5 minutes',
    world: { objects: [], hosts: [agent({ activeState: 'activating', startedAt: before(300) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: in its start for more than 5 minutes, waiting for its server',
    world: {
      objects: [],
      hosts: [
        agent({
          activeState: 'activating',
          subState: 'start',
          startedAt: before(301),
          log: [
            {
              text: 'Failed to validate connection to cluster at https://192.0.2.10:6443: failed to get CA certs: dial tcp 192.0.2.10:6443: connect: connection refused',
            },
          ],
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        onset: { from: null, to: ago(301) },
        facts: {
          name: 'a',
          unit: 'k3s-agent.service',
          phase: 'hanging',
          state: 'activating (start)',
          restarts: 0,
          result: 'success',
          why: 'server-unreachable',
          lastLine:
            'Failed to validate connection to cluster at https://192.0.2.10:6443: failed to get CA certs: dial tcp 192.0.2.10:6443: connect: connection refused',
          forMs: 301_000,
          role: 'agent',
          servers: 0,
        },
      },
    ],
  },
  {
    name: 'fails: given up for good',
    world: {
      objects: [],
      hosts: [agent({ activeState: 'failed', subState: 'failed', exitedAt: before(60) })],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', onset: { from: null, to: ago(60) } }],
  },
  {
    name: 'fails: killed in a loop, and just up again; its counter rose since the last look',
    world: {
      objects: [],
      hosts: [agent({ ...justUp, result: 'signal', exitSignal: 'KILL' }, earlier(6))],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'critical' }],
  },
  {
    name: 'fails: just up again, and its log goes back to its last end only',
    world: { objects: [], hosts: [agent({ ...justUp, log: [restart(6)] })] },
    says: [{ verdict: 'fail', subject: 'Host/a' }],
  },
  {
    name: 'silent: just up again, and its log shows that it had run for long',
    world: {
      objects: [],
      hosts: [agent({ ...justUp, log: [{ at: before(400), text: 'serving' }, restart(6)] })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: just up again, and its log shows two ends',
    world: {
      objects: [],
      hosts: [agent({ ...justUp, log: [restart(400), restart(6)] })],
    },
    says: [{ verdict: 'fail', subject: 'Host/a' }],
  },
  {
    name: 'boundary: up for a minute after its last end',
    world: {
      objects: [],
      hosts: [agent({ ...justUp, activeSinceAt: before(61), log: [restart(70), restart(66)] })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: it came up twice again between two looks',
    world: { objects: [], hosts: [agent({ ...justUp, activeSinceAt: before(90) }, earlier(5))] },
    says: [{ verdict: 'fail', subject: 'Host/a' }],
  },
  {
    name: 'fails: the only server, by its node’s label',
    world: {
      objects: [node('a', { labels: { 'node-role.kubernetes.io/control-plane': 'true' } })],
      hosts: [
        host('a', {
          units: known([
            unit('k3s.service', {
              ...waiting,
              log: [
                { text: 'Error: failed to load config: yaml: line 3: mapping values' },
                { text: 'k3s.service: Failed with result exit-code' },
              ],
            }),
            unit('k3s-agent.service', { activeState: 'inactive', unitFileState: 'disabled' }),
          ]),
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: {
          name: 'a',
          unit: 'k3s.service',
          phase: 'restarting',
          state: 'activating (auto-restart)',
          restarts: 7,
          result: 'exit-code',
          exitStatus: 1,
          why: 'config',
          lastLine: 'Error: failed to load config: yaml: line 3: mapping values',
          forMs: 2000,
          role: 'server',
          servers: 1,
        },
      },
    ],
  },
  {
    name: 'unknown: it carries a node, and has no unit of k3s',
    world: { objects: [node('a')], hosts: [host('a', { units: known([]) })] },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'unknown: its node is silent, and it is starting: nobody knows yet whether it gets there',
    world: {
      objects: [node('a'), lease('a', { renewed: ago(60) })],
      hosts: [agent({ activeState: 'activating', startedAt: before(20) })],
    },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'unknown: it is starting, and the API does not tell whether its node is heard',
    world: {
      objects: [],
      deny: ['nodes'],
      hosts: [agent({ activeState: 'activating', startedAt: before(20) })],
    },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'silent: it is starting, and its node is heard still',
    world: {
      objects: [node('a'), lease('a')],
      hosts: [agent({ activeState: 'activating', startedAt: before(20) })],
    },
    says: [],
    judged: 1,
  },
  ...darkCases('critical'),
]);
