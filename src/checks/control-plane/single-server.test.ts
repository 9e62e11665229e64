import { describeCheck } from '../../../test/support/cases.ts';
import { node, object } from '../../../test/support/objects.ts';
import { noon, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './single-server.ts';

type Role = 'control-plane' | 'master' | 'etcd';

function server(name: string, ...roles: readonly Role[]): RawObject {
  const labels = Object.fromEntries(
    roles.map((role) => [`node-role.kubernetes.io/${role}`, 'true']),
  );
  return node(name, { labels });
}

function volume(name: string, accessMode: string, source: object): RawObject {
  return object('v1', 'PersistentVolume', name, {
    spec: { capacity: { storage: '1Gi' }, accessModes: [accessMode], ...source },
    status: { phase: 'Bound' },
  });
}

/** The address that every node of the builders has. */
const here = { nfs: { server: '192.168.10.21', path: '/mnt/media' } };
const elsewhere = { nfs: { server: '192.168.10.5', path: '/mnt/media' } };
const longhorn = { csi: { driver: 'driver.longhorn.io', volumeHandle: 'pvc-1' } };
const one = [server('k3s1', 'control-plane', 'etcd'), node('k3s2')];

describeCheck(check, [
  {
    name: 'silent: three servers',
    world: {
      objects: ['k3s1', 'k3s2', 'k3s3'].map((name) => server(name, 'control-plane', 'etcd')),
    },
    says: [],
    judged: 3,
  },
  {
    name: 'silent: two servers beside a database of their own, one labelled as in older days',
    world: { objects: [server('k3s1', 'control-plane'), server('k3s2', 'master'), node('k3s3')] },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: one server and an agent',
    world: { objects: one },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/k3s1',
        severity: 'medium',
        onset: { from: null, to: noon },
        field: 'metadata.labels[node-role.kubernetes.io/control-plane]',
        facts: { name: 'k3s1', why: 'only-server', nodes: 2, sharedVolumes: 0, notSeen: [] },
      },
    ],
  },
  {
    name: 'fails: its machine also serves every shared volume',
    world: {
      objects: [
        ...one,
        volume('media', 'ReadWriteMany', here),
        volume('config', 'ReadWriteOnce', here),
        volume('database', 'ReadWriteOnce', longhorn),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/k3s1',
        severity: 'high',
        facts: { name: 'k3s1', why: 'only-server', nodes: 2, sharedVolumes: 2, notSeen: [] },
      },
    ],
  },
  {
    name: 'boundary: one shared volume lies elsewhere',
    world: {
      objects: [
        ...one,
        volume('media', 'ReadWriteMany', here),
        volume('config', 'ReadWriteOnce', elsewhere),
      ],
    },
    says: [{ verdict: 'fail', subject: 'Node/k3s1', severity: 'medium' }],
  },
  {
    name: 'boundary: one shared volume is of a storage system of the cluster',
    world: {
      objects: [
        ...one,
        volume('media', 'ReadWriteMany', here),
        volume('shared', 'ReadWriteMany', longhorn),
      ],
    },
    says: [{ verdict: 'fail', subject: 'Node/k3s1', severity: 'medium' }],
  },
  {
    name: 'fails: where volumes lie could not be seen',
    world: { objects: one, deny: ['persistentvolumes'] },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/k3s1',
        severity: 'medium',
        facts: {
          name: 'k3s1',
          why: 'only-server',
          nodes: 2,
          sharedVolumes: 0,
          notSeen: ['persistentvolumes: not allowed in this test'],
        },
      },
    ],
  },
  {
    name: 'fails: a cluster of one node has nothing else to lose',
    world: { objects: [server('k3s1', 'control-plane'), volume('media', 'ReadWriteMany', here)] },
    says: [{ verdict: 'fail', subject: 'Node/k3s1', severity: 'low' }],
  },
  {
    name: 'fails: two servers and one member of etcd',
    world: {
      objects: [
        server('k3s1', 'control-plane'),
        server('k3s2', 'control-plane'),
        server('k3s3', 'etcd'),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/k3s3',
        severity: 'medium',
        field: 'metadata.labels[node-role.kubernetes.io/etcd]',
        facts: { name: 'k3s3', why: 'only-etcd-member', nodes: 3, sharedVolumes: 0, notSeen: [] },
      },
    ],
  },
  {
    name: 'not judged: no server is among the nodes',
    world: { objects: [node('k3s2'), node('k3s3')] },
    says: [],
    judged: 0,
  },
  {
    name: 'unknown: nodes may not be listed',
    world: { objects: one, deny: ['nodes'] },
    says: [{ verdict: 'unknown', subject: '', facts: { reason: 'forbidden' } }],
  },
]);
