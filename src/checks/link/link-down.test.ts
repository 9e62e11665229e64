import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import {
  address,
  baseline,
  enx,
  log,
  nowhere,
  record,
  route,
  twoNodes,
  usbHost,
  usbNic,
  veth,
} from '../../../test/support/links.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Interface } from '../../model/objects/host/net.ts';
import { check } from './link-down.ts';

const fallen: Partial<Interface> = { operstate: 'down', carrier: false };

const down = (facts: object): Said => ({
  verdict: 'fail',
  subject: `Link/a/${enx}`,
  severity: 'critical',
  facts: {
    name: enx,
    host: 'a',
    why: 'no-carrier',
    operstate: 'down',
    master: '',
    live: [],
    carriesNodeAddress: true,
    breaks: true,
    ...facts,
  },
});

const bridge = veth({ name: 'vmbr0', kind: 'bridge', driver: 'bridge', index: 9 });
const pci = usbNic({ name: 'eno1', bus: 'pci', busPath: '0000:02:00.0', driver: 'r8169' });

const defaultRoute = { destination: 'default', family: 'inet' } as const;

describeCheck(check, [
  ...darkCases('critical'),
  {
    name: 'silent: it is up',
    world: { objects: twoNodes, hosts: [usbHost(), host('b')] },
    says: [],
    judged: 2,
  },
  {
    name: 'silent: a tunnel’s state is never known, and that is how it works',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([
            veth({ name: 'wt0', kind: 'tun', operstate: 'unknown', carrier: false }),
          ]),
          addresses: address('wt0'),
          routes: route('wt0'),
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a port of the bridge is down that led to a stopped container',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([
            bridge,
            { ...pci, master: 'vmbr0' },
            veth({ ...fallen, name: 'veth101i0', master: 'vmbr0' }),
          ]),
          addresses: address('vmbr0'),
          routes: route('vmbr0'),
        }),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'silent: a second adapter without a cable',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ interfaces: known([usbNic(), { ...pci, ...fallen }]) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: what is gone is another check’s',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ interfaces: known([]), ...nowhere, baseline: baseline() })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: it carries the node’s address and has no carrier; the kernel says since when',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([usbNic(fallen)]),
          kernel: log([record('link-down', 9000), record('link-down', 120)]),
        }),
      ],
    },
    says: [
      {
        ...down({}),
        onset: { from: ago(120), to: ago(120) },
        field: 'interfaces[].operstate',
      },
    ],
  },
  {
    name: 'fails: a container’s pair whose other end went down; carrier loss leaves no line',
    world: {
      objects: twoNodes,
      hosts: [
        host('a', { interfaces: known([veth({ operstate: 'lowerlayerdown', carrier: false })]) }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Link/a/eth0',
        severity: 'critical',
        onset: { from: null, to: noon },
        facts: {
          name: 'eth0',
          host: 'a',
          why: 'lower-layer-down',
          operstate: 'lowerlayerdown',
          master: '',
          live: [],
          carriesNodeAddress: true,
          breaks: true,
        },
      },
    ],
  },
  {
    name: 'fails: the driver says carrier before the state follows',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ interfaces: known([usbNic({ carrier: false })]) })],
    },
    says: [down({ operstate: 'up' })],
  },
  {
    name: 'fails: address and route are gone with it, and the baseline knows it as the uplink',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ interfaces: known([usbNic(fallen)]), ...nowhere, baseline: baseline() })],
    },
    says: [{ ...down({ carriesNodeAddress: false }), onset: { from: ago(7 * 86_400), to: noon } }],
  },
  {
    name: 'fails: somebody set the uplink down',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([usbNic({ ...fallen, adminUp: false })]),
          routes: known([]),
        }),
      ],
    },
    says: [{ ...down({ why: 'admin-down' }), field: 'interfaces[].adminUp' }],
  },
  {
    name: 'fails: the uplink that evenkeel.yaml names is down, whatever carries the route now',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          declared: { addresses: ['192.0.2.11'], uplink: 'eno1' },
          interfaces: known([usbNic(), { ...pci, ...fallen }]),
        }),
      ],
    },
    says: [{ verdict: 'fail', subject: 'Link/a/eno1', severity: 'critical' }],
  },
  {
    name: 'fails: the one adapter of the bridge, while containers keep the bridge itself up',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([bridge, { ...pci, ...fallen, master: 'vmbr0' }]),
          addresses: address('vmbr0'),
          routes: route('vmbr0'),
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Link/a/eno1',
        severity: 'critical',
        facts: {
          name: 'eno1',
          host: 'a',
          why: 'no-carrier',
          operstate: 'down',
          master: 'vmbr0',
          live: [],
          carriesNodeAddress: true,
          breaks: true,
        },
      },
    ],
  },
  {
    name: 'boundary: a bond goes on with its other member',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([
            veth({ name: 'bond0', kind: 'bond' }),
            usbNic({ ...fallen, master: 'bond0' }),
            { ...pci, master: 'bond0' },
          ]),
          addresses: address('bond0'),
          routes: route('bond0'),
        }),
      ],
    },
    says: [{ ...down({ master: 'bond0', live: ['eno1'], breaks: false }), severity: 'medium' }],
  },
  {
    name: 'boundary: of two uplinks the other one carries the node',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([usbNic(fallen), pci]),
          addresses: address('eno1'),
          routes: known([enx, 'eno1'].map((name) => ({ ...defaultRoute, interface: name }))),
        }),
      ],
    },
    says: [{ ...down({ carriesNodeAddress: false, breaks: false }), severity: 'medium' }],
  },
  {
    name: 'fails: the host has another name than its node, as evenkeel.yaml says',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          metadata: { name: 'attic' },
          declared: { addresses: [], node: 'a' },
          k3s: { state: 'absent' },
          system: { state: 'absent' },
          interfaces: known([usbNic(fallen)]),
          routes: known([]),
        }),
      ],
    },
    says: [{ ...down({ host: 'attic' }), subject: `Link/attic/${enx}` }],
  },
  {
    name: 'unknown: interfaces could not be read',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ interfaces: unknown('not permitted') })],
    },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'forbidden' } }],
  },
]);
