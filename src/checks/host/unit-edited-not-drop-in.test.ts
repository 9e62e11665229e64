import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unit } from '../../../test/support/hosts.ts';
import { noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './unit-edited-not-drop-in.ts';

const line = "/bin/sh -c 'test -e /dev/kmsg || mknod /dev/kmsg c 1 11'";
const modprobe = '/sbin/modprobe overlay';

function withPre(execStartPre: string[], execStartPreInDropIns: string[]): Host {
  const changes = { execStartPre, execStartPreInDropIns };
  return host('a', { units: known([unit('k3s-agent.service', changes)]) });
}

describeCheck(check, [
  {
    name: 'silent: as the installer writes it',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: the same line in a drop-in stays',
    world: { objects: [], hosts: [withPre([modprobe, line], [line])] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: the line stands in the unit itself',
    world: { objects: [], hosts: [withPre([modprobe, line], [])] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'medium',
        onset: { from: null, to: noon },
        field: 'units[k3s-agent.service].execStartPre',
        facts: {
          name: 'a',
          unit: 'k3s-agent.service',
          path: '/etc/systemd/system/k3s-agent.service',
          lines: [line],
          line,
        },
      },
    ],
  },
  ...darkCases('medium'),
]);
