import { expect, test } from 'vitest';
import { describeCheck, runOne } from '../../../test/support/cases.ts';
import { less } from '../../../test/support/facts.ts';
import {
  claim,
  db,
  type Fields,
  failed,
  multiAttach,
  noSecret,
  notRegistered,
  summary,
} from '../../../test/support/mounts.ts';
import { object } from '../../../test/support/objects.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { Facts } from '../../model/finding.ts';
import { check } from './mount-failed.ts';

const fails = (facts: Facts = {}) => ({
  verdict: 'fail' as const,
  subject: 'Pod/default/db',
  facts: {
    name: 'db',
    namespace: 'default',
    node: 'k3s1',
    why: 'driver-not-registered',
    volume: 'pvc-1',
    driver: 'driver.longhorn.io',
    message: notRegistered,
    event: 'default/db.1',
    lastAt: Date.parse(ago(100)),
    notSeen: [],
    ...facts,
  },
});

/** Of a message that names no driver. */
const failsBy = (facts: Facts) => ({ ...fails(), facts: less(fails(facts).facts, 'driver') });
const withSecret = db({
  claims: [],
  volumes: [{ name: 'certs', secret: { secretName: 'web-tls' } }],
});
const noKey =
  'MountVolume.SetUp failed for volume "certs" : references non-existent secret key: tls.crt';
const tlsFields = { type: 'kubernetes.io/tls', data: { 'tls.crt': 'YQ==', 'tls.key': 'Yg==' } };
const tls = object('v1', 'Secret', 'web-tls', tlsFields, { namespace: 'default' });
const elsewhere = object('v1', 'Secret', 'web-tls', tlsFields, { namespace: 'other' });
const tlsShape = { secretType: 'kubernetes.io/tls', secretKeys: 2 };
const unseenSecrets = 'secrets: not allowed in this test';
const wantsSecret = {
  why: 'missing-secret',
  volume: 'certs',
  secret: 'web-tls',
  message: noSecret,
};
/** Written by a recorder of the newer events API. */
const modern = (eventTime: string, series: object | null): Fields => ({
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: eventTime.replace('Z', '.000000Z'),
  series,
});

