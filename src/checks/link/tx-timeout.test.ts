import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import { address, enx, log, record, route, usbHost, usbNic } from '../../../test/support/links.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { KernelRecord } from '../../model/objects/host/kernel.ts';
import { check } from './tx-timeout.ts';

const hung = (seconds: number, changes: Partial<KernelRecord> = {}): KernelRecord =>
  record('watchdog', seconds, {
    driver: 'r8152',
    text: `r8152 2-1:1.0 ${enx}: NETDEV WATCHDOG: CPU: 7: transmit queue 0 timed out 5008 ms`,
    ...changes,
  });

const pci = usbNic({ name: 'eno1', bus: 'pci', busPath: '0000:00:1f.6', driver: 'e1000e' });

describeCheck(check, [
  ...darkCases('high'),
  {
    name: 'silent: nothing of the kind in the log',
    world: { objects: [], hosts: [usbHost({ kernel: log([record('link-up', 60)]) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: what hung is another machine’s, whose log the container reads',
    world: {
      objects: [],
      hosts: [host('a', { kernel: log([hung(60, { interface: 'eth0' })], { shared: true }) })],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: the watchdog found its queue hanging, again and again',
    world: {
      objects: [],
      hosts: [
        usbHost({
          kernel: log([
            hung(1200),
            record('transmit-timeout', 1190, { driver: 'r8152' }),
            hung(60, { count: 3 }),
          ]),
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: `Link/a/${enx}`,
        severity: 'high',
        onset: { from: ago(1200), to: ago(1200) },
        field: 'kernel.records[watchdog]',
        facts: {
          name: enx,
          host: 'a',
          driver: 'r8152',
          times: 5,
          lastAt: Date.parse(ago(60)),
        },
      },
    ],
  },
  {
    name: 'fails: an adapter on PCI is known by its address on the bus',
    world: {
      objects: [],
      hosts: [
        usbHost({
          interfaces: known([pci]),
          addresses: address('eno1'),
          routes: route('eno1'),
          kernel: log([
            record('transmit-hang', 60, {
              usb: undefined,
              about: '0000:00:1f.6',
              driver: 'e1000e',
            }),
          ]),
        }),
      ],
    },
    says: [{ verdict: 'fail', subject: 'Link/a/eno1' }],
  },
  {
    name: 'fails: by its name, where the log is the machine’s own',
    world: {
      objects: [],
      hosts: [usbHost({ kernel: log([hung(60, { usb: undefined, interface: enx })]) })],
    },
    says: [{ verdict: 'fail', subject: `Link/a/${enx}` }],
  },
  {
    name: 'boundary: a quarter of an hour ago it may still go on',
    world: { objects: [], hosts: [usbHost({ kernel: log([hung(900)]) })] },
    says: [{ verdict: 'fail', subject: `Link/a/${enx}` }],
  },
  {
    name: 'past: for longer than that it has been well again',
    world: { objects: [], hosts: [usbHost({ kernel: log([hung(901)]) })] },
    says: [{ verdict: 'past', subject: `Link/a/${enx}` }],
  },
  {
    name: 'boundary: more than an hour ago',
    world: { objects: [], hosts: [usbHost({ kernel: log([hung(3601)]) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: the log may not be read',
    world: { objects: [], hosts: [usbHost({ kernel: unknown('not permitted') })] },
    says: [
      {
        verdict: 'unknown',
        subject: `Link/a/${enx}`,
        severity: 'high',
        facts: { reason: 'forbidden' },
      },
    ],
  },
]);
