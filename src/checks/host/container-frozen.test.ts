import { type CheckCase, describeCheck } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, silentHost } from '../../../test/support/hosts.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './container-frozen.ts';

/** Silent by ssh; asked by another way, the hypervisor says why. */
function container(changes: Partial<Host['declared']> = {}): Host {
  return {
    ...silentHost('a', 'timed-out', 'no answer within 10 s'),
    declared: { addresses: ['192.0.2.11'], ...changes },
    ways: [
      { transport: 'ssh', name: 'ssh root@a', outcome: 'timed-out' },
      {
        transport: 'pct',
        name: 'pct 101 on pve',
        outcome: 'container-frozen',
        detail: 'status: frozen',
      },
    ],
  };
}

const facts = {
  name: 'a',
  way: 'pct 101 on pve',
  detail: 'status: frozen',
  node: '',
  hypervisor: '',
  pct: '101',
  on: 'pve',
  role: 'unknown',
  servers: 0,
};

const { pct: _, on: __, ...plainFacts } = facts;

describeCheck(check, [
  {
    name: 'silent: it runs',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: stopped is another finding',
    world: { objects: [], hosts: [silentHost('a', 'container-stopped', 'status: stopped')] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: its hypervisor says so',
    world: { objects: [], hosts: [container()] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        onset: { from: null, to: noon },
        field: 'ways[pct 101 on pve].outcome',
        facts,
      },
    ],
  },
  {
    name: 'fails: the only server; since when, the API knows',
    world: {
      objects: [
        node('a', {
          ready: 'Unknown',
          since: ago(600),
          labels: { 'node-role.kubernetes.io/control-plane': 'true' },
        }),
        lease('a', { renewed: ago(650) }),
      ],
      hosts: [container({ hypervisor: 'pve' })],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        onset: { from: null, to: ago(610) },
        facts: { ...facts, node: 'a', hypervisor: 'pve', role: 'server', servers: 1 },
      },
    ],
  },
  ...(['this machine', 'pve'] as const).map(
    (on): CheckCase => ({
      name: `fails: a container of plain LXC on ${on}`,
      world: {
        objects: [],
        hosts: [
          {
            ...container(),
            ways: [{ transport: 'lxc', name: `lxc web on ${on}`, outcome: 'container-frozen' }],
          },
        ],
      },
      says: [
        {
          verdict: 'fail',
          subject: 'Host/a',
          facts: {
            ...plainFacts,
            way: `lxc web on ${on}`,
            detail: '',
            ...(on === 'pve' ? { lxc: 'web', on } : { here: 'web' }),
          },
        },
      ],
    }),
  ),
  {
    name: 'boundary: one that may be off',
    world: { objects: [], hosts: [container({ optional: true })] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'low' }],
  },
  ...darkCases('critical'),
]);
