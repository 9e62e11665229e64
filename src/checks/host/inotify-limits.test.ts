import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unit, unknown } from '../../../test/support/hosts.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './inotify-limits.ts';

function using(inotifyInstances: number, filesOpen = 1): Pick<Host, 'limits'> {
  const most = { inotifyInstancesMax: 128, filesMax: 1000 };
  return { limits: known({ ...most, inotifyInstances, filesOpen, sysctls: {} }) };
}

const text = 'failed to create fsnotify watcher: too many open files';
const complaint = {
  units: known([unit('k3s-agent.service', { log: [{ at: before(60), text }] })]),
};

describeCheck(check, [
  {
    name: 'silent: enough of both',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: just below 90 %',
    world: { objects: [], hosts: [host('a', using(115))] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: 90 % of the instances are taken',
    world: { objects: [], hosts: [host('a', using(116))] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'medium',
        onset: { from: null, to: noon },
        field: 'limits[fs.inotify.max_user_instances]',
        facts: {
          name: 'a',
          limit: 'fs.inotify.max_user_instances',
          used: 116,
          most: 128,
          usedPercent: 90,
          complained: false,
          line: '',
        },
      },
    ],
  },
  {
    name: 'fails: open files are scarcer still, and k3s complains',
    world: { objects: [], hosts: [host('a', { ...using(120, 990), ...complaint })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: ago(60) },
        field: 'limits[fs.file-max]',
      },
    ],
  },
  {
    name: 'fails: k3s complains, and the limits were not to be seen',
    world: { objects: [], hosts: [host('a', { ...complaint, limits: unknown('no') })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        field: 'units[].log',
        facts: { name: 'a', limit: 'unknown', complained: true, line: text },
      },
    ],
  },
  ...darkCases('high'),
]);
