import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known } from '../../../test/support/hosts.ts';
import { noon } from '../../../test/support/snapshot.ts';
import type { FileSystem } from '../../model/objects/host/disk.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './inodes.ts';

function withInodes(inodesFree: number, changes: Partial<FileSystem> = {}): Host {
  const { fileSystems } = host('a');
  const [root] = fileSystems.state === 'known' ? fileSystems.value : [];
  if (!root) throw new Error('the builder knows it');
  return host('a', {
    fileSystems: known([root, { ...root, target: '/var', inodes: 1000, inodesFree, ...changes }]),
  });
}

describeCheck(check, [
  {
    name: 'silent: plenty',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: what counts no inodes',
    world: { objects: [], hosts: [withInodes(0, { inodes: 0 })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: nothing of k3s lies there',
    world: { objects: [], hosts: [withInodes(0, { holds: [] })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: 5 % free',
    world: { objects: [], hosts: [withInodes(50)] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: less than 5 % free',
    world: { objects: [], hosts: [withInodes(49, { holds: ['kubelet'] })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: noon },
        field: 'fileSystems[/var].inodesFree',
        facts: {
          name: 'a',
          mount: '/var',
          holds: ['kubelet'],
          inodes: 1000,
          inodesFree: 49,
          freePercent: 4.9,
        },
      },
    ],
  },
  {
    name: 'fails: less than 1 % free',
    world: { objects: [], hosts: [withInodes(9)] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'critical' }],
  },
  ...darkCases('critical'),
]);
