import { describe, expect, test } from 'vitest';
import { healthy } from '../../test/support/host-cases.ts';
import { host, known, unit } from '../../test/support/hosts.ts';
import { node, object, pod } from '../../test/support/objects.ts';
import { snapshotOf } from '../../test/support/snapshot.ts';
import type { Host } from '../model/objects/host/host.ts';
import type { Ref } from '../model/ref.ts';
import { buildTopology } from '../model/topology.ts';
import { type LocalTie, tiesOf } from './ties.ts';

/**
 * One database on node a with all that belongs to it; node b is empty. Node a is a guest of pve and
 * its server; HAProxy on edge sends to both.
 */
const labels = { app: 'db' };
const namespace = 'shop';
const webhook = (name: string): object => ({
  name,
  clientConfig: { service: { namespace, name: 'db' } },
});
const backend = (server: string, address: string): object => ({
  backend: 'shop',
  server,
  status: 'UP',
  address,
});
const snapshot = snapshotOf({
  access: { outcome: 'ok', server: 'https://192.0.2.11:6443' },
  hosts: [
    host('ct-a', {
      declared: { addresses: ['192.0.2.11'], hypervisor: 'pve', node: 'a', uplink: 'eth1' },
    }),
    host('b', { declared: { addresses: ['192.0.2.12'] }, addresses: known([]) }),
    host('pve', { declared: { addresses: ['192.0.2.5'] }, addresses: known([]) }),
    host('edge', {
      declared: { addresses: ['192.0.2.9'] },
      addresses: known([]),
      haproxy: known([
        { ...backend('BACKEND', ''), address: undefined },
        backend('a', '192.0.2.11:30080'),
        backend('b', '192.0.2.12:30080'),
        backend('other', '[2001:db8::1]:6443'),
      ] as never),
    }),
  ],
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
    object(
      'v1',
      'Service',
      'db',
      { spec: { selector: labels, ports: [{ nodePort: 30080 }] } },
      { namespace },
    ),
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
const server: Ref = { kind: 'Host', name: 'ct-a' };
const hypervisor: Ref = { kind: 'Host', name: 'pve' };
const uplink: Ref = { kind: 'Link', namespace: 'ct-a', name: 'eth0' };
const balanced: Ref = { kind: 'HAProxyServer', namespace: 'edge', name: 'shop/a' };
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

const theHost = ['Host/ct-a'];
const theApi = ['Cluster/kube-apiserver'];
const haproxy = (name: string): string => `HAProxyServer/edge/shop/${name}`;

const expected: Readonly<Record<LocalTie, readonly [Ref, readonly string[]]>> = {
  'same-subject': [db, thePod],
  'link-host': [uplink, theHost],
  'link-node': [uplink, ['Node/a', ...theCsiNode]],
  'link-api': [uplink, theApi],
  'link-links': [uplink, ['Link/ct-a/eth1']],
  'link-haproxy': [uplink, [haproxy('a')]],
  'link-nodeports': [uplink, [haproxy('a'), haproxy('b')]],
  'link-guests': [{ kind: 'Link', namespace: 'pve', name: 'eno1' }, theHost],
  'host-links': [server, ['Link/ct-a/eth0', 'Link/ct-a/eth1']],
  'host-guests': [hypervisor, theHost],
  'host-node': [server, ['Node/a', ...theCsiNode]],
  'host-pods': [server, thePod],
  'host-services': [server, theService],
  'host-workloads': [server, theWorkload],
  'host-haproxy': [server, [haproxy('a')]],
  'host-nodeports': [server, [haproxy('a'), haproxy('b')]],
  'host-api': [server, theApi],
  'node-itself': [a, ['Node/a', ...theCsiNode]],
  'node-pods': [a, thePod],
  'node-services': [a, theService],
  'node-claims': [a, theClaim],
  'node-attachments': [a, theAttachment],
  'node-workloads': [a, theWorkload],
  'node-webhooks': [a, theWebhooks],
  'node-host': [a, theHost],
  'node-haproxy': [a, [haproxy('a')]],
  'node-nodeports': [a, [haproxy('a'), haproxy('b')]],
  'pod-node': [db, ['Node/a']],
  'pod-host': [db, theHost],
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
  'service-haproxy': [service, [haproxy('a'), haproxy('b')]],
  'haproxy-backend': [balanced, [haproxy('BACKEND')]],
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
    // A link is known by its host.
    const place =
      kind === 'Link' || kind === 'HAProxyServer'
        ? { namespace: 'nobody', name: 'eth0' }
        : { namespace: within };
    const reached = reaches[tie]({ kind, name: 'nobody', ...place });
    expect(reached).toEqual(tie === 'link-host' ? ['Host/nobody'] : []);
  },
);

test('a DaemonSet that has no pods may concern any node', () => {
  expect(reaches['workload-nodes'](daemonSet)).toEqual(['Node/a', 'Node/b']);
});

describe('who answers as the API server', () => {
  const reachedBy = (server: string, name: string): readonly string[] => {
    const seen = snapshotOf({
      objects: [node('a', { labels: { 'node-role.kubernetes.io/control-plane': 'true' } })],
      access: { outcome: 'refused', server },
      hosts: [
        host('a', { declared: { addresses: ['192.0.2.11'] } }),
        host('b', {
          declared: { addresses: ['192.0.2.12'] },
          addresses: known([]),
          ways: [{ transport: 'local', name: 'this machine', outcome: 'answered' }],
        }),
      ],
    });
    return tiesOf(seen, buildTopology(seen))['host-api']({ kind: 'Host', name });
  };

  test.each([
    ['https://192.0.2.12:6443', ['b']],
    ['https://127.0.0.1:6443', ['b']],
    ['https://k3s.example.test:6443', ['a']],
    ['no address', ['a']],
  ])('%s', (server, names) => {
    expect(['a', 'b'].filter((name) => reachedBy(server, name).length > 0)).toEqual(names);
  });

  test('behind an address of many, none that is down while another runs', () => {
    const server = (name: string, activeState: string): Host =>
      host(name, {
        declared: { addresses: [] },
        addresses: known([]),
        k3s: healthy('k3s', { role: 'server', nodeName: name }),
        units: known([unit('k3s.service', { activeState })]),
      });
    const asked = (...states: readonly string[]): readonly string[] => {
      const seen = snapshotOf({
        objects: [],
        access: { outcome: 'refused', server: 'https://k3s.example.test:6443' },
        hosts: states.map((state, at) => server(`s${at}`, state)),
      });
      const reach = tiesOf(seen, buildTopology(seen))['host-api'];
      return ['s0', 's1'].filter((name) => reach({ kind: 'Host', name }).length > 0);
    };
    expect(asked('inactive', 'active')).toEqual(['s1']);
    expect(asked('inactive', 'failed')).toEqual(['s0', 's1']);
  });
});
