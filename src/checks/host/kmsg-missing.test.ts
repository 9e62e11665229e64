import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases, healthy } from '../../../test/support/host-cases.ts';
import { type HostChanges, host, known, unit, unknown } from '../../../test/support/hosts.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './kmsg-missing.ts';

const missing = { kmsg: known({ type: 'missing', keptBy: [] }) } satisfies HostChanges;

/** It ends a second after each start. */
const looping = known([
  unit('k3s-agent.service', {
    activeState: 'activating',
    subState: 'auto-restart',
    result: 'exit-code',
    restarts: 7,
    log: [{ at: before(5), text: 'Error: failed to run Kubelet: open /dev/kmsg: no such file' }],
  }),
]);

/** A container whose root is not the machine's. */
function unprivileged(gate: string): Host {
  return host('a', {
    ...missing,
    system: healthy('system', { initialUserNamespace: false }),
    k3s: healthy('k3s', { featureGates: { KubeletInUserNamespace: gate } }),
  });
}

describeCheck(check, [
  {
    name: 'silent: the device is there',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a link that leads to the console',
    world: {
      objects: [],
      hosts: [host('a', { kmsg: known({ type: 'link', target: '/dev/console', keptBy: [] }) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a kubelet in a user namespace that is told to do without',
    world: { objects: [], hosts: [unprivileged('true')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a hypervisor without k3s is no subject',
    world: { objects: [], hosts: [host('pve', { ...missing, units: known([]) })] },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: k3s does not come up without it',
    world: { objects: [], hosts: [host('a', { ...missing, units: looping })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        onset: { from: null, to: ago(86_400) },
        field: 'kmsg.type',
        facts: {
          name: 'a',
          why: 'missing',
          container: 'lxc',
          unitUp: false,
          unit: 'k3s-agent.service',
          restarts: 7,
          named: true,
        },
      },
    ],
  },
  {
    name: 'boundary: k3s still runs, since before it went',
    world: { objects: [], hosts: [host('a', missing)] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'high' }],
  },
  {
    name: 'fails: a link that leads nowhere',
    world: {
      objects: [],
      hosts: [
        host('a', {
          kmsg: known({ type: 'link', target: '/dev/log', dangling: true, keptBy: [] }),
          units: unknown('systemctl is not to be run'),
          system: unknown('no'),
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        facts: { name: 'a', why: 'dangling-link', container: 'unknown', unitUp: 'unknown' },
      },
    ],
  },
  {
    name: 'fails: in a user namespace without the gate',
    world: { objects: [], hosts: [unprivileged('false')] },
    says: [{ verdict: 'fail', subject: 'Host/a' }],
  },
  {
    name: 'unknown: whether its kubelet may do without was not to be seen',
    world: {
      objects: [],
      hosts: [host('a', { ...missing, system: unknown('no'), k3s: unknown('no') })],
    },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'forbidden' } }],
  },
  ...darkCases('critical'),
]);
