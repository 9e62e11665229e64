import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { known } from '../../../test/support/hosts.ts';
import { enx, looked, noPackets, usbHost, usbNic } from '../../../test/support/links.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Interface } from '../../model/objects/host/net.ts';
import { check } from './errors-rising.ts';

type Statistics = Partial<Interface['statistics']>;

const packets = { rxPackets: 1e6, txPackets: 1e6 };

/** Two looks, 100 s apart, and what was counted at each. */
function counted(then: Statistics, now: Statistics, changes: Partial<Host> = {}): Host {
  return usbHost({
    interfaces: known([usbNic({ statistics: { ...noPackets, ...packets, ...now } })]),
    earlier: looked(100, { statistics: { ...noPackets, ...packets, ...then } }),
    ...changes,
  });
}

const rising = (facts: object): Said => ({
  verdict: 'fail',
  subject: `Link/a/${enx}`,
  severity: 'medium',
  facts: {
    name: enx,
    host: 'a',
    errorsPerSecond: 2,
    dropsPerSecond: 0,
    errorPercent: 0.1,
    overMs: 100_000,
    ...facts,
  },
});

/** 200,000 packets between the looks, of which so many are errors. */
const busy = { rxPackets: 1_100_000, txPackets: 1_099_800 };

describeCheck(check, [
  ...darkCases('high'),
  {
    name: 'silent: never an error since it came to be, by one look',
    world: { objects: [], hosts: [usbHost()] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: one a second',
    world: { objects: [], hosts: [counted({}, { rxErrors: 100 })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: two a second, one in a thousand',
    world: { objects: [], hosts: [counted({}, { rxErrors: 200, ...busy })] },
    says: [
      {
        ...rising({}),
        onset: { from: ago(100), to: noon },
        field: 'interfaces[].statistics',
      },
    ],
  },
  {
    name: 'fails: errors of every kind add up; one in a hundred is a high risk',
    world: {
      objects: [],
      hosts: [
        counted(
          { rxErrors: 10, txErrors: 20, rxMissed: 30, txDropped: 40 },
          {
            rxErrors: 510,
            txErrors: 520,
            rxMissed: 530,
            txDropped: 540,
            rxPackets: 1_099_000,
            txPackets: 1_099_000,
          },
        ),
      ],
    },
    says: [{ ...rising({ errorsPerSecond: 20, errorPercent: 1 }), severity: 'high' }],
  },
  {
    name: 'silent: no more than three times its own average since boot',
    world: { objects: [], hosts: [counted({ rxErrors: 86_300 }, { rxErrors: 86_600 })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: more than three times its own average',
    world: {
      objects: [],
      hosts: [counted({ rxErrors: 86_300 }, { rxErrors: 86_610, ...busy })],
    },
    says: [rising({ errorsPerSecond: 3.1, errorPercent: 0.2 })],
  },
  {
    name: 'silent: received and dropped slowly: protocols that nobody here speaks',
    world: { objects: [], hosts: [counted({ rxDropped: 5 }, { rxDropped: 2005 })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: received and dropped fast',
    world: { objects: [], hosts: [counted({ rxDropped: 5 }, { rxDropped: 2105 })] },
    says: [rising({ errorsPerSecond: 0, dropsPerSecond: 21, errorPercent: 0 })],
  },
  {
    name: 'silent: drops no faster than ever',
    world: {
      objects: [],
      hosts: [counted({ rxDropped: 863_000 }, { rxDropped: 866_000 })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: the link came up between the looks, where a burst is ordinary',
    world: {
      objects: [],
      hosts: [
        counted(
          {},
          {},
          {
            interfaces: known([
              usbNic({ carrierChanges: 4, statistics: { ...noPackets, rxErrors: 200 } }),
            ]),
          },
        ),
      ],
    },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'needs-agent' } }],
  },
  {
    name: 'unknown: one look, and errors some time since boot',
    world: {
      objects: [],
      hosts: [
        usbHost({ interfaces: known([usbNic({ statistics: { ...noPackets, rxErrors: 1 } })]) }),
      ],
    },
    says: [
      {
        verdict: 'unknown',
        subject: `Link/a/${enx}`,
        severity: 'high',
        facts: { reason: 'needs-agent' },
      },
    ],
  },
  {
    name: 'unknown: plugged in anew, it counts from nothing',
    world: {
      objects: [],
      hosts: [
        counted(
          {},
          { rxErrors: 900 },
          { earlier: looked(100, { index: 2, statistics: noPackets }) },
        ),
      ],
    },
    says: [{ verdict: 'unknown', subject: `Link/a/${enx}`, facts: { reason: 'needs-agent' } }],
  },
]);
