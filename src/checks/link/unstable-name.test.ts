import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import { baseline, usbHost, usbNic } from '../../../test/support/links.ts';
import { noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './unstable-name.ts';

const called = (name: string, nameAssignType: number | undefined, bus = 'usb'): Host =>
  usbHost({ interfaces: known([usbNic({ name, nameAssignType, bus })]) });

describeCheck(check, [
  ...darkCases('low'),
  {
    name: 'silent: named after its MAC address',
    world: { objects: [], hosts: [usbHost()] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a container’s eth0 is no adapter on USB',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: an adapter that is soldered on',
    world: { objects: [], hosts: [called('eth0', 1, 'pci')] },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: a rule gave it that name',
    world: { objects: [], hosts: [called('eth0', 4)] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: the kernel numbered it as it came',
    world: { objects: [], hosts: [called('eth0', 1)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Link/a/eth0',
        severity: 'low',
        onset: { from: null, to: noon },
        field: 'interfaces[].name',
        facts: { name: 'eth0', host: 'a', usb: '2-1', mac: '02:00:00:00:00:11' },
      },
    ],
  },
  {
    name: 'fails: as do drivers of USB classes',
    world: { objects: [], hosts: [called('usb0', undefined)] },
    says: [{ verdict: 'fail', subject: 'Link/a/usb0' }],
  },
  {
    name: 'unknown: interfaces could not be read',
    world: {
      objects: [],
      hosts: [usbHost({ interfaces: unknown('not permitted'), baseline: baseline() })],
    },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'forbidden' } }],
  },
]);
