import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import {
  address,
  baseline,
  booted,
  enx,
  log,
  nowhere,
  route,
  twoNodes,
  usbHost,
  usbNic,
  veth,
} from '../../../test/support/links.ts';
import { lost, renamed, wan0, withoutBaseline } from '../../../test/support/rename-cases.ts';
import { ago, noon, type World } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './interface-renamed.ts';

const on = (...hosts: Host[]): World => ({ objects: twoNodes, hosts });

/** The container of a node, its uplink eth0 of a veth pair, and what was well a week ago. */
const container = (changes: Partial<Host>, was: object = {}): Host =>
  host('a', {
    baseline: baseline({ uplink: { name: 'eth0', index: 2, busPath: undefined, ...was } }),
    ...changes,
  });

describeCheck(check, [
  ...darkCases('critical'),
  {
    name: 'silent: the uplink has its name',
    world: on(container({}), host('b')),
    says: [],
    judged: 2,
  },
  {
    name: 'silent: CNI renames at every pod start, the host’s eth0 untouched',
    world: on(
      container({
        kernel: log([renamed(60, 'eth0', 'tmpe2695'), renamed(30, 'eth0', 'vethab12')]),
      }),
      host('b', { kernel: log([renamed(60, 'eth0', 'tmpe2695')]) }),
    ),
    says: [],
    judged: 2,
  },
  {
    name: 'silent: renamed while up, it keeps address and route',
    world: on(
      container({
        interfaces: wan0,
        addresses: address('wan0'),
        routes: route('wan0'),
        kernel: log([renamed(300, 'wan0')]),
      }),
    ),
    says: [],
    judged: 2,
  },
  {
    name: 'fails: renamed, address and route went with the name; the kernel’s line dates it',
    world: on(
      container({
        interfaces: wan0,
        ...nowhere,
        kernel: log([renamed(300, 'wan0')], { shared: true }),
      }),
    ),
    says: [
      {
        ...lost({}),
        onset: { from: ago(300), to: ago(300) },
        field: 'interfaces[].name',
      },
    ],
  },
  {
    name: 'fails: without the kernel’s log',
    world: on(container({ interfaces: wan0, ...nowhere, kernel: unknown('not permitted') })),
    says: [{ ...lost({}), onset: { from: ago(7 * 86_400), to: noon } }],
  },
  {
    name: 'silent: its bridge has address and route, and holds on to it',
    world: on(
      container({
        interfaces: known([
          veth({ name: 'wan0', master: 'br0' }),
          veth({ name: 'br0', kind: 'bridge', index: 5, mac: undefined }),
        ]),
        addresses: address('br0'),
        routes: route('br0'),
      }),
    ),
    says: [],
    judged: 2,
  },
  {
    name: 'boundary: the address stayed, the default route did not',
    world: on(container({ interfaces: wan0, addresses: address('wan0'), routes: known([]) })),
    says: [lost({ lostAddress: false })],
  },
  {
    name: 'boundary: it never had the default route',
    world: on(
      host('a', {
        interfaces: wan0,
        addresses: address('wan0'),
        routes: known([]),
        baseline: baseline({
          defaultRoute: false,
          uplink: { name: 'eth0', index: 2, busPath: undefined },
        }),
      }),
    ),
    says: [],
    judged: 2,
  },
  {
    name: 'boundary: without a node its address of the baseline is what it must keep',
    world: {
      objects: [],
      hosts: [
        container({
          interfaces: wan0,
          addresses: address('wan0', '192.0.2.77'),
          routes: route('wan0'),
        }),
      ],
    },
    says: [lost({ lostRoute: false })],
  },
  {
    name: 'boundary: of no address that it should have, any but a link-local one will do',
    world: {
      objects: [],
      hosts: [
        host('a', {
          interfaces: wan0,
          addresses: address('wan0', '169.254.7.7'),
          routes: route('wan0'),
          baseline: baseline({
            address: undefined,
            uplink: { name: 'eth0', index: 2, busPath: undefined },
          }),
        }),
      ],
    },
    says: [lost({ lostRoute: false, address: '' })],
  },
  {
    name: 'fails: after a reboot the adapter is known by its place on the bus',
    world: on(
      usbHost({
        interfaces: known([usbNic({ name: 'eth3', mac: '02:00:00:00:00:99', index: 7 })]),
        ...nowhere,
        baseline: baseline({ uplink: { bootId: 'boot-before' } }),
      }),
    ),
    says: [
      {
        verdict: 'fail',
        subject: `Link/a/${enx}`,
        facts: {
          name: enx,
          host: 'a',
          how: 'renamed',
          nowName: 'eth3',
          lostAddress: true,
          lostRoute: true,
          address: '192.0.2.11',
          proof: 'bus-path',
        },
      },
    ],
  },
  {
    name: 'fails: in another port after a reboot it is known by its MAC address',
    world: on(
      usbHost({
        interfaces: known([usbNic({ name: 'eth3', busPath: '1-4:1.0', index: 7 })]),
        ...nowhere,
        baseline: baseline({ uplink: { bootId: 'boot-before' } }),
      }),
    ),
    says: [{ verdict: 'fail', subject: `Link/a/${enx}`, severity: 'critical' }],
  },
  {
    name: 'boundary: an index of another boot proves nothing',
    world: on(
      container(
        { interfaces: known([veth({ name: 'wan0', mac: '02:00:00:00:00:77' })]), ...nowhere },
        { bootId: 'boot-before' },
      ),
    ),
    says: [],
    judged: 1,
  },
  {
    name: 'fails: its name is another device’s now',
    world: on(
      usbHost({
        interfaces: known([
          usbNic({ name: enx, mac: '02:00:00:00:00:99', index: 7, busPath: '3-1:1.0' }),
        ]),
        ...nowhere,
        baseline: baseline(),
      }),
    ),
    says: [
      {
        verdict: 'fail',
        subject: `Link/a/${enx}`,
        field: 'interfaces[].busPath',
        facts: {
          name: enx,
          host: 'a',
          how: 'replaced',
          nowName: enx,
          lostAddress: true,
          lostRoute: true,
          address: '192.0.2.11',
          proof: 'bus-path',
        },
      },
    ],
  },
  {
    name: 'silent: a new adapter took over name, address and route',
    world: on(
      usbHost({
        interfaces: known([usbNic({ mac: '02:00:00:00:00:99', index: 7, busPath: '3-1:1.0' })]),
        baseline: baseline(),
      }),
    ),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: udev is still at it, minutes after boot',
    world: on(
      container({ interfaces: wan0, ...nowhere, system: booted(119) }, { bootId: 'boot-before' }),
    ),
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: two minutes after boot it is not',
    world: on(
      container({ interfaces: wan0, ...nowhere, system: booted(120) }, { bootId: 'boot-before' }),
    ),
    says: [lost({ proof: 'mac' })],
  },
  {
    name: 'boundary: udev was done when the baseline was recorded since this boot',
    world: on(
      container({ interfaces: wan0, ...nowhere, system: booted(60) }, { bootId: 'boot-a' }),
    ),
    says: [lost({})],
  },
  {
    name: 'silent: a bridge borrows its adapter’s MAC address, and is not it',
    world: on(
      host('a', {
        interfaces: known([usbNic({ name: 'eno1', bus: 'pci', busPath: '0000:02:00.0' })]),
        ...nowhere,
        baseline: baseline({ uplink: { name: 'vmbr0', index: 9, busPath: undefined } }),
      }),
    ),
    says: [],
    judged: 1,
  },
  ...withoutBaseline,
  {
    name: 'unknown: whether it kept its address could not be seen',
    world: on(
      container({ interfaces: wan0, addresses: unknown('not permitted'), routes: known([]) }),
    ),
    says: [{ verdict: 'unknown', subject: 'Link/a/eth0', facts: { reason: 'forbidden' } }],
  },
]);
