import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import {
  baseline,
  enx,
  log,
  nowhere,
  record,
  twoNodes,
  unplugged,
  usbHost,
  usbNic,
  veth,
} from '../../../test/support/links.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import { check } from './usb-nic-disconnected.ts';

const gone = record('usb-disconnect', 300, { text: 'usb 2-1: USB disconnect, device number 2' });
const named = record('link-up', 80_000, { interface: enx, driver: 'r8152' });

const lost = (facts: object): Said => ({
  verdict: 'fail',
  subject: `Link/a/${enx}`,
  severity: 'critical',
  facts: {
    name: enx,
    host: 'a',
    usb: '2-1',
    carriedNodeAddress: true,
    proof: 'kernel-log',
    ...facts,
  },
});

const containerGone = (changes: object): ReturnType<typeof host> =>
  host('a', { interfaces: known([]), ...nowhere, ...changes });

describeCheck(check, [
  ...darkCases('critical'),
  {
    name: 'silent: it is there',
    world: { objects: twoNodes, hosts: [usbHost({ baseline: baseline() })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a stick and a keyboard were pulled out',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          kernel: log([
            { ...gone, usb: '1-4' },
            { ...gone, usb: '1-3' },
          ]),
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: what its machine lost is no loss of a container’s',
    world: {
      objects: twoNodes,
      hosts: [host('a', { kernel: log([named, gone], { shared: true }) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: it was pulled out five minutes ago, and carried the node’s address',
    world: {
      objects: twoNodes,
      hosts: [unplugged({ kernel: log([named, gone]), baseline: baseline() })],
    },
    says: [
      {
        ...lost({}),
        onset: { from: ago(300), to: ago(300) },
        field: 'kernel.records[usb-disconnect]',
      },
    ],
  },
  {
    name: 'fails: without a baseline, the log knows what was plugged in there',
    world: { objects: twoNodes, hosts: [unplugged({ kernel: log([named, gone]) })] },
    says: [lost({})],
  },
  {
    name: 'boundary: a second adapter that carried nothing is of high severity',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          kernel: log([
            { ...named, usb: '2-2', interface: 'enx020000000012' },
            { ...gone, usb: '2-2' },
          ]),
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Link/a/enx020000000012',
        severity: 'high',
        facts: {
          name: 'enx020000000012',
          host: 'a',
          usb: '2-2',
          carriedNodeAddress: false,
          proof: 'kernel-log',
        },
      },
    ],
  },
  {
    name: 'boundary: the node’s address was never on it',
    world: {
      objects: twoNodes,
      hosts: [unplugged({ kernel: log([gone]), baseline: baseline({ address: '192.0.2.99' }) })],
    },
    says: [{ ...lost({ carriedNodeAddress: false }), severity: 'high' }],
  },
  {
    name: 'fails: the ring has forgotten, the baseline has not',
    world: {
      objects: twoNodes,
      hosts: [unplugged({ kernel: unknown('dmesg: not permitted'), baseline: baseline() })],
    },
    says: [
      {
        ...lost({ proof: 'baseline' }),
        onset: { from: ago(7 * 86_400), to: noon },
        field: 'interfaces[].name',
      },
    ],
  },
  {
    name: 'silent: it sits in another port now, and is known by its MAC address',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({ interfaces: known([usbNic({ busPath: '1-4:1.0' })]), baseline: baseline() }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: under another name it is not gone',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          interfaces: known([usbNic({ name: 'eth7' })]),
          ...nowhere,
          baseline: baseline(),
        }),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'silent: a declared uplink that the kernel says was renamed is not gone',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          declared: { addresses: ['192.0.2.11'], uplink: 'lan0' },
          kernel: log([record('rename', 600, { from: 'lan0', interface: enx })]),
        }),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: a container’s end of the pair is gone',
    world: {
      objects: twoNodes,
      hosts: [
        containerGone({
          baseline: baseline({ uplink: { name: 'eth0', index: 2, busPath: undefined } }),
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Link/a/eth0',
        severity: 'critical',
        facts: {
          name: 'eth0',
          host: 'a',
          usb: '',
          carriedNodeAddress: true,
          proof: 'baseline',
        },
      },
    ],
  },
  {
    name: 'fails: the uplink that evenkeel.yaml names is not there',
    world: {
      objects: twoNodes,
      hosts: [containerGone({ declared: { addresses: ['192.0.2.11'], uplink: 'eth0' } })],
    },
    says: [{ verdict: 'fail', subject: 'Link/a/eth0', severity: 'critical' }],
  },
  {
    name: 'silent: a container whose pair has another MAC address after a restart',
    world: {
      objects: twoNodes,
      hosts: [
        host('a', {
          interfaces: known([veth({ mac: '02:00:00:00:00:77', index: 44 })]),
          baseline: baseline({
            uplink: { name: 'eth0', index: 2, busPath: undefined, bootId: 'boot-before' },
          }),
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'past: pulled out once and plugged in again',
    world: {
      objects: twoNodes,
      hosts: [
        usbHost({
          kernel: log([named, gone, record('usb-attach', 280), record('link-up', 270)]),
        }),
      ],
    },
    says: [
      {
        verdict: 'past',
        subject: `Link/a/${enx}`,
        onset: { from: ago(300), to: ago(300) },
        field: 'kernel.records[usb-disconnect]',
      },
    ],
  },
  {
    name: 'boundary: that was more than an hour ago',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ kernel: log([{ ...gone, at: gone.at - 3_301_000 }]) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: again and again is flapping',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ kernel: log([gone, record('usb-disconnect', 60)]) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a host that may be off is off',
    world: {
      objects: twoNodes,
      hosts: [
        {
          ...unplugged({ interfaces: unknown('no answer'), baseline: baseline() }),
          declared: { addresses: [], optional: true },
          reach: {
            state: 'silent',
            reason: 'timed-out',
            detail: 'no answer',
            at: Date.parse(noon),
          },
        },
      ],
    },
    says: [],
  },
  {
    name: 'unknown: interfaces could not be read',
    world: {
      objects: twoNodes,
      hosts: [usbHost({ interfaces: unknown('not permitted'), baseline: baseline() })],
    },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'forbidden' } }],
  },
  {
    name: 'unknown: nothing carries the node, and nothing says what did',
    world: { objects: twoNodes, hosts: [unplugged()] },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'not-collected' } }],
  },
]);
