import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import {
  baseline,
  booted,
  enx,
  log,
  record,
  unplugged,
  usbHost,
  usbNic,
} from '../../../test/support/links.ts';
import { ago, type World } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { KernelRecord } from '../../model/objects/host/kernel.ts';
import { check } from './usb-bus-trouble.ts';

const on = (records: readonly KernelRecord[], changes: Partial<Host> = {}): World => ({
  objects: [],
  hosts: [usbHost({ kernel: log(records), ...changes })],
});

const subject = `Link/a/${enx}`;

const trouble = (facts: object): Said => ({
  verdict: 'fail',
  subject,
  severity: 'high',
  facts: {
    name: enx,
    host: 'a',
    usb: '2-1',
    classes: [],
    times: 1,
    controllerDead: false,
    controller: '',
    lastAt: Date.parse(ago(60)),
    ...facts,
  },
});

const died = record('xhci-dead', 5000, {
  usb: undefined,
  about: '0000:00:14.0',
  text: 'xhci_hcd 0000:00:14.0: HC died; cleaning up',
});

/** Behind a hub of its own. */
const onHub = { interfaces: known([usbNic({ busPath: '2-1.4:1.0' })]) };

describeCheck(check, [
  ...darkCases('critical'),
  { name: 'silent: a quiet bus', world: on([]), says: [], judged: 1 },
  {
    name: 'silent: a stick in another port, that shares no hub',
    world: on([record('usb-enumeration-error', 60, { usb: '2-3' })]),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a container has no adapter on USB, whatever its machine writes',
    world: {
      objects: [],
      hosts: [host('a', { kernel: log([record('usb-reset', 60), died], { shared: true }) })],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: its driver resets it as it is plugged in',
    world: on([record('usb-attach', 130), record('usb-reset', 129), record('usb-reset', 70)]),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: and as the machine boots',
    world: on([record('usb-reset', 240), record('usb-reset', 241)], { system: booted(300) }),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: its driver’s last words as it is pulled out',
    world: on([
      record('transmit-error', 65),
      record('usb-disconnect', 60),
      record('register-error', 55),
    ]),
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a driver that complained for longer than that',
    world: on([record('transmit-error', 66), record('usb-disconnect', 60)]),
    says: [trouble({ classes: ['transmit-error'], lastAt: Date.parse(ago(66)) })],
  },
  {
    name: 'boundary: one reset may be a resume from sleep',
    world: on([record('usb-reset', 60)]),
    says: [],
    judged: 1,
  },
  {
    name: 'fails: two resets within the hour',
    world: on([record('usb-reset', 3600), record('usb-reset', 60)]),
    says: [
      {
        ...trouble({ classes: ['usb-reset'], times: 2 }),
        onset: { from: ago(3600), to: ago(3600) },
        field: 'kernel.records[usb-reset]',
      },
    ],
  },
  {
    name: 'fails: its descriptor cannot be read',
    world: on([record('usb-enumeration-error', 60)]),
    says: [trouble({ classes: ['usb-enumeration-error'] })],
  },
  {
    name: 'fails: its driver reads its registers in vain',
    world: on([record('register-error', 60, { count: 1 })]),
    says: [trouble({ classes: ['register-error'] })],
  },
  {
    name: 'fails: the hub that it hangs on draws too much',
    world: on([record('usb-over-current', 60)], onHub),
    says: [trouble({ usb: '2-1.4', classes: ['usb-over-current'] })],
  },
  {
    name: 'fails: a neighbour on the same hub is in trouble',
    world: on([record('usb-port-error', 60, { usb: '2-1.2' })], onHub),
    says: [trouble({ usb: '2-1.4', classes: ['usb-port-error'] })],
  },
  {
    name: 'past: it has been quiet for more than a quarter of an hour',
    world: on([record('usb-enumeration-error', 901)]),
    says: [{ verdict: 'past', subject }],
  },
  {
    name: 'boundary: it was more than an hour ago',
    world: on([record('usb-enumeration-error', 3601)]),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a controller died on which it does not hang, since it works',
    world: on([died, record('xhci-trouble', 60, { usb: undefined })]),
    says: [],
    judged: 1,
  },
  {
    name: 'fails: the controller died with it, however long ago',
    world: {
      objects: [],
      hosts: [
        unplugged({
          baseline: baseline(),
          kernel: log([record('xhci-trouble', 5100, { usb: undefined }), died]),
        }),
      ],
    },
    says: [
      {
        ...trouble({
          classes: ['xhci-dead'],
          controllerDead: true,
          controller: '0000:00:14.0',
          lastAt: Date.parse(ago(5000)),
        }),
        severity: 'critical',
        field: 'kernel.records[xhci-dead]',
      },
    ],
  },
  {
    name: 'fails: the controller’s words count beside its own',
    world: on([record('xhci-trouble', 70, { usb: undefined }), record('transmit-error', 60)]),
    says: [trouble({ classes: ['transmit-error', 'xhci-trouble'], times: 2 })],
  },
  {
    name: 'unknown: the log may not be read',
    world: { objects: [], hosts: [usbHost({ kernel: unknown('not permitted') })] },
    says: [{ verdict: 'unknown', subject, severity: 'critical', facts: { reason: 'forbidden' } }],
  },
  {
    name: 'unknown: the host has no log',
    world: { objects: [], hosts: [usbHost({ kernel: { state: 'absent' } })] },
    says: [{ verdict: 'unknown', subject, facts: { reason: 'no-answer' } }],
  },
]);