describeCheck(check, [
  {
    name: 'silent: a pod that became ready after its volume had failed to mount',
    world: { objects: [claim, db({ ready: true, phase: 'Running', container: {} }), failed()] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: the driver is not registered',
    world: { objects: [claim, db(), failed()] },
    says: [
      {
        verdict: 'fail',
        subject: 'Pod/default/db',
        severity: 'high',
        onset: { from: ago(1000), to: ago(990) },
        field: 'message',
        facts: {
          name: 'db',
          namespace: 'default',
          node: 'k3s1',
          why: 'driver-not-registered',
          volume: 'pvc-1',
          claim: 'data',
          driver: 'driver.longhorn.io',
          message: notRegistered,
          event: 'default/db.1',
          lastAt: Date.parse(ago(100)),
          notSeen: [],
        },
      },
    ],
  },
  {
    name: 'silent: a container of it runs, so its volumes were mounted',
    world: {
      objects: [
        db({ container: { ready: false, state: { running: { startedAt: ago(50) } } } }),
        failed(),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: finished, being deleted, or without volumes',
    world: {
      objects: [
        db({ phase: 'Failed' }),
        db({ deleted: ago(-5) }),
        db({ spec: { volumes: [] } }),
        failed(),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: events of an earlier pod of its name, and of other things',
    world: {
      objects: [
        db(),
        failed({ about: { kind: 'Pod', namespace: 'default', name: 'db', uid: 'earlier' } }),
        failed({ about: { kind: 'Pod', namespace: 'other', name: 'db' } }),
        failed({ reason: 'FailedCreatePodSandBox' }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: it failed just under 10 minutes ago',
    world: { objects: [db(), failed({ last: ago(599) })] },
    says: [fails({ lastAt: Date.parse(ago(599)) })],
  },
  {
    name: 'boundary: it failed 10 minutes ago',
    world: { objects: [db(), failed({ last: ago(600) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: one early word of an attachment, then only the sum of it',
    world: {
      objects: [
        db({ since: ago(950) }),
        failed({
          reason: 'FailedAttachVolume',
          message: multiAttach,
          first: ago(980),
          last: ago(980),
        }),
        failed({ message: summary, first: ago(860) }),
      ],
    },
    says: [
      {
        ...failsBy({ why: 'attach', message: multiAttach }),
        onset: { from: null, to: ago(980) },
      },
    ],
  },
  {
    name: 'fails: only the sum is left; it names the volume as the pod does',
    world: { objects: [db(), failed({ message: summary })] },
    says: [failsBy({ why: 'timeout', volume: 'data', claim: 'data', message: summary })],
  },
  {
    name: 'fails: a generic ephemeral volume has a claim named after the pod',
    world: {
      objects: [
        db({ claims: [], volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: {} } }] }),
        failed({ message: summary.replace('[data]', '[scratch]') }),
      ],
    },
    says: [
      failsBy({
        why: 'timeout',
        volume: 'scratch',
        claim: 'db-scratch',
        message: summary.replace('[data]', '[scratch]'),
      }),
    ],
  },
  {
    name: 'fails: claims may not be listed, so none is named',
    world: { objects: [claim, db(), failed()], deny: ['persistentvolumeclaims'] },
    says: [fails({ notSeen: ['persistentvolumeclaims: not allowed in this test'] })],
  },
  {
    name: 'fails: a Secret is missing; no claim is involved',
    world: {
      objects: [
        db({ claims: [], volumes: [{ name: 'certs', secret: { secretName: 'web-tls' } }] }),
        failed({
          message: noSecret,
        }),
      ],
    },
    says: [failsBy({ ...wantsSecret, secretState: 'missing' })],
  },
  {
    name: 'fails: the Secret has come since; its shape is told, never its values',
    world: { objects: [withSecret, failed({ message: noSecret }), tls] },
    says: [failsBy({ ...wantsSecret, secretState: 'there', ...tlsShape })],
  },
  {
    name: 'fails: a key that the Secret does not have',
    world: { objects: [withSecret, failed({ message: noKey }), tls] },
    says: [failsBy({ ...wantsSecret, message: noKey, secretState: 'there', ...tlsShape })],
  },
  {
    name: 'boundary: a Secret of that name in another namespace is another one',
    world: { objects: [withSecret, failed({ message: noSecret }), elsewhere] },
    says: [failsBy({ ...wantsSecret, secretState: 'missing' })],
  },
  {
    name: 'fails: whether the Secret exists may not be seen',
    world: { objects: [withSecret, failed({ message: noSecret })], deny: ['secrets'] },
    says: [failsBy({ ...wantsSecret, secretState: 'not-seen', notSeen: [unseenSecrets] })],
  },
  {
    name: 'fails: an event that was seen once, as newer recorders write it',
    world: { objects: [db(), { ...failed(), ...modern(ago(300), null) }] },
    says: [
      { ...fails({ lastAt: Date.parse(ago(300)) }), onset: { from: ago(1000), to: ago(300) } },
    ],
  },
  {
    name: 'fails: an event that was seen again, as newer recorders write it',
    world: {
      objects: [
        db(),
        {
          ...failed(),
          ...modern(ago(900), { count: 5, lastObservedTime: ago(30).replace('Z', '.000000Z') }),
        },
      ],
    },
    says: [{ ...fails({ lastAt: Date.parse(ago(30)) }), onset: { from: ago(1000), to: ago(900) } }],
  },
  {
    name: 'unknown: events may not be listed',
    world: { objects: [db(), failed()], deny: ['events'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high' }],
  },
]);

test.each([
  [
    'timeout',
    'MountVolume.MountDevice failed for volume "pvc-1" : rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  ],
  [
    'fsgroup',
    'MountVolume.SetUp failed for volume "pvc-1" : applyFSGroup failed for vol pvc-1: lstat: input/output error',
  ],
  [
    'device-busy',
    'mount failed: exit status 32: /dev/longhorn/pvc-1 already mounted or mount point busy.',
  ],
  ['missing-secret', 'MountVolume.SetUp failed for volume "certs" : secret "web-tls" not found'],
  [
    'missing-secret',
    'MountVolume.SetUp failed for volume "certs" : references non-existent secret key: tls.crt',
  ],
  [
    'missing-configmap',
    'MountVolume.SetUp failed for volume "settings" : configmap "web" not found',
  ],
  [
    'wrong-node',
    'MountVolume.NodeAffinity check failed for volume "pvc-1" : no matching NodeSelectorTerms',
  ],
  [
    'other',
    'MountVolume.SetUp failed for volume "kube-api-access" : object "default"/"kube-root-ca.crt" not registered',
  ],
  ['other', 'MountVolume.SetUp failed for volume "data" : mount failed: exit status 32'],
])('why is %s: %s', (why, message) => {
  const world = { objects: [db(), failed({ message })] };
  expect(runOne(check, { name: '', world, says: [] }).said).toMatchObject([{ facts: { why } }]);
});

test('an attachment that fails for want of the driver', () => {
  const message =
    'AttachVolume.Attach failed for volume "pvc-1" : CSINode k3s1 does not contain driver driver.longhorn.io';
  const world = { objects: [db(), failed({ reason: 'FailedAttachVolume', message })] };
  const [said] = runOne(check, { name: '', world, says: [] }).said;
  expect(said?.facts).toMatchObject({
    why: 'driver-not-registered',
    driver: 'driver.longhorn.io',
  });
});
