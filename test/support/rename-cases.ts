import type { Host } from '../../src/model/objects/host/host.ts';
import type { KernelRecord } from '../../src/model/objects/host/kernel.ts';
import type { CheckCase, Said } from './cases.ts';
import { host, known } from './hosts.ts';
import { log, nowhere, record, twoNodes, veth } from './links.ts';
import { ago, type World } from './snapshot.ts';

const on = (...hosts: Host[]): World => ({ objects: twoNodes, hosts });

/** The uplink under another name. */
export const wan0 = known([veth({ name: 'wan0' })]);

/** `seconds` before noon; as the kernel writes it for veth pairs, with no device. */
export const renamed = (seconds: number, to: string, from = 'eth0'): KernelRecord =>
  record('rename', seconds, {
    usb: undefined,
    interface: to,
    from,
    text: `${to}: renamed from ${from}`,
  });

/** What is said of `eth0` that became `wan0`. */
export const lost = (facts: object): Said => ({
  verdict: 'fail',
  subject: 'Link/a/eth0',
  severity: 'critical',
  facts: {
    name: 'eth0',
    host: 'a',
    how: 'renamed',
    nowName: 'wan0',
    lostAddress: true,
    lostRoute: true,
    address: '192.0.2.11',
    proof: 'ifindex',
    ...facts,
  },
});

/** Of hosts that nobody recorded while all was well. */
export const withoutBaseline: readonly CheckCase[] = [
  {
    name: 'fails: without a baseline, a rename of this boot, its device bare, the node’s address nowhere',
    world: on(
      host('a', {
        interfaces: wan0,
        ...nowhere,
        kernel: log([renamed(400, 'wan0')], { shared: true }),
      }),
    ),
    says: [
      {
        ...lost({ proof: 'kernel-log', lostRoute: false }),
        onset: { from: ago(400), to: ago(400) },
      },
    ],
  },
  {
    name: 'fails: the same, of the uplink that evenkeel.yaml names',
    world: on(
      host('a', {
        declared: { addresses: ['192.0.2.11'], uplink: 'eth0' },
        interfaces: wan0,
        ...nowhere,
        kernel: log([renamed(400, 'wan0')]),
      }),
    ),
    says: [lost({ proof: 'kernel-log', lostRoute: false })],
  },
  {
    name: 'boundary: without a baseline, a rename of udev’s minutes tells nothing',
    world: on(host('a', { interfaces: wan0, ...nowhere, kernel: log([renamed(86_300, 'wan0')]) })),
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'not-collected' } }],
  },
  {
    name: 'boundary: without a baseline, a rename of another network namespace’s interface',
    world: on(
      host('a', {
        interfaces: known([veth({ name: 'lan7' })]),
        ...nowhere,
        kernel: log([renamed(400, 'wan0')]),
      }),
    ),
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'not-collected' } }],
  },
];
