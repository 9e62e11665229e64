import { type CheckCase, describeCheck } from '../../../test/support/cases.ts';
import { event, type Fields, pod } from '../../../test/support/objects.ts';
import { testPartialScope } from '../../../test/support/scope.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { claim, storageClass, volume } from '../../../test/support/storage.ts';
import type { Facts } from '../../model/finding.ts';
import { check } from './pvc-pending.ts';

const media = { namespace: 'media' } as const;
const key = 'PersistentVolumeClaim/media/plex';

const pending = (spec: Fields = {}, common: Fields = {}): RawObject =>
  claim('plex', { ...media, phase: 'Pending', created: ago(600), spec, ...common });

const user = (name = 'plex-0', shape: Fields = {}): RawObject =>
  pod(name, {
    ...media,
    claims: ['plex'],
    created: ago(600),
    phase: 'Pending',
    ready: false,
    ...shape,
  });

const said = (reason: string, message: string, shape: Fields = {}): RawObject =>
  event(`plex.${reason}.${message.length}`, {
    about: { kind: 'PersistentVolumeClaim', name: 'plex', ...media },
    reason,
    message,
    type: reason === 'ProvisioningFailed' ? 'Warning' : 'Normal',
    ...shape,
  });

const waitsFor = 'Waiting for a volume to be created';
const asked = said('ExternalProvisioning', waitsFor, { last: ago(5) });
const longhorn = storageClass('longhorn');
const waiting = storageClass('longhorn', { waits: true });
const nobodyMakes = storageClass('nfs', { provisioner: 'kubernetes.io/no-provisioner' });
const nfs = { storageClassName: 'nfs' };

const basis = {
  name: 'plex',
  namespace: 'media',
  volume: '',
  class: 'longhorn',
  provisioner: 'driver.longhorn.io',
  pods: [],
  message: '',
  notSeen: [],
  sinceAt: Date.parse(ago(600)),
  forMs: 600_000,
};

const because = (name: string, objects: readonly RawObject[], more: Facts = {}): CheckCase => ({
  name: `fails: ${name}`,
  world: { objects },
  says: [
    { verdict: 'fail', subject: key, facts: { ...basis, why: name.split(':')[0] ?? '', ...more } },
  ],
});

const silent = (what: string, objects: readonly RawObject[]): CheckCase => ({
  name: `boundary: silent, ${what}`,
  world: { objects },
  says: [],
  judged: 1,
});

const noClassObject = { class: 'nfs', provisioner: '' };
const noProvisioner = { class: 'nfs', provisioner: 'kubernetes.io/no-provisioner' };
const free = (name: string, spec: Fields = {}): RawObject =>
  volume(name, { phase: 'Available', spec: { storageClassName: 'nfs', ...spec } });
const old = { namespace: 'media', name: 'plex', uid: 'uid-of-the-old-plex' };
const released = (name: string, spec: Fields = {}): RawObject =>
  volume(name, { phase: 'Released', claim: old, spec: { storageClassName: 'nfs', ...spec } });

