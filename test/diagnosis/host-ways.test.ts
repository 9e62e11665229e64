import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/model/objects/host/host.ts';
import type { WayFailure } from '../../src/model/objects/host/reach.ts';
import { before } from '../support/host-cases.ts';
import { dead, listed, otherHosts, serverHost, stale } from '../support/host-worlds.ts';
import { host, known, silentHost, unit } from '../support/hosts.ts';
import { audited } from './world.ts';

/** Hosts that do not answer, or do not get through. */

/** Silent by ssh, and the hypervisor says this of it. */
function container(name: string, outcome: WayFailure, addresses = ['192.0.2.11']): Host {
  return {
    ...silentHost(name, 'timed-out', 'no answer within 10 s'),
    declared: { addresses, hypervisor: 'pve' },
    ways: [
      { transport: 'ssh', name: `ssh root@${name}`, outcome: 'timed-out' },
      { transport: 'pct', name: 'pct 101 on pve', outcome },
    ],
  };
}

const cutPath = known({
  address: '192.0.2.10',
  port: 6443,
  flowing: 0,
  stalled: 2,
  connecting: 1,
});

describe.each(['stopped', 'frozen'] as const)('a container that is %s', (state) => {
  const hosts = [...otherHosts, container('a', `container-${state}`)];

  test('is certain: its hypervisor says so', () => {
    const told = audited({ objects: dead(205), hosts });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: [`host/container-${state} Host/a`],
      chain: [`host/container-${state} Host/a → node/not-ready Node/a`],
    });
    expect(told.alone).toEqual([]);
  });

  test('while the API still says Ready', () => {
    const told = audited({ objects: stale(45), hosts });
    expect(told.incidents.map(({ chain }) => chain)).toEqual([
      [`host/container-${state} Host/a → node/lease-stale Node/a`],
    ]);
  });
});

describe('a host that is cut off both ways', () => {
  test('seen by ssh alone: out of reach, and what lies below is not visible', () => {
    const hosts = [...otherHosts, silentHost('a', 'timed-out', 'no answer within 10 s')];
    const told = audited({ objects: [...dead(205), ...listed], hosts });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'suspected',
      roots: ['host/host-unreachable Host/a'],
      chain: [
        'host/host-unreachable Host/a → node/not-ready Node/a',
        'node/not-ready Node/a → network/endpoints-on-dead-node Service/default/web',
      ],
    });
  });

  test('seen through its hypervisor: it runs, and its way is cut', () => {
    const ways: Host['ways'] = [
      { transport: 'ssh', name: 'ssh root@a', outcome: 'timed-out' },
      { transport: 'pct', name: 'pct 101 on pve', outcome: 'answered' },
    ];
    const hosts = [...otherHosts, host('a', { ways, serverPath: cutPath })];
    const told = audited({ objects: dead(205), hosts });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'suspected',
      roots: ['host/api-path-cut Host/a'],
      chain: ['host/api-path-cut Host/a → node/not-ready Node/a'],
    });
  });
});

describe('a way that is cut from the kubelet to the API only', () => {
  const hosts = [...otherHosts, host('a', { serverPath: cutPath })];

  test('is the root, in the time of the stale Ready as well', () => {
    const told = audited({ objects: stale(45), hosts });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      roots: ['host/api-path-cut Host/a'],
      chain: ['host/api-path-cut Host/a → node/lease-stale Node/a'],
    });
  });
});

describe('k3s that runs, is connected, and says nothing', () => {
  test('hangs, and why is not visible', () => {
    const told = audited({ objects: dead(205), hosts: [...otherHosts, host('a')] });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'suspected',
      roots: ['host/kubelet-silent Host/a'],
      chain: ['host/kubelet-silent Host/a → node/not-ready Node/a'],
    });
  });
});

