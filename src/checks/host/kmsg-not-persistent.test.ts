import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases, healthy } from '../../../test/support/host-cases.ts';
import { type HostChanges, host, known } from '../../../test/support/hosts.ts';
import { noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './kmsg-not-persistent.ts';

const made = {
  kmsg: known({ type: 'device', device: { major: 1, minor: 11 }, keptBy: [] }),
} satisfies HostChanges;

const machine = (container: string, initialUserNamespace = true): Host['system'] =>
  healthy('system', { container, initialUserNamespace });

describeCheck(check, [
  {
    name: 'silent: the container’s own configuration binds it',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a machine of its own',
    world: { objects: [], hosts: [host('a', { ...made, system: machine('none') })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: it is missing already, which is another finding',
    world: { objects: [], hosts: [host('a', { kmsg: known({ type: 'missing', keptBy: [] }) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a kubelet in a user namespace does without',
    world: {
      objects: [],
      hosts: [
        host('a', {
          ...made,
          system: machine('lxc', false),
          k3s: healthy('k3s', { featureGates: { KubeletInUserNamespace: 'true' } }),
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: somebody made it by hand',
    world: { objects: [], hosts: [host('a', made)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: noon },
        field: 'kmsg.keptBy',
        facts: { name: 'a', container: 'lxc', type: 'device', target: '', consoleLink: false },
      },
    ],
  },
  {
    name: 'fails: a link to the console, which is gone with the next /dev',
    world: {
      objects: [],
      hosts: [host('a', { kmsg: known({ type: 'link', target: '/dev/console', keptBy: [] }) })],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: {
          name: 'a',
          container: 'lxc',
          type: 'link',
          target: '/dev/console',
          consoleLink: true,
        },
      },
    ],
  },
  ...darkCases('high'),
]);
