import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/model/objects/host/host.ts';
import type { KernelRecord } from '../../src/model/objects/host/kernel.ts';
import { before } from '../support/host-cases.ts';
import { host, known } from '../support/hosts.ts';
import {
  address,
  at,
  baseline,
  log,
  nowhere,
  record,
  route,
  usbHost,
  usbNic,
  veth,
} from '../support/links.ts';
import { lease, pod } from '../support/objects.ts';
import { ago, type RawObject } from '../support/snapshot.ts';
import { audited } from './world.ts';

/** The real checks on whole hosts and objects, from the wire to the incident. */

const well = (name: string, ip: string): RawObject[] => [at(name, ip), lease(name)];

/** Silent for so many seconds, and called so by the controller for 48 fewer. */
const dead = (name: string, ip: string, seconds: number): RawObject[] => [
  at(name, ip, { ready: 'Unknown', since: ago(seconds - 48) }),
  lease(name, { renewed: ago(seconds) }),
];

const stuck = (name: string, on: string): RawObject =>
  pod(name, { node: on, ready: false, since: ago(600), created: ago(9000), deleted: ago(300) });

const renamed = (seconds: number, to: string, from: string): KernelRecord =>
  record('rename', seconds, {
    usb: undefined,
    interface: to,
    from,
    text: `${to}: renamed from ${from}`,
  });

const containerBaseline = baseline({ uplink: { name: 'eth0', index: 2, busPath: undefined } });

/** Its words to the server wait to be acknowledged. */
const cut: Pick<Host, 'serverPath'> = {
  serverPath: known({ address: '192.0.2.10', port: 6443, flowing: 0, stalled: 2, connecting: 1 }),
};

describe('an uplink that was renamed, seen through the hypervisor', () => {
  const told = audited({
    objects: [
      ...well('a', '192.0.2.21'),
      ...dead('b', '192.0.2.11', 608),
      stuck('web-1', 'b'),
      stuck('web-2', 'b'),
    ],
    hosts: [
      host('b', {
        baseline: containerBaseline,
        interfaces: known([veth({ name: 'wan0' })]),
        ...nowhere,
        ...cut,
        kernel: log([renamed(611, 'wan0', 'eth0')], { shared: true }),
      }),
    ],
  });

  test('it is the root of all that followed', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]?.roots).toEqual(['link/interface-renamed Link/b/eth0']);
    expect(told.incidents[0]?.chain).toEqual(
      expect.arrayContaining([
        'node/not-ready Node/b → workload/stuck-terminating Pod/default/web-1',
        'node/not-ready Node/b → workload/stuck-terminating Pod/default/web-2',
      ]),
    );
    expect(told.alone).toEqual([]);
  });
});

describe('crash loops beside the renames that every pod start writes', () => {
  const crashing = pod('csi-a', {
    node: 'a',
    ready: false,
    since: ago(1500),
    container: {
      ready: false,
      restartCount: 12,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
      lastState: {
        terminated: { exitCode: 1, reason: 'Error', startedAt: ago(60), finishedAt: ago(50) },
      },
    },
  });
  const told = audited({
    objects: [...well('a', '192.0.2.11'), ...well('b', '192.0.2.12'), crashing],
    logs: { 'default/csi-a/main': ['failed to connect to CSI driver: context deadline exceeded'] },
    hosts: [
      host('a', {
        baseline: containerBaseline,
        kernel: log(
          [60, 130, 900, 1501].map((seconds) => renamed(seconds, 'eth0', 'tmpe2695')),
          { shared: true },
        ),
      }),
    ],
  });

  test('no link has anything to do with them', () => {
    const links = told.result.findings.filter(
      ({ check, verdict }) => check.startsWith('link/') && verdict !== 'unknown',
    );
    expect(links).toEqual([]);
    expect(told.incidents.flatMap(({ roots }) => roots)).not.toContainEqual(
      expect.stringMatching(/^link/),
    );
  });
});

describe('an adapter of a hypervisor that lost its link', () => {
  const guest = (name: string, ip: string): Host =>
    host(name, {
      declared: { addresses: [ip], hypervisor: 'pve' },
      addresses: address('eth0', ip),
      ...cut,
    });
  const told = audited({
    objects: [
      ...well('c', '192.0.2.31'),
      ...dead('a', '192.0.2.11', 600),
      ...dead('b', '192.0.2.12', 604),
    ],
    hosts: [
      guest('a', '192.0.2.11'),
      guest('b', '192.0.2.12'),
      usbHost({
        metadata: { name: 'pve' },
        declared: { addresses: ['192.0.2.5'] },
        k3s: { state: 'absent' },
        units: known([]),
        system: { state: 'absent' },
        serverPath: { state: 'absent' },
        interfaces: known([
          veth({ name: 'vmbr0', kind: 'bridge', index: 9 }),
          usbNic({ master: 'vmbr0', operstate: 'down', carrier: false }),
        ]),
        addresses: address('vmbr0', '192.0.2.5'),
        routes: route('vmbr0'),
        kernel: log([record('link-down', 601)]),
      }),
    ],
  });

  test('is the one cause of the silence of all its guests', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]?.roots).toEqual(['link/link-down Link/pve/enx020000000011']);
    expect(told.incidents[0]?.chain.filter((each) => each.includes('node/not-ready'))).toHaveLength(
      2,
    );
    expect(told.alone).toEqual([]);
  });
});

describe('a link that is down, and a node that is heard', () => {
  const told = audited({
    objects: [...well('a', '192.0.2.11'), ...well('b', '192.0.2.12')],
    hosts: [
      usbHost({
        declared: { addresses: ['192.0.2.11'], uplink: 'eno1' },
        interfaces: known([
          usbNic(),
          usbNic({
            name: 'eno1',
            bus: 'pci',
            busPath: '0000:02:00.0',
            operstate: 'down',
            carrier: false,
          }),
        ]),
        earlier: { at: before(60), interfaces: [], units: [] },
      }),
    ],
  });

  test('the link is told, and nothing is laid to it', () => {
    const down = told.result.findings.filter(({ check }) => check === 'link/link-down');
    expect(down).toMatchObject([{ verdict: 'fail', subject: { name: 'eno1' } }]);
    expect(told.incidents.flatMap(({ chain }) => chain)).toEqual([]);
  });
});
