import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import { veth } from '../../../test/support/links.ts';
import { noon, type World } from '../../../test/support/snapshot.ts';
import type { Networkd, NetworkdFile } from '../../model/networkd.ts';
import { check } from './networkd-may-grab-cni.ts';

const file = (path: string, changes: Partial<NetworkdFile>): NetworkdFile => ({
  path: `/etc/systemd/network/${path}`,
  kind: 'network',
  matchNames: [],
  matchOther: [],
  unmanaged: false,
  ...changes,
});

const uplinkOnly = file('10-uplink.network', { matchNames: ['eth0'] });

const on = (
  files: readonly NetworkdFile[],
  changes: Partial<Networkd> = {},
  names: readonly string[] = [],
): World => ({
  objects: [],
  hosts: [
    host('a', {
      interfaces: known([veth(), ...names.map((name, n) => veth({ name, index: 9 + n }))]),
      networkd: known({ active: true, files: [...files], udevRules: [], ...changes }),
    }),
  ],
});

const cilium = ['cilium_host', 'cilium_net'];

const taken = (path: string, interfaces: readonly string[]): Said => ({
  verdict: 'fail',
  subject: 'Link/a/eth0',
  severity: 'high',
  onset: { from: null, to: noon },
  field: 'networkd.files[].matchNames',
  facts: {
    name: 'eth0',
    host: 'a',
    why: 'matched',
    files: [`/etc/systemd/network/${path}`],
    interfaces,
    settings: [],
  },
});

const all = [
  'veth1a2b3c4d',
  'lxc1a2b3c4d5e6f',
  'lxc_health',
  'cilium_host',
  'cilium_net',
  'cilium_vxlan',
  'cni0',
  'flannel.1',
  'cali1a2b3c4d5e6',
  'vxlan.calico',
];

describeCheck(check, [
  ...darkCases('high'),
  {
    name: 'silent: files match the uplink only, and what no file matches is left alone',
    world: on([
      uplinkOnly,
      file('20-wired.network', { matchNames: ['en*', 'eth[0-3]', 'usb?'] }),
      file('80-container-ve.network', {
        matchNames: ['ve-*'],
        matchOther: ['Kind=veth', 'Driver=veth'],
      }),
      file('30-lan.network', { matchOther: ['MACAddress=02:00:00:00:00:11'] }),
      file('40-nothing.network', {}),
    ]),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: networkd does not run',
    world: on([file('20-all.network', { matchNames: ['*'] })], { active: false }),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: there is no networkd',
    world: { objects: [], hosts: [host('a', { networkd: { state: 'absent' } })] },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: an earlier file tells it to leave them alone',
    world: on([
      file('05-cni.network', {
        matchNames: ['veth*', 'lxc*', 'cilium*', 'cni*', 'flannel*', 'cali*', 'vxlan.calico'],
        unmanaged: true,
      }),
      file('20-all.network', { matchNames: ['*'] }),
    ]),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a link file renames, and configures nothing',
    world: on([file('20-all.link', { kind: 'link', matchNames: ['*'] })]),
    says: [],
    judged: 1,
  },
  {
    name: 'fails: a file for every name',
    world: on([uplinkOnly, file('20-all.network', { matchNames: ['*'] })]),
    says: [taken('20-all.network', all)],
  },
  {
    name: 'fails: a file for everything that looks like Ethernet',
    world: on([file('20-ether.network', { matchOther: ['Type=ether'] })]),
    says: [taken('20-ether.network', all)],
  },
  {
    name: 'fails: a file for all but some',
    world: on([
      file('20-not.network', {
        matchNames: ['!lo', '!veth*', '!lxc*', '!c[ai]l*', '!flannel.?', '!vxlan*'],
      }),
    ]),
    says: [taken('20-not.network', ['cni0'])],
  },
  {
    name: 'fails: the file that tells it to leave them alone comes too late',
    world: on([
      file('20-cni.network', { matchNames: ['cni*'] }),
      file('90-cni.network', { matchNames: ['cni*'], unmanaged: true }),
    ]),
    says: [taken('20-cni.network', ['cni0'])],
  },
  {
    name: 'fails: beside Cilium it would drop routes and rules that it did not set',
    world: on([uplinkOnly], {}, cilium),
    says: [
      {
        verdict: 'fail',
        subject: 'Link/a/eth0',
        severity: 'high',
        field: 'networkd.manageForeignRoutes',
        facts: {
          name: 'eth0',
          host: 'a',
          why: 'foreign-routes',
          files: [],
          interfaces: [],
          settings: ['ManageForeignRoutes', 'ManageForeignRoutingPolicyRules'],
        },
      },
    ],
  },
  {
    name: 'boundary: beside Cilium, told to keep both',
    world: on(
      [uplinkOnly],
      { manageForeignRoutes: false, manageForeignRoutingPolicyRules: false },
      cilium,
    ),
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: beside Cilium, told to keep routes only',
    world: on([uplinkOnly], { manageForeignRoutes: false }, cilium),
    says: [{ verdict: 'fail', subject: 'Link/a/eth0' }],
  },
  {
    name: 'silent: beside Cilium, with no link of its own to manage',
    world: on([], {}, cilium),
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: its files could not be read',
    world: { objects: [], hosts: [host('a', { networkd: unknown('not permitted') })] },
    says: [{ verdict: 'unknown', subject: 'Link/a/eth0', facts: { reason: 'forbidden' } }],
  },
]);
