import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import { baseline, enx, unplugged, usbDevice, usbHost } from '../../../test/support/links.ts';
import { noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './autosuspend-on.ts';

const sleepy = (changes: Parameters<typeof usbDevice>[0]): Host =>
  usbHost({ usb: known([usbDevice({ powerControl: 'auto', ...changes })]) });

const said = (facts: object): Said => ({
  verdict: 'fail',
  subject: `Link/a/${enx}`,
  severity: 'medium',
  onset: { from: null, to: noon },
  field: 'usb[].powerControl',
  facts: { name: enx, host: 'a', usb: '2-1', heldAwake: false, suspendedMs: 0, ...facts },
});

describeCheck(check, [
  ...darkCases('medium'),
  {
    name: 'silent: it is kept on',
    world: { objects: [], hosts: [usbHost()] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a stick may sleep',
    world: {
      objects: [],
      hosts: [
        usbHost({ usb: known([usbDevice(), usbDevice({ path: '1-4', powerControl: 'auto' })]) }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: no adapter on USB',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: one that is gone does not sleep',
    world: { objects: [], hosts: [unplugged({ baseline: baseline() })] },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: the kernel may suspend it, and did',
    world: {
      objects: [],
      hosts: [sleepy({ runtimeStatus: 'suspended', runtimeUsage: 0, suspendedMs: 60_000 })],
    },
    says: [said({ suspendedMs: 60_000 })],
  },
  {
    name: 'boundary: awake now, it slept before',
    world: { objects: [], hosts: [sleepy({ suspendedMs: 1 })] },
    says: [said({ suspendedMs: 1 })],
  },
  {
    name: 'boundary: nobody uses it',
    world: { objects: [], hosts: [sleepy({ runtimeUsage: 0 })] },
    says: [said({})],
  },
  {
    name: 'boundary: its driver has held it awake all the time',
    world: { objects: [], hosts: [sleepy({})] },
    says: [{ ...said({ heldAwake: true }), severity: 'low' }],
  },
  {
    name: 'unknown: the USB tree could not be read',
    world: { objects: [], hosts: [usbHost({ usb: unknown('not permitted') })] },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'forbidden' } }],
  },
  {
    name: 'unknown: its setting could not be read',
    world: { objects: [], hosts: [usbHost({ usb: known([]) })] },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'no-answer' } }],
  },
]);