describe('a hypervisor that is off', () => {
  test('explains its guests, and their nodes', () => {
    const guest = (name: string): Host => ({
      ...silentHost(name, 'timed-out', 'no answer within 10 s'),
      declared: { addresses: [], hypervisor: 'pve' },
    });
    const pve = silentHost('pve', 'timed-out', 'no answer within 10 s');
    const told = audited({ objects: dead(205), hosts: [...otherHosts, guest('a'), pve] });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      roots: ['host/host-unreachable Host/pve'],
      chain: [
        'host/host-unreachable Host/pve → host/host-unreachable Host/a',
        'host/host-unreachable Host/a → node/not-ready Node/a',
      ],
    });
  });
});

describe('what may lie below a host out of reach', () => {
  const pve = (reason: WayFailure): Host => silentHost('pve', reason, 'no answer');
  const below = (hosts: readonly Host[]): unknown => {
    const { incidents, result } = audited({
      objects: stale(0),
      hosts: [...otherHosts, ...hosts],
    });
    expect(incidents.map(({ roots }) => roots)).toEqual([['host/host-unreachable Host/pve']]);
    const { candidates, well, decide } = result.incidents[0]?.suspected ?? {};
    return { candidates, well, decide };
  };
  const guest = host('a', { declared: { addresses: [], hypervisor: 'pve' } });

  test('anything, where nobody else hears of it', () => {
    expect(below([host('a'), pve('timed-out')])).toEqual({
      candidates: ['a stopped container', 'the host being off', 'its link', 'its ssh server'],
      well: [],
      decide: 'ping -c 3 pve',
    });
  });

  test('a guest of it answers: it is neither off nor stopped', () => {
    expect(below([guest, pve('timed-out')])).toEqual({
      candidates: ['its link', 'its ssh server'],
      well: [],
      decide: 'ping -c 3 pve',
    });
  });

  test('it refuses: it is there, and so is its link', () => {
    expect(below([host('a'), pve('refused')])).toEqual({
      candidates: ['its ssh server'],
      well: [],
      decide: 'ssh -v pve true',
    });
  });

  test('it refuses, and nobody hears its node: an ssh server takes no kubelet with it', () => {
    const refuses = silentHost('a', 'refused', 'connection refused');
    const [incident] = audited({ objects: dead(348), hosts: [refuses] }).incidents;
    expect(incident?.roots).toEqual(['host/host-unreachable Host/a']);
    expect(incident?.suspected).toEqual(['what keeps down both its ssh server and its kubelet']);
  });
});

describe('the only server', () => {
  const access = {
    outcome: 'refused',
    server: 'https://192.0.2.10:6443',
    detail: 'connect ECONNREFUSED 192.0.2.10:6443',
  };
  const waiting = host('a', {
    serverPath: cutPath,
    units: known([
      unit('k3s-agent.service', {
        activeState: 'activating',
        subState: 'start',
        startedAt: before(900),
        stateChangedAt: before(900),
        log: [
          {
            text: 'Failed to validate connection to cluster: failed to get CA certs: dial tcp 192.0.2.10:6443: connect: connection refused',
          },
        ],
      }),
    ]),
  });
  const nothing = ['nodes', 'leases', 'pods', 'services', 'events'] as const;
  const stoppedUnit = { activeState: 'inactive', subState: 'dead', exitedAt: before(950) };
  const servers: readonly (readonly [string, Host])[] = [
    ['host/unit-stopped', serverHost({ units: known([unit('k3s.service', stoppedUnit)]) })],
    ['host/container-stopped', container('srv', 'container-stopped', ['192.0.2.10'])],
  ];

  test.each(servers)('%s: the API is gone, and an agent waits for it', (root, server) => {
    const hosts = [server, host('b', { serverPath: cutPath }), waiting];
    const told = audited({ objects: [], hosts, access, deny: [...nothing] });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({ certainty: 'certain', roots: [`${root} Host/srv`] });
    expect(told.incidents[0]?.chain.toSorted()).toEqual([
      `${root} Host/srv → control-plane/api-unreachable Cluster/kube-apiserver`,
      `${root} Host/srv → host/unit-failed Host/a`,
    ]);
    expect(told.alone).toEqual([]);
  });
});
