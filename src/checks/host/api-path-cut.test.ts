import { describeCheck } from '../../../test/support/cases.ts';
import { before, healthy } from '../../../test/support/host-cases.ts';
import { host, known, silentHost, unit, unknown } from '../../../test/support/hosts.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, noon, type RawObject } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { check } from './api-path-cut.ts';

type Counts = { flowing: number; stalled: number; connecting: number };

function path(changes: Partial<Counts>): Pick<Host, 'serverPath'> {
  const counts = { flowing: 0, stalled: 0, connecting: 0, ...changes };
  return { serverPath: known({ address: '192.0.2.10', port: 6443, ...counts }) };
}

function agent(changes: Partial<Unit>): Pick<Host, 'units'> {
  return { units: known([unit('k3s-agent.service', changes)]) };
}

const cut = path({ stalled: 2, connecting: 1 });
const text = 'dial tcp 192.0.2.10:6443: i/o timeout';
const timedOut = (seconds: number): Pick<Host, 'units'> =>
  agent({ log: [{ at: before(seconds), text }] });

/** Not heard of for so long, while another is. */
const silent = (seconds: number): RawObject[] => [
  node('a'),
  lease('a', { renewed: ago(seconds) }),
  node('b'),
  lease('b'),
];

/** The one that the agents are told to join. */
function server(changes: Partial<Host> = {}): Host {
  return host('srv', {
    declared: { addresses: ['192.0.2.10'] },
    k3s: healthy('k3s', { role: 'server', nodeName: 'srv' }),
    units: known([unit('k3s.service')]),
    serverPath: { state: 'absent' },
    ...changes,
  });
}

const facts = {
  name: 'a',
  server: '192.0.2.10:6443',
  why: 'stalled',
  stalled: 2,
  connecting: 1,
  line: '',
  kubelet: 'silent',
};

describeCheck(check, [
  {
    name: 'silent: its server is stopped, whatever another does whose address begins alike',
    world: {
      objects: silent(60),
      hosts: [
        host('a', cut),
        server({ units: known([unit('k3s.service', { activeState: 'inactive' })]) }),
        { ...server({ declared: { addresses: ['192.0.2.1'] } }), metadata: { name: 'other' } },
      ],
    },
    says: [],
  },
  {
    name: 'silent: words flow',
    world: { objects: silent(60), hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: its kubelet was heard of 40 s ago, whatever its connections look like',
    world: { objects: silent(40), hosts: [host('a', cut)] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: what it sends is not acknowledged, and its kubelet is not heard of',
    world: { objects: silent(60), hosts: [host('a', cut), server()] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        onset: { from: ago(60), to: ago(20) },
        field: 'serverPath.stalled',
        facts,
      },
    ],
  },
  {
    name: 'fails: on another connection nothing was sent since, so it looks well',
    world: { objects: silent(60), hosts: [host('a', path({ flowing: 1, stalled: 1 })), server()] },
    says: [{ verdict: 'fail', subject: 'Host/a' }],
  },
  {
    name: 'boundary: where the API says nothing of the node, one that flows is a way',
    world: { objects: [], hosts: [host('a', path({ flowing: 1, stalled: 1 }))] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: nobody answers; the API says nothing of the node',
    world: { objects: [], hosts: [host('a', path({ connecting: 1 }))] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: noon },
        facts: { ...facts, why: 'no-answer', stalled: 0, kubelet: 'unknown' },
      },
    ],
  },
  {
    name: 'fails: connections could not be seen, and k3s says that they time out',
    world: {
      objects: silent(60),
      hosts: [host('a', { ...timedOut(120), serverPath: unknown('no ss here') })],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        field: 'units[].log',
        facts: {
          ...facts,
          server: 'unknown',
          why: 'timeouts',
          stalled: 0,
          connecting: 0,
          line: text,
        },
      },
    ],
  },
  {
    name: 'boundary: a timeout of more than 2 minutes ago says nothing of now',
    world: {
      objects: silent(60),
      hosts: [host('a', { ...timedOut(121), serverPath: unknown('no ss here') })],
    },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'forbidden' } }],
  },
  {
    name: 'fails: k3s waits in its start for a server that does not answer',
    world: {
      objects: silent(600),
      hosts: [host('a', { ...path({ connecting: 1 }), ...agent({ activeState: 'activating' }) })],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'critical' }],
  },
  {
    name: 'silent: k3s is down, which is another finding',
    world: {
      objects: silent(600),
      hosts: [host('a', { ...cut, ...agent({ activeState: 'failed' }) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: the server’s k3s is stopped: that is the cause, and no cut',
    world: {
      objects: [],
      hosts: [
        host('a', cut),
        server({ units: known([unit('k3s.service', { activeState: 'inactive' })]) }),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'silent: the server’s container is stopped',
    world: {
      objects: [],
      hosts: [
        host('a', cut),
        {
          ...silentHost('srv', 'container-stopped', 'status: stopped'),
          declared: { addresses: ['192.0.2.10'] },
          serverPath: { state: 'absent' },
        },
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'unknown: the host did not answer, and its kubelet is not heard of',
    world: { objects: silent(60), hosts: [silentHost('a', 'timed-out', 'no answer')] },
    says: [
      {
        verdict: 'unknown',
        subject: 'Host/a',
        severity: 'critical',
        facts: { reason: 'unreachable' },
      },
    ],
  },
]);
