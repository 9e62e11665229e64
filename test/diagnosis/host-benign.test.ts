import { describe, expect, test } from 'vitest';
import { facetNames } from '../../src/model/facets.ts';
import type { Host } from '../../src/model/objects/host/host.ts';
import type { Unit } from '../../src/model/objects/host/system.ts';
import { withHosts } from '../../src/observe/hosts/shift.ts';
import { before, healthy } from '../support/host-cases.ts';
import { dead, otherHosts, others, serverHost } from '../support/host-worlds.ts';
import { host, known, silentHost, unit, unknown } from '../support/hosts.ts';
import { address, at, route, usbNic, veth } from '../support/links.ts';
import { lease, node } from '../support/objects.ts';
import { ago, noon, type RawObject, snapshotOf, type World } from '../support/snapshot.ts';
import { type Audited, audited } from './world.ts';

/** What looks like trouble and is none, and trouble that is not what it looks like: nothing is said wrongly. */

const server = 'https://192.0.2.10:6443';
const day = 86_400;
const well: readonly RawObject[] = [...others, node('a'), lease('a')];

function seen(objects: readonly RawObject[], ...hosts: readonly Host[]): Audited {
  return audited({ objects, hosts: [...otherHosts, ...hosts], access: { outcome: 'ok', server } });
}

/** Roots, and events that stand alone. */
function accused({ incidents, alone }: Audited): readonly string[] {
  return [...incidents.flatMap(({ roots }) => roots), ...alone];
}

const agent = (changes: Partial<Unit>): Host['units'] =>
  known([unit('k3s-agent.service', changes)]);

const starting = (seconds: number, changes: Partial<Unit> = {}): Host['units'] =>
  agent({
    activeState: 'activating',
    subState: 'start',
    activeSinceAt: undefined,
    startedAt: before(seconds),
    stateChangedAt: before(seconds),
    ...changes,
  });

/** What `systemctl restart` leaves of a k3s that has run for a day; it may end with 1 when it is told to end. */
const restarted: Partial<Unit> = {
  exitedAt: before(22),
  log: [
    { at: before(30), text: 'Stopping k3s-agent.service - Lightweight Kubernetes...' },
    { at: before(29), text: 'http: TLS handshake error: x509: unknown authority' },
    {
      at: before(22),
      text: 'k3s-agent.service: Main process exited, code=exited, status=1/FAILURE',
    },
    { at: before(20), text: 'Starting k3s-agent.service - Lightweight Kubernetes...' },
  ],
};

const stoppedLongAgo: Partial<Unit> = {
  activeState: 'inactive',
  activeSinceAt: undefined,
  exitedAt: before(9000),
  stateChangedAt: before(9000),
};

/** A machine with no k3s at all. */
const mere = (name: string): Host => ({
  ...host(name, {
    declared: { addresses: ['192.0.2.50'] },
    units: known([]),
    system: healthy('system', { hostname: name, machineId: name, container: 'none' }),
  }),
  k3s: { state: 'absent' },
  kubelet: { state: 'absent' },
  certificates: { state: 'absent' },
  serverPath: { state: 'absent' },
});

const silences: readonly (readonly [string, readonly RawObject[], readonly Host[]])[] = [
  ['a planned restart, in mid-start', well, [host('a', { units: starting(20, restarted) })]],
  [
    'a planned stop on its way, the counter of restarts of other days',
    well,
    [
      host('a', {
        units: agent({
          activeState: 'deactivating',
          restarts: 3,
          startedAt: before(day),
          stateChangedAt: before(3),
        }),
      }),
    ],
  ],
  [
    'a container that was restarted a minute ago',
    well,
    [
      host('a', {
        system: healthy('system', { bootedAt: before(60) }),
        units: agent({ startedAt: before(55), activeSinceAt: before(50) }),
      }),
    ],
  ],
  [
    'k3s that came up by itself a minute ago',
    well,
    [
      host('a', {
        units: agent({ restarts: 1, startedAt: before(55), activeSinceAt: before(50) }),
      }),
    ],
  ],
  ['a node that was deleted, its k3s at work', others, [host('a')]],
  [
    'a node that was deleted, its k3s disabled',
    others,
    [host('a', { units: agent({ ...stoppedLongAgo, unitFileState: 'disabled' }) })],
  ],
  ['a machine that is no node', well, [host('a'), mere('nas')]],
  [
    'units of both kinds, one of them a leftover',
    well,
    [
      host('a', {
        units: known([
          unit('k3s.service', {
            ...stoppedLongAgo,
            activeState: 'failed',
            unitFileState: 'disabled',
          }),
          unit('k3s-agent.service'),
        ]),
      }),
    ],
  ],
  [
    'a look without rights',
    well,
    [
      host('a', {
        reach: { state: 'answered', user: 'josh', root: false, at: before(0), tookMs: 90 },
        units: unknown('no'),
        k3s: unknown('no'),
        kubelet: unknown('no'),
        certificates: unknown('no'),
        kernel: unknown('no'),
        usage: unknown('no'),
        firewall: known({ fronts: [], allows: [], kubeChains: {} }),
      }),
    ],
  ],
  [
    'a bond with all its members',
    well,
    [
      host('a', {
        interfaces: known([
          veth({ name: 'bond0', kind: 'bond' }),
          usbNic({ name: 'eno1', bus: 'pci', busPath: '0000:02:00.0', master: 'bond0' }),
          usbNic({ name: 'eno2', bus: 'pci', busPath: '0000:03:00.0', master: 'bond0' }),
        ]),
        addresses: address('bond0'),
        routes: route('bond0'),
      }),
    ],
  ],
  [
    'an uplink that is named and was never there',
    [...others, at('a', '192.0.2.11'), lease('a')],
    [host('a', { declared: { addresses: ['192.0.2.11'], uplink: 'eth9' } })],
  ],
];

