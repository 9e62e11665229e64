import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import {
  baseline,
  enx,
  log,
  record,
  usbDevice,
  usbHost,
  usbNic,
} from '../../../test/support/links.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import { check } from './link-slow.ts';

const slow = (facts: object): Said => ({
  verdict: 'fail',
  subject: `Link/a/${enx}`,
  severity: 'medium',
  facts: { name: enx, host: 'a', of: 'link', nowMbps: 1000, bestMbps: 2500, ...facts },
});

const gigabit = known([usbNic({ speedMbps: 1000 })]);
const noUsb = known([]);
const pci = (changes: Parameters<typeof usbNic>[0]): ReturnType<typeof usbNic> =>
  usbNic({ bus: 'pci', busPath: '0000:03:00.0', driver: 'igc', ...changes });
const virtio = known([
  pci({ bus: 'virtio', busPath: 'virtio3', driver: 'virtio_net', speedMbps: null }),
]);
const usb2 = {
  interfaces: known([usbNic({ busPath: '1-1:1.0', speedMbps: 1000 })]),
  usb: known([usbDevice({ path: '1-1', speedMbps: 480, capableMbps: 480 })]),
};

describeCheck(check, [
  ...darkCases('medium'),
  {
    name: 'silent: as fast as it was',
    world: { objects: [], hosts: [usbHost({ baseline: baseline() })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: faster than it was',
    world: {
      objects: [],
      hosts: [usbHost({ baseline: baseline({ uplink: { speedMbps: 1000, usbSpeedMbps: 480 } }) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: the speed of a veth is a number without a meaning',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: what is down has no speed',
    world: {
      objects: [],
      hosts: [
        usbHost({
          interfaces: known([usbNic({ operstate: 'down', speedMbps: 10 })]),
          baseline: baseline(),
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: 2500 became 1000, by the baseline',
    world: { objects: [], hosts: [usbHost({ interfaces: gigabit, baseline: baseline() })] },
    says: [
      {
        ...slow({}),
        onset: { from: ago(7 * 86_400), to: noon },
        field: 'interfaces[].speedMbps',
      },
    ],
  },
  {
    name: 'fails: by the log, without a baseline, and since when',
    world: {
      objects: [],
      hosts: [
        usbHost({
          interfaces: gigabit,
          kernel: log([
            record('link-speed', 80_000, { speedMbps: 2500 }),
            record('link-speed', 500, { speedMbps: 1000 }),
          ]),
        }),
      ],
    },
    says: [{ ...slow({}), onset: { from: ago(500), to: ago(500) } }],
  },
  {
    name: 'fails: a SuperSpeed adapter that came up as a high-speed one, by the baseline',
    world: {
      objects: [],
      hosts: [
        usbHost({
          ...usb2,
          baseline: baseline({ uplink: { speedMbps: 1000 } }),
        }),
      ],
    },
    says: [{ ...slow({ of: 'usb', nowMbps: 480, bestMbps: 5000 }), field: 'usb[].speedMbps' }],
  },
  {
    name: 'fails: by what the device says that it can do',
    world: {
      objects: [],
      hosts: [usbHost({ usb: known([usbDevice({ speedMbps: 480 })]) })],
    },
    says: [slow({ of: 'usb', nowMbps: 480, bestMbps: 5000 })],
  },
  {
    name: 'fails: by the log, which ties both of its paths to the interface',
    world: {
      objects: [],
      hosts: [
        usbHost({
          ...usb2,
          kernel: log([
            record('usb-attach', 80_000, { speedMbps: 5000 }),
            record('rename', 79_999, { interface: enx, from: 'eth0' }),
            record('usb-disconnect', 700),
            record('usb-attach', 690, { usb: '1-1', speedMbps: 480 }),
          ]),
        }),
      ],
    },
    says: [
      {
        ...slow({ of: 'usb', nowMbps: 480, bestMbps: 5000 }),
        onset: { from: ago(690), to: ago(690) },
      },
    ],
  },
  {
    name: 'silent: a virtual adapter of a virtual machine tells no speed, so none is to be known',
    world: { objects: [], hosts: [usbHost({ interfaces: virtio, usb: noUsb })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: as such adapters say who do not know, it is of -1 Mbit/s',
    world: { objects: [], hosts: [usbHost({ interfaces: known([pci({ speedMbps: -1 })]) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: it told no speed when its baseline was recorded',
    world: {
      objects: [],
      hosts: [
        usbHost({
          interfaces: known([pci({ speedMbps: 1000 })]),
          usb: noUsb,
          baseline: baseline({ uplink: { speedMbps: null, usbSpeedMbps: null } }),
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: only the USB tree would tell its speed, and that was not seen',
    world: {
      objects: [],
      hosts: [
        usbHost({
          interfaces: known([usbNic({ speedMbps: null })]),
          usb: unknown('not permitted'),
        }),
      ],
    },
    says: [
      {
        verdict: 'unknown',
        subject: `Link/a/${enx}`,
        severity: 'medium',
        facts: { reason: 'forbidden' },
      },
    ],
  },
  {
    name: 'unknown: nothing to compare with',
    world: { objects: [], hosts: [usbHost({ usb: noUsb })] },
    says: [
      {
        verdict: 'unknown',
        subject: `Link/a/${enx}`,
        severity: 'medium',
        facts: { reason: 'not-collected' },
      },
    ],
  },
]);
