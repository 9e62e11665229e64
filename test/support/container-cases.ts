import type { ContainerState } from '../../src/model/objects/host/container-state.ts';
import type { Host } from '../../src/model/objects/host/host.ts';
import type { CheckCase } from './cases.ts';
import { darkCases } from './host-cases.ts';
import { host, silentHost } from './hosts.ts';
import { lease, node } from './objects.ts';
import { ago, noon } from './snapshot.ts';

type State = ContainerState['state'];

/** What `host/container-stopped` and `host/container-frozen` say of a container in their state. */
export function containerCases(state: State): readonly CheckCase[] {
  return [
    {
      name: 'silent: it runs',
      world: { objects: [], hosts: [host('a')] },
      says: [],
      judged: 1,
    },
    ...ofProxmox(state),
    ofPlainLxc(state, 'this machine', { here: 'web' }),
    ofPlainLxc(state, 'pve', { lxc: 'web', on: 'pve' }),
    {
      name: 'boundary: one that may be off',
      world: { objects: [], hosts: [container(state, { optional: true })] },
      says: [{ verdict: 'fail', subject: 'Host/a', severity: 'low' }],
    },
    ...darkCases('critical'),
  ];
}

function ofProxmox(state: State): readonly CheckCase[] {
  const facts = {
    ...plainFacts,
    way: 'pct 101 on pve',
    detail: `status: ${state}`,
    pct: '101',
    on: 'pve',
  };
  const field = 'ways[pct 101 on pve].outcome';
  const onset = { from: null, to: noon };
  const control = { 'node-role.kubernetes.io/control-plane': 'true' };
  const server = node('a', { ready: 'Unknown', since: ago(600), labels: control });
  return [
    {
      name: 'fails: its hypervisor says so',
      world: { objects: [], hosts: [container(state)] },
      says: [{ verdict: 'fail', subject: 'Host/a', severity: 'critical', onset, field, facts }],
    },
    {
      name: 'fails: the only server; since when, the API knows',
      world: {
        objects: [server, lease('a', { renewed: ago(650) })],
        hosts: [container(state, { hypervisor: 'pve' })],
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
  ];
}

function ofPlainLxc(state: State, on: string, told: ContainerState['container']): CheckCase {
  const way = `lxc web on ${on}`;
  const ways: Host['ways'] = [{ transport: 'lxc', name: way, outcome: `container-${state}` }];
  const facts = { ...plainFacts, ...told, way, detail: '' };
  return {
    name: `fails: a container of plain LXC on ${on}`,
    world: { objects: [], hosts: [{ ...container(state), ways }] },
    says: [{ verdict: 'fail', subject: 'Host/a', facts }],
  };
}

/** Silent by ssh; asked by another way, the hypervisor says why. */
function container(state: State, declared: Partial<Host['declared']> = {}): Host {
  return {
    ...silentHost('a', 'timed-out', 'no answer within 10 s'),
    declared: { addresses: ['192.0.2.11'], ...declared },
    ways: [
      { transport: 'ssh', name: 'ssh root@a', outcome: 'timed-out' },
      {
        transport: 'pct',
        name: 'pct 101 on pve',
        outcome: `container-${state}`,
        detail: `status: ${state}`,
      },
    ],
  };
}

const plainFacts = { name: 'a', node: '', hypervisor: '', role: 'unknown', servers: 0 };