test.each(silences)('nothing is said of %s', (_, objects, hosts) => {
  expect(accused(seen(objects, ...hosts))).toEqual([]);
});

describe('it is not yet known what becomes of a start', () => {
  test('after a boot, while the node is not ready: k3s is suspected, nothing beyond it', () => {
    const system = healthy('system', { bootedAt: before(40) });
    const { incidents } = seen(dead(100), host('a', { system, units: starting(20) }));
    expect(incidents).toMatchObject([
      { certainty: 'suspected', roots: ['node/not-ready Node/a'], suspected: ['kubelet'] },
    ]);
  });

  test('of the server, while the API is gone', () => {
    const world: World = {
      objects: [],
      deny: facetNames.filter((name) => !['hosts', 'access'].includes(name)),
      access: { outcome: 'refused', server },
      hosts: [serverHost({ units: known([unit('k3s.service', startingServer)]) })],
    };
    expect(audited(world).incidents[0]?.suspected).toContain('k3s on the server');
  });
});

const startingServer: Partial<Unit> = {
  activeState: 'activating',
  activeSinceAt: undefined,
  startedAt: before(10),
  stateChangedAt: before(10),
};

describe('we hear nothing of a host that others hear of', () => {
  const gone = (name: string, declared: Partial<Host['declared']> = {}): Host => ({
    ...silentHost(name, 'timed-out', 'no answer'),
    declared: { addresses: [], ...declared },
  });

  test('its node is well: it is neither off nor stopped', () => {
    const { incidents } = seen(well, gone('a'));
    expect(incidents.map(({ roots }) => roots)).toEqual([['host/host-unreachable Host/a']]);
    expect(incidents[0]?.suspected).not.toContain('the host being off');
    expect(incidents[0]?.suspected).not.toContain('a stopped container');
  });

  test('its node was well a moment before we asked: it may be off since', () => {
    const objects = [node('a'), lease('a', { renewed: ago(12) }), node('b'), lease('b')];
    const { incidents } = seen(objects, gone('a'));
    expect(incidents[0]?.suspected).toEqual(
      expect.arrayContaining(['a stopped container', 'the host being off', 'its link']),
    );
  });

  test('nodes on one hypervisor are well: it is no suspect', () => {
    const guests = ['a', 'c', 'd'].map((name) => gone(name, { hypervisor: 'pve' }));
    const objects = [...well, node('c'), lease('c'), node('d'), lease('d')];
    const { incidents } = seen(objects, ...guests);
    expect(incidents.map(({ what }) => what)).toEqual(['', '', '']);
  });

  test('a hypervisor, and one of its guests: the others show that it is not the cause', () => {
    const guest = host('c', { declared: { addresses: [], hypervisor: 'pve' } });
    const objects = [...dead(600), node('c'), lease('c')];
    const { incidents } = seen(objects, gone('pve'), gone('a', { hypervisor: 'pve' }), guest);
    const chains = incidents.flatMap(({ chain }) => chain);
    expect(chains).toContain('host/host-unreachable Host/a → node/not-ready Node/a');
    expect(chains.filter((link) => link.startsWith('host/host-unreachable Host/pve'))).toEqual([]);
  });

  test('a machine that may be off, and its node: a note', () => {
    const { result } = seen(dead(600), gone('a', { optional: true }));
    expect(result.incidents.map(({ severity }) => severity)).toEqual(['low']);
  });
});

describe('a copy of a container, stopped', () => {
  const copied = { hostname: 'a', machineId: 'machine-a' };

  test.each([
    [
      'with its names',
      { system: healthy('system', copied), k3s: healthy('k3s', { nodeName: 'a' }) },
    ],
    ['with its machine id', { system: healthy('system', { ...copied, hostname: 'z' }) }],
  ])('%s is not taken for the node', (_, changes: Partial<Host>) => {
    const copy = host('z', {
      declared: { addresses: ['192.0.2.99'] },
      addresses: known([]),
      k3s: unknown('no'),
      units: agent(stoppedLongAgo),
      ...changes,
    });
    const { incidents, alone } = seen(well, host('a'), copy);
    expect(incidents).toEqual([]);
    expect(alone).toEqual(['host/unit-stopped Host/z']);
  });
});

test('our own clock is wrong by ten minutes, and no machine is accused of it', () => {
  const late = (one: Host): Host => ({
    ...one,
    clock: known({ offsetMs: { least: 599_940, most: 600_060 }, synchronised: true }),
  });
  const hosts = [...otherHosts, host('a')].map(late);
  const facet = {
    state: 'known',
    value: hosts,
    observedAt: 0,
    scope: 'cluster',
    rejected: [],
  } as const;
  const at = Date.parse(noon);
  const base = snapshotOf({ objects: well });
  for (const serverDate of [at + 600_000, undefined]) {
    const { serverDate: _, ...dateless } = base;
    const told = serverDate === undefined ? dateless : { ...base, at, serverDate };
    const seenFrom = withHosts(told, facet).facets.hosts;
    const world = { objects: well, hosts: seenFrom.state === 'known' ? seenFrom.value : [] };
    expect(accused(audited(world)).filter((each) => each.includes('clock'))).toEqual([]);
  }
});
