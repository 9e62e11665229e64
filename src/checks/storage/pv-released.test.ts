import { type CheckCase, describeCheck } from '../../../test/support/cases.ts';
import type { Fields } from '../../../test/support/objects.ts';
import { testPartialScope } from '../../../test/support/scope.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { claim, storageClass, volume } from '../../../test/support/storage.ts';
import { check } from './pv-released.ts';

const plex = { namespace: 'media', name: 'plex', uid: 'uid-of-the-old-plex' };
const released = volume('nfs-plex', {
  phase: 'Released',
  since: ago(7200),
  claim: plex,
  spec: { storageClassName: 'nfs' },
});

/** Claims of the same name again: `uid-of-media-plex` is not the uid that the volume knows. */
const again = (spec: Fields = {}, name = 'plex', phase = 'Pending'): RawObject =>
  claim(name, { namespace: 'media', phase, spec: { storageClassName: 'nfs', ...spec } });

const told = (
  what: string,
  objects: readonly RawObject[],
  severity: 'high' | 'low',
): CheckCase => ({
  name: `boundary: ${severity}, ${what}`,
  world: { objects },
  says: [{ verdict: 'fail', subject: 'PersistentVolume/nfs-plex', severity }],
});

const kept = (spec: Fields, shape: Fields = {}): RawObject =>
  volume('nfs-plex', {
    phase: 'Released',
    since: ago(7200),
    claim: plex,
    spec: { storageClassName: 'nfs', ...spec },
    ...shape,
  });

const nobodyMakes = storageClass('nfs', { provisioner: 'kubernetes.io/no-provisioner' });
const somebodyMakes = storageClass('nfs', { provisioner: 'nfs.csi.k8s.io' });

describeCheck(check, [
  {
    name: 'silent: volumes that are bound or free',
    world: {
      objects: [
        volume('bound', { claim: { namespace: 'media', name: 'sonarr', uid: 'u' } }),
        volume('free', { phase: 'Available' }),
        claim('sonarr', { namespace: 'media' }),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: the claim was made again and waits for the volume that is kept for the old one',
    world: { objects: [released, again()] },
    says: [
      {
        verdict: 'fail',
        subject: 'PersistentVolume/nfs-plex',
        severity: 'high',
        onset: { from: ago(7200), to: ago(7200) },
        field: 'status.phase',
        facts: {
          name: 'nfs-plex',
          why: 'claim-waits',
          claim: 'media/plex',
          claimNamespace: 'media',
          claimName: 'plex',
          pendingClaims: ['media/plex'],
          size: '10Gi',
          class: 'nfs',
          policy: 'Retain',
          sinceAt: Date.parse(ago(7200)),
          forMs: 7_200_000,
        },
      },
    ],
  },
  {
    name: 'fails: nobody asks for it; an old API server does not say since when',
    world: { objects: [volume('nfs-plex', { phase: 'Released', claim: plex })] },
    says: [
      {
        verdict: 'fail',
        subject: 'PersistentVolume/nfs-plex',
        severity: 'low',
        onset: { from: null, to: ago(0) },
        facts: {
          name: 'nfs-plex',
          why: 'left-over',
          claim: 'media/plex',
          claimNamespace: 'media',
          claimName: 'plex',
          pendingClaims: [],
          size: '10Gi',
          class: 'longhorn',
          policy: 'Retain',
        },
      },
    ],
  },
  told(
    'the class has an object, and nobody makes volumes of it',
    [released, again(), nobodyMakes],
    'high',
  ),
  told(
    'the class has a provisioner: that is waited for',
    [released, again(), somebodyMakes],
    'low',
  ),
  told(
    'the claim names the volume, so no provisioner is asked',
    [released, again({ volumeName: 'nfs-plex' }, 'plex-new'), somebodyMakes],
    'high',
  ),
  told('the claim names another volume', [released, again({ volumeName: 'nfs-other' })], 'low'),
  told('another name', [released, again({}, 'plex-new')], 'low'),
  told(
    'another namespace',
    [released, claim('plex', { phase: 'Pending', spec: { storageClassName: 'nfs' } })],
    'low',
  ),
  told('the claim is bound elsewhere', [released, again({}, 'plex', 'Bound')], 'low'),
  told('another class', [released, again({ storageClassName: 'longhorn' })], 'low'),
  told(
    'neither has a class',
    [kept({ storageClassName: null }), again({ storageClassName: '' })],
    'high',
  ),
  told(
    'no class is asked for, and the newest default is the right one',
    [
      released,
      again({ storageClassName: null }),
      storageClass('nfs', {
        provisioner: 'kubernetes.io/no-provisioner',
        isDefault: true,
        created: ago(60),
      }),
      storageClass('a-older', { isDefault: true, created: ago(600) }),
      storageClass('a-newest', { created: ago(6) }),
    ],
    'high',
  ),
  told(
    'the default is told by the older annotation; of two as old the first by name',
    [
      released,
      again({ storageClassName: null }),
      storageClass('z-class', { isDefault: true }),
      storageClass('nfs', {
        provisioner: 'kubernetes.io/no-provisioner',
        annotations: { 'storageclass.beta.kubernetes.io/is-default-class': 'true' },
      }),
    ],
    'high',
  ),
  told(
    'as large as asked',
    [released, again({ resources: { requests: { storage: '10240Mi' } } })],
    'high',
  ),
  told(
    'smaller than asked',
    [released, again({ resources: { requests: { storage: '10241Mi' } } })],
    'low',
  ),
  told(
    'it offers more access modes',
    [kept({ accessModes: ['ReadWriteMany', 'ReadWriteOnce'] }), again()],
    'high',
  ),
  told(
    'an access mode that it does not offer',
    [released, again({ accessModes: ['ReadWriteMany'] })],
    'low',
  ),
  told('a block device is asked for', [released, again({ volumeMode: 'Block' })], 'low'),
  told('a block device is offered', [kept({ volumeMode: 'Block' }), again()], 'low'),
  {
    name: 'silent: its own claim is there again',
    world: {
      objects: [
        volume('nfs-plex', { phase: 'Released', claim: { ...plex, uid: 'uid-of-media-plex' } }),
        again(),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: it is being deleted',
    world: { objects: [kept({}, { deleted: ago(600) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: silent, reclaim policy Delete at work for less than 15 minutes, or who knows',
    world: {
      objects: [
        kept({ persistentVolumeReclaimPolicy: 'Delete' }, { since: ago(899) }),
        volume('old-api', {
          phase: 'Released',
          claim: plex,
          spec: { persistentVolumeReclaimPolicy: 'Delete' },
        }),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'boundary: low, reclaim policy Delete at work for 15 minutes; its data is for nobody to bind',
    world: {
      objects: [kept({ persistentVolumeReclaimPolicy: 'Delete' }, { since: ago(900) }), again()],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'PersistentVolume/nfs-plex',
        severity: 'low',
        facts: {
          name: 'nfs-plex',
          why: 'delete-stuck',
          claim: 'media/plex',
          claimNamespace: 'media',
          claimName: 'plex',
          pendingClaims: [],
          size: '10Gi',
          class: 'nfs',
          policy: 'Delete',
          sinceAt: Date.parse(ago(900)),
          forMs: 900_000,
        },
      },
    ],
  },
  {
    name: 'unknown: claims may not be listed',
    world: { objects: [released], deny: ['persistentvolumeclaims'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);

testPartialScope(check, [released], ['persistentvolumeclaims']);
