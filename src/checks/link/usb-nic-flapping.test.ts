import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import {
  booted,
  enx,
  log,
  looked,
  record,
  usbHost,
  usbNic,
  veth,
} from '../../../test/support/links.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './usb-nic-flapping.ts';

const changed = (carrierChanges: number): Host['interfaces'] => known([usbNic({ carrierChanges })]);

const flapping = (facts: object): Said => ({
  verdict: 'fail',
  subject: `Link/a/${enx}`,
  severity: 'high',
  facts: { name: enx, host: 'a', disconnects: 0, changes: 0, forMs: 3_600_000, ...facts },
});

const pulled = (seconds: number): ReturnType<typeof record> => record('usb-disconnect', seconds);
const fell = (seconds: number, count = 1): ReturnType<typeof record> =>
  record('link-down', seconds, { interface: enx, count });

const container = (changes: Partial<Host>): Host => host('a', changes);

describeCheck(check, [
  ...darkCases('high'),
  {
    name: 'silent: one look is enough where its carrier changed twice since it came to be',
    world: { objects: [], hosts: [usbHost()] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: pulled out once within the hour',
    world: { objects: [], hosts: [usbHost({ kernel: log([pulled(3601), pulled(60)]) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: pulled out twice within the hour',
    world: { objects: [], hosts: [usbHost({ kernel: log([pulled(3600), pulled(60)]) })] },
    says: [
      {
        ...flapping({ disconnects: 2 }),
        onset: { from: ago(3600), to: ago(3600) },
        field: 'kernel.records[usb-disconnect]',
      },
    ],
  },
  {
    name: 'silent: somebody else’s stick was pulled out twice',
    world: {
      objects: [],
      hosts: [
        usbHost({ kernel: log([pulled(60), pulled(30)].map((it) => ({ ...it, usb: '1-4' }))) }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: the host booted within the hour',
    world: {
      objects: [],
      hosts: [usbHost({ system: booted(3599), kernel: log([pulled(300), pulled(60)]) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: its carrier changed three times between the looks',
    world: {
      objects: [],
      hosts: [usbHost({ interfaces: changed(13), earlier: looked(1800, { carrierChanges: 10 }) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: it changed four times between the looks, and the log says nothing',
    world: {
      objects: [],
      hosts: [usbHost({ interfaces: changed(14), earlier: looked(1800, { carrierChanges: 10 }) })],
    },
    says: [
      {
        ...flapping({ changes: 4 }),
        onset: { from: ago(1800), to: noon },
        field: 'interfaces[].carrierChanges',
      },
    ],
  },
  {
    name: 'boundary: seven changes within two hours are fewer than four within one',
    world: {
      objects: [],
      hosts: [usbHost({ interfaces: changed(17), earlier: looked(7200, { carrierChanges: 10 }) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: one look, and the kernel wrote two falls of the link within the hour',
    world: {
      objects: [],
      hosts: [usbHost({ interfaces: changed(40), kernel: log([fell(900), fell(60)]) })],
    },
    says: [flapping({ changes: 4 })],
  },
  {
    name: 'fails: the same again and again is kept as the first and the last with a count',
    world: {
      objects: [],
      hosts: [usbHost({ interfaces: changed(40), kernel: log([fell(900), fell(60, 19)]) })],
    },
    says: [flapping({ changes: 40 })],
  },
  {
    name: 'unknown: the first of many lies too far back to tell how many fall into the hour',
    world: {
      objects: [],
      hosts: [usbHost({ interfaces: changed(40), kernel: log([fell(9000), fell(60, 19)]) })],
    },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'needs-agent' } }],
  },
  {
    name: 'unknown: a container’s carrier changed often since it started, and no line tells when',
    world: {
      objects: [],
      hosts: [container({ interfaces: known([veth({ carrierChanges: 4 })]) })],
    },
    says: [
      {
        verdict: 'unknown',
        subject: 'Link/a/eth0',
        severity: 'high',
        facts: { reason: 'needs-agent' },
      },
    ],
  },
  {
    name: 'unknown: plugged in anew it counts from nothing again, and the log is not to be read',
    world: {
      objects: [],
      hosts: [
        usbHost({
          interfaces: changed(1),
          earlier: looked(1800, { index: 2 }),
          kernel: unknown('not permitted'),
        }),
      ],
    },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'needs-agent' } }],
  },
  {
    name: 'unknown: the log’s ring goes back ten minutes only',
    world: {
      objects: [],
      hosts: [usbHost({ kernel: log([], { sinceAt: Date.parse(ago(600)) }) })],
    },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'needs-agent' } }],
  },
  {
    name: 'boundary: another interface’s count is not its own',
    world: {
      objects: [],
      hosts: [
        usbHost({
          interfaces: changed(14),
          earlier: looked(1800, { name: 'eth9', carrierChanges: 10 }),
        }),
      ],
    },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'needs-agent' } }],
  },
]);
