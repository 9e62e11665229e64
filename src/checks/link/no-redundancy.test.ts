import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import {
  address,
  at,
  baseline,
  enx,
  route,
  twoNodes,
  usbHost,
  usbNic,
  veth,
} from '../../../test/support/links.ts';
import { noon } from '../../../test/support/snapshot.ts';
import { check } from './no-redundancy.ts';

const pci = usbNic({ name: 'eno1', bus: 'pci', busPath: '0000:02:00.0' });

const alone = { verdict: 'fail', subject: `Link/a/${enx}` } as const;

describeCheck(check, [
  ...darkCases('low'),
  {
    name: 'silent: a container’s uplink is its machine’s affair',
    world: { objects: twoNodes, hosts: [host('a')] },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: another adapter has a cable in',
    world: { objects: twoNodes, hosts: [usbHost({ interfaces: known([usbNic(), pci]) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a bond with two live members',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([
            veth({ name: 'bond0', kind: 'bond' }),
            usbNic({ master: 'bond0' }),
            { ...pci, master: 'bond0' },
          ]),
          addresses: address('bond0'),
          routes: route('bond0'),
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a cluster of one has nothing to be cut off from',
    world: { objects: [at('a', '192.0.2.11')], hosts: [usbHost()] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: an adapter on USB that carries nothing',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([usbNic(), { ...pci, operstate: 'down', carrier: false }]),
          addresses: address('eno1'),
          routes: route('eno1'),
        }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: one adapter on USB, and nothing else',
    world: { objects: twoNodes, hosts: [usbHost()] },
    says: [
      {
        ...alone,
        severity: 'low',
        onset: { from: null, to: noon },
        field: 'interfaces[].bus',
        facts: { name: enx, host: 'a', usb: '2-1' },
      },
    ],
  },
  {
    name: 'boundary: the other adapter has no cable in',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ interfaces: known([usbNic(), { ...pci, carrier: false }]) })],
    },
    says: [alone],
  },
  {
    name: 'boundary: whether it is a cluster of one could not be seen',
    world: { objects: [], hosts: [usbHost()], deny: ['nodes'] },
    says: [alone],
  },
  {
    name: 'unknown: interfaces could not be read',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ interfaces: unknown('not permitted'), baseline: baseline() })],
    },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'forbidden' } }],
  },
]);