describeCheck(check, [
  {
    name: 'silent: a bound claim, and one that waits for its first consumer and has none',
    world: {
      objects: [
        claim('sonarr', media),
        pending(),
        waiting,
        user('done', { phase: 'Succeeded' }),
        user('evicted', { phase: 'Failed' }),
        user('elsewhere', { namespace: 'default' }),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: the provisioner is asked and nobody answers, while a pod waits',
    world: { objects: [pending(), longhorn, user(), asked] },
    says: [
      {
        verdict: 'fail',
        subject: key,
        severity: 'high',
        onset: { from: ago(600), to: ago(600) },
        field: 'status.phase',
        facts: { ...basis, why: 'provisioner-silent', pods: ['plex-0'], message: waitsFor },
      },
    ],
  },
  {
    name: 'boundary: medium while no pod waits',
    world: { objects: [pending(), longhorn] },
    says: [{ verdict: 'fail', subject: key, severity: 'medium' }],
  },
  silent('pending for 2 minutes', [pending({}, { created: ago(120) }), longhorn]),
  because('other: pending for 121 s', [pending({}, { created: ago(121) }), longhorn], {
    sinceAt: Date.parse(ago(121)),
    forMs: 121_000,
  }),
  silent('the first pod that uses it came 2 minutes ago', [
    pending(),
    waiting,
    user('plex-0', { created: ago(120) }),
  ]),
  because(
    'waiting-for-consumer: the first pod that uses it came 121 s ago',
    [
      pending(),
      waiting,
      user('plex-1', { created: ago(5) }),
      user('plex-0', { created: ago(121) }),
    ],
    { pods: ['plex-0', 'plex-1'], sinceAt: Date.parse(ago(121)), forMs: 121_000 },
  ),
  because(
    'provisioner-silent: the scheduler has chosen a node, so the provisioner has been asked',
    [
      pending({}, { annotations: { 'volume.kubernetes.io/selected-node': 'a' } }),
      waiting,
      user(),
      asked,
    ],
    { pods: ['plex-0'], message: waitsFor },
  ),
  because(
    'other: the provisioner is at work',
    [pending(), longhorn, asked, said('Provisioning', 'is provisioning', { last: ago(4) })],
    { message: 'is provisioning' },
  ),
  because(
    'other: the provisioner answered and failed',
    [
      pending(),
      longhorn,
      asked,
      said('ProvisioningFailed', 'context deadline exceeded', { last: ago(60) }),
    ],
    { message: 'context deadline exceeded' },
  ),
  because(
    'capacity: the provisioner says so, lately',
    [
      pending(),
      longhorn,
      said('ProvisioningFailed', 'not enough storage: ResourceExhausted', { last: ago(60) }),
      said('ProvisioningFailed', 'these access modes are not for me', { last: ago(120) }),
    ],
    { message: 'not enough storage: ResourceExhausted' },
  ),
  because(
    'access-mode: the provisioner says so',
    [pending(), longhorn, said('ProvisioningFailed', 'only ReadWriteOnce access modes')],
    { message: 'only ReadWriteOnce access modes' },
  ),
  because('other: nothing was said of this claim, only of others', [
    pending(),
    longhorn,
    event('x.1', { about: { kind: 'Pod', name: 'plex', ...media }, reason: 'R', message: 'm' }),
    said('ExternalProvisioning', 'm', {
      about: { kind: 'PersistentVolumeClaim', name: 'other', ...media },
    }),
    said('ExternalProvisioning', 'more', {
      about: { kind: 'PersistentVolumeClaim', name: 'plex', namespace: 'x' },
    }),
  ]),
  {
    name: 'fails: what the provisioner said may not be read, and it says so',
    world: { objects: [pending(), longhorn, asked], deny: ['events', 'persistentvolumes'] },
    says: [
      {
        verdict: 'fail',
        subject: key,
        facts: {
          ...basis,
          why: 'other',
          notSeen: ['events', 'persistentvolumes'].map(
            (name) => `${name}: not allowed in this test`,
          ),
        },
      },
    ],
  },
  because('class-missing: nobody made that class', [pending(nfs)], noClassObject),
  because(
    'class-missing: volumes of it there are, all taken',
    [pending(nfs), volume('nfs-1', { spec: nfs })],
    noClassObject,
  ),
  because('no-default-class: none is asked for', [pending({ storageClassName: null }), longhorn], {
    class: '',
    provisioner: '',
  }),
  because(
    'other: no class is wanted, and no volume is there',
    [pending({ storageClassName: '' }), storageClass('longhorn', { isDefault: true })],
    { class: '', provisioner: '' },
  ),
  because(
    'provisioner-silent: of several default classes the newest is asked',
    [
      pending({ storageClassName: null }),
      storageClass('longhorn', { isDefault: true, created: ago(60) }),
      storageClass('local-path', { isDefault: true, created: ago(61) }),
      asked,
    ],
    { message: waitsFor },
  ),
  because(
    'released-volume: it is kept for the claim before this one',
    [pending(nfs), released('nfs-b'), released('nfs-a')],
    { ...noClassObject, volume: 'nfs-a' },
  ),
  because(
    'released-volume: the claim names it, though its class has a provisioner',
    [
      pending({ ...nfs, volumeName: 'nfs-a' }),
      storageClass('nfs', { provisioner: 'nfs.csi.k8s.io', waits: true }),
      released('nfs-a'),
    ],
    { class: 'nfs', provisioner: 'nfs.csi.k8s.io', volume: 'nfs-a' },
  ),
  because(
    'other: a provisioner makes it a new volume, whatever was released',
    [pending(nfs), storageClass('nfs', { provisioner: 'nfs.csi.k8s.io' }), released('nfs-a')],
    { class: 'nfs', provisioner: 'nfs.csi.k8s.io' },
  ),
  because(
    'class-missing: what was released is about to be deleted',
    [pending(nfs), released('nfs-a', { persistentVolumeReclaimPolicy: 'Delete' })],
    noClassObject,
  ),
  because(
    'access-mode: no free volume offers it',
    [pending({ ...nfs, accessModes: ['ReadWriteMany'] }), nobodyMakes, free('nfs-1')],
    noProvisioner,
  ),
  because(
    'capacity: no free volume that offers the mode is large enough',
    [
      pending(nfs),
      nobodyMakes,
      free('nfs-1', { capacity: { storage: '9Gi' } }),
      free('nfs-2', { capacity: { storage: '99Gi' }, volumeMode: 'Block' }),
    ],
    noProvisioner,
  ),
  because(
    'other: a free volume would do',
    [pending(nfs), nobodyMakes, free('nfs-1')],
    noProvisioner,
  ),
  because(
    'waiting-for-consumer: a free volume would do, and the scheduler is to choose',
    [
      pending(nfs),
      storageClass('nfs', { provisioner: 'kubernetes.io/no-provisioner', waits: true }),
      free('nfs-1'),
      user(),
    ],
    { ...noProvisioner, pods: ['plex-0'] },
  ),
  because(
    'other: every volume of the class is taken',
    [pending(nfs), nobodyMakes, volume('nfs-1', { spec: nfs })],
    noProvisioner,
  ),
  because(
    'capacity: the volume that it names is too small',
    [
      pending({ ...nfs, volumeName: 'nfs-1' }),
      free('nfs-1', { capacity: { storage: '9Gi' } }),
      free('nfs-2'),
    ],
    { ...noClassObject, volume: 'nfs-1' },
  ),
  {
    name: 'unknown: StorageClasses may not be listed',
    world: { objects: [pending()], deny: ['storageclasses'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);

testPartialScope(check, [pending(), longhorn], ['pods']);
