import { expect, test } from 'vitest';
import { node, object, pod } from '../../test/support/objects.ts';
import { snapshotOf } from '../../test/support/snapshot.ts';
import type { Ref } from '../model/ref.ts';
import { buildTopology } from '../model/topology.ts';
import { type LocalTie, tiesOf } from './ties.ts';

/** One database on node a with all that belongs to it; node b is empty. */
const labels = { app: 'db' };
const namespace = 'shop';
const webhook = (name: string): object => ({
  name,
  clientConfig: { service: { namespace, name: 'db' } },
});
const snapshot = snapshotOf({
  objects: [
    node('a'),
    node('b'),
    pod('db-0', {
      namespace,
      labels,
      node: 'a',
      owner: { kind: 'ReplicaSet', name: 'db-7f' },
      claims: ['data'],
    }),
    pod('idle', { namespace }),
    object(
      'apps/v1',
      'ReplicaSet',
      'db-7f',
      {},
      { namespace, owner: { kind: 'Deployment', name: 'db' } },
    ),
    object('v1', 'Service', 'db', { spec: { selector: labels } }, { namespace }),
    object(
      'v1',
      'PersistentVolumeClaim',
      'data',
      { spec: { volumeName: 'pv-1' }, status: { phase: 'Bound' } },
      { namespace },
    ),
    object('v1', 'PersistentVolume', 'pv-1', {
      spec: { claimRef: { namespace, name: 'data' } },
      status: { phase: 'Bound' },
    }),
    object('storage.k8s.io/v1', 'VolumeAttachment', 'va-1', {
      spec: { attacher: 'driver', nodeName: 'a', source: { persistentVolumeName: 'pv-1' } },
    }),
    ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map((kind) =>
      object('admissionregistration.k8s.io/v1', kind, 'guard', {
        webhooks: [webhook('guard.example.test'), { name: 'by-url', clientConfig: { url: 'x' } }],
      }),
    ),
  ],
});

const a: Ref = { kind: 'Node', name: 'a' };
const db: Ref = { kind: 'Pod', namespace, name: 'db-0' };
const deployment: Ref = { kind: 'Deployment.apps', namespace, name: 'db' };
const daemonSet: Ref = { kind: 'DaemonSet.apps', namespace, name: 'cni' };
const service: Ref = { kind: 'Service', namespace, name: 'db' };
const claim: Ref = { kind: 'PersistentVolumeClaim', namespace, name: 'data' };
const volume: Ref = { kind: 'PersistentVolume', name: 'pv-1' };
const attachment: Ref = { kind: 'VolumeAttachment.storage.k8s.io', name: 'va-1' };
const csiNode: Ref = { kind: 'CSINode.storage.k8s.io', name: 'a' };
const guard: Ref = { kind: 'Webhook', name: 'guard' };

const thePod = ['Pod/shop/db-0'];
const theWorkload = ['Deployment.apps/shop/db'];
const theService = ['Service/shop/db'];
const theClaim = ['PersistentVolumeClaim/shop/data'];
const theAttachment = ['VolumeAttachment.storage.k8s.io/va-1'];
const theCsiNode = ['CSINode.storage.k8s.io/a'];
const theWebhooks = [
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io/guard',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io/guard',
];

const expected: Readonly<Record<LocalTie, readonly [Ref, readonly string[]]>> = {
  'same-subject': [db, thePod],
  'node-itself': [a, ['Node/a', ...theCsiNode]],
  'node-pods': [a, thePod],
  'node-services': [a, theService],
  'node-claims': [a, theClaim],
  'node-attachments': [a, theAttachment],
  'node-workloads': [a, theWorkload],
  'node-webhooks': [a, theWebhooks],
  'pod-node': [db, ['Node/a']],
  'pod-workload': [db, theWorkload],
  'pod-services': [db, theService],
  'pod-claims': [db, theClaim],
  'pod-csi-nodes': [db, theCsiNode],
  'workload-pods': [deployment, thePod],
  'workload-services': [deployment, theService],
  'workload-nodes': [deployment, ['Node/a']],
  'workload-csi-nodes': [deployment, theCsiNode],
  'service-webhooks': [service, theWebhooks],
  'service-workloads': [service, theWorkload],
  'webhook-workloads': [guard, theWorkload],
  'webhook-nodes': [guard, ['Node/a', 'Node/b']],
  'claim-pods': [claim, thePod],
  'claim-workloads': [claim, theWorkload],
  'volume-claims': [volume, theClaim],
  'volume-attachments': [volume, theAttachment],
  'attachment-pods': [attachment, thePod],
  'csi-pods': [csiNode, thePod],
  'csi-claims': [csiNode, theClaim],
};

const reaches = tiesOf(snapshot, buildTopology(snapshot));
const rows = Object.entries(expected) as [LocalTie, readonly [Ref, readonly string[]]][];

test.each(rows)('%s', (tie, [subject, reached]) => {
  expect(reaches[tie](subject)).toEqual(reached);
});

test.each(rows.filter(([tie]) => !/^(same|webhook|node-itself)/.test(tie)))(
  '%s: what nobody knows leads nowhere',
  (tie, [{ kind, namespace: within }]) => {
    expect(reaches[tie]({ kind, namespace: within, name: 'nobody' })).toEqual([]);
  },
);

test('a DaemonSet that has no pods may concern any node', () => {
  expect(reaches['workload-nodes'](daemonSet)).toEqual(['Node/a', 'Node/b']);
});
