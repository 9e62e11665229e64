import { describeCheck } from '../../../test/support/cases.ts';
import { event, object, pod } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './longhorn-host.ts';

const subject = 'Node.longhorn.io/longhorn-system/a';

function longhorn(broken: { readonly [type: string]: string }): RawObject {
  const types = ['Ready', 'Multipathd', 'RequiredPackages', 'KernelModulesLoaded'];
  const conditions = [...types, 'NFSClientInstalled', 'MountPropagation'].map((type) => ({
    type,
    status: broken[type] === undefined ? 'True' : 'False',
    reason: broken[type] === undefined ? '' : `${type}Missing`,
    message: broken[type] ?? '',
    lastProbeTime: '',
    lastTransitionTime: ago(600),
  }));
  const common = { namespace: 'longhorn-system' };
  return object('longhorn.io/v1beta2', 'Node', 'a', { status: { conditions } }, common);
}

const volume = (accessModes: string[]): RawObject =>
  object('v1', 'PersistentVolume', 'pvc-1', { spec: { accessModes }, status: {} });

const busy = event('plex.1', {
  about: { kind: 'Pod', namespace: 'default', name: 'plex' },
  reason: 'FailedMount',
  message: 'mount failed: /dev/longhorn/pvc-1 is apparently in use: device is busy',
});

const noPackage = longhorn({ RequiredPackages: 'open-iscsi is not found in the node.' });
const noNfs = longhorn({ NFSClientInstalled: 'NFS clients are not found' });
const multipath = longhorn({ Multipathd: 'multipathd is running' });

describeCheck(check, [
  {
    name: 'silent: nothing is lacking',
    world: { objects: [longhorn({})] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: Longhorn is not installed',
    world: { objects: [], missing: ['longhornnodes'] },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: no iSCSI on the host',
    world: { objects: [noPackage] },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'high',
        onset: { from: null, to: ago(600) },
        field: 'status.conditions[RequiredPackages].status',
        facts: {
          name: 'a',
          condition: 'RequiredPackages',
          conditions: ['RequiredPackages'],
          reason: 'RequiredPackagesMissing',
          message: 'open-iscsi is not found in the node.',
          severe: true,
          sinceAt: Date.parse(ago(600)),
        },
      },
    ],
  },
  {
    name: 'fails: the root of the host is no shared mount',
    world: { objects: [longhorn({ MountPropagation: 'the node does not support it' })] },
    says: [{ verdict: 'fail', subject, severity: 'high' }],
  },
  {
    name: 'fails: no NFS client, and no volume that is shared',
    world: { objects: [noNfs, volume(['ReadWriteOnce'])] },
    says: [{ verdict: 'fail', subject, severity: 'low' }],
  },
  {
    name: 'fails: no NFS client, and a volume that is shared',
    world: { objects: [noNfs, volume(['ReadWriteMany'])] },
    says: [{ verdict: 'fail', subject, severity: 'high' }],
  },
  {
    name: 'fails: no NFS client, and whether volumes are shared was not to be seen',
    world: { objects: [noNfs], deny: ['persistentvolumes'] },
    says: [{ verdict: 'fail', subject, severity: 'high' }],
  },
  {
    name: 'boundary: multipathd runs, and nothing fails to mount',
    world: { objects: [multipath, pod('plex', { node: 'a' })] },
    says: [{ verdict: 'fail', subject, severity: 'low' }],
  },
  {
    name: 'fails: multipathd runs, and a device is busy',
    world: {
      objects: [
        multipath,
        pod('plex', { node: 'a', metadata: { uid: 'uid-of-default-plex' } }),
        busy,
      ],
    },
    says: [{ verdict: 'fail', subject, severity: 'high' }],
  },
  {
    name: 'unknown: it says nothing of its host',
    world: {
      objects: [object('longhorn.io/v1beta2', 'Node', 'a', {}, { namespace: 'longhorn-system' })],
    },
    says: [{ verdict: 'unknown', subject, severity: 'high', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'unknown: they may not be listed',
    world: { objects: [noPackage], deny: ['longhornnodes'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);
