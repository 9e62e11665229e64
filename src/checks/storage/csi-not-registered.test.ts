import { type CheckCase, describeCheck } from '../../../test/support/cases.ts';
import { type Fields, node, object, pod } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { claim, volume } from '../../../test/support/storage.ts';
import { check } from './csi-not-registered.ts';

const longhorn = 'driver.longhorn.io';
const subject = 'CSINode.storage.k8s.io/b';

function csiNode(name: string, ...drivers: readonly string[]): RawObject {
  const list = drivers.map((driver) => ({ name: driver, nodeID: name, topologyKeys: [] }));
  const spec = { drivers: list.length > 0 ? list : null };
  return object('storage.k8s.io/v1', 'CSINode', name, { spec });
}

const onB = { namespace: 'media', node: 'b' } as const;
const bound = claim('plex', { namespace: 'media', spec: { volumeName: 'pvc-1' } });
const backing = volume('pvc-1', { spec: { csi: { driver: longhorn, volumeHandle: 'pvc-1' } } });
const plex = (shape: Fields = {}): RawObject =>
  pod('plex-0', { ...onB, claims: ['plex'], ...shape });

function attachment(common: Fields = {}, spec: Fields = {}): RawObject {
  const source = { persistentVolumeName: 'pvc-1' };
  const whole = { attacher: longhorn, nodeName: 'b', source, ...spec };
  const fields = { spec: whole, status: { attached: false } };
  return object('storage.k8s.io/v1', 'VolumeAttachment', 'csi-1', fields, common);
}

function plugin(path: string): RawObject {
  const volumes = [
    { name: 'tmp', emptyDir: {} },
    { name: 'socket-dir', hostPath: { path, type: 'DirectoryOrCreate' } },
  ];
  const template = { metadata: {}, spec: { containers: [{ name: 'registrar' }], volumes } };
  const namespace = 'longhorn-system';
  return object(
    'apps/v1',
    'DaemonSet',
    'csi-plugin',
    { spec: { template }, status: {} },
    { namespace },
  );
}

const pluginPod = (kind = 'DaemonSet'): RawObject =>
  pod('csi-plugin-b', {
    namespace: 'longhorn-system',
    node: 'b',
    owner: { kind, name: 'csi-plugin' },
  });

const nodes = [node('a'), node('b')];
const csiNodes = [csiNode('a', longhorn), csiNode('b')];
const both = [...nodes, ...csiNodes];
const mounted = [bound, backing];

const silent = (what: string, objects: readonly RawObject[], judged = 2): CheckCase => ({
  name: `boundary: silent, ${what}`,
  world: { objects },
  says: [],
  judged,
});

const fails = (what: string, objects: readonly RawObject[]): CheckCase => ({
  name: `boundary: fails, ${what}`,
  world: { objects },
  says: [{ verdict: 'fail', subject }],
});

describeCheck(check, [
  {
    name: 'silent: every driver that is needed is registered',
    world: {
      objects: [...nodes, csiNode('a', longhorn), csiNode('b', longhorn), ...mounted, plex()],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: a pod there uses a volume of a driver that is not registered there',
    world: { objects: [...both, ...mounted, plex()] },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'critical',
        onset: { from: null, to: ago(0) },
        field: 'spec.drivers[].name',
        facts: {
          name: 'b',
          node: 'b',
          driver: longhorn,
          drivers: [longhorn],
          registered: [],
          neededBy: ['Pod media/plex-0'],
          needs: 1,
        },
      },
    ],
  },
  {
    name: 'fails: several needs make one finding',
    world: {
      objects: [
        ...nodes,
        csiNode('b', 'z.csi.k8s.io', 'local.csi.k8s.io'),
        ...mounted,
        attachment(),
        plex(),
        plex({ volumes: [{ name: 'more', persistentVolumeClaim: { claimName: 'plex' } }] }),
        ...[1, 2, 3, 4].map((at) =>
          pod(`inline-${at}`, {
            ...onB,
            volumes: [{ name: 'secrets', csi: { driver: 'a.secrets-store.csi.k8s.io' } }],
          }),
        ),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject,
        facts: {
          name: 'b',
          node: 'b',
          driver: 'a.secrets-store.csi.k8s.io',
          drivers: ['a.secrets-store.csi.k8s.io', longhorn],
          registered: ['local.csi.k8s.io', 'z.csi.k8s.io'],
          neededBy: [
            'Pod media/inline-1',
            'Pod media/inline-2',
            'Pod media/inline-3',
            'Pod media/inline-4',
            'Pod media/plex-0',
          ],
          needs: 6,
        },
      },
    ],
  },
  fails('a generic ephemeral volume', [
    ...both,
    claim('plex-0-scratch', { namespace: 'media', spec: { volumeName: 'pvc-1' } }),
    backing,
    pod('plex-0', { ...onB, volumes: [{ name: 'scratch', ephemeral: {} }] }),
  ]),
  silent('the pod is done, or on another node; the claim has no volume, or one of no driver', [
    ...both,
    ...mounted,
    plex({ phase: 'Succeeded' }),
    pod('plex-1', { ...onB, node: 'a', claims: ['plex'] }),
    claim('waits', { namespace: 'media', phase: 'Pending' }),
    claim('local', { namespace: 'media', spec: { volumeName: 'pvc-2' } }),
    volume('pvc-2', { spec: { hostPath: { path: '/srv' } } }),
    pod('other', { ...onB, claims: ['waits', 'local', 'nowhere'] }),
  ]),
  silent('the pod came 119 s ago', [...both, ...mounted, plex({ created: ago(119) })]),
  fails('the pod came 120 s ago', [...both, ...mounted, plex({ created: ago(120) })]),
  silent('the node became ready 119 s ago', [
    node('a'),
    node('b', { since: ago(119) }),
    ...csiNodes,
    ...mounted,
    plex(),
  ]),
  fails('the node became ready 120 s ago', [
    node('a'),
    node('b', { since: ago(120) }),
    ...csiNodes,
    ...mounted,
    plex(),
  ]),
  silent(
    'the node is not ready, or gone: a symptom',
    [
      node('b', { ready: 'Unknown', since: ago(900) }),
      csiNode('z'),
      csiNode('b'),
      ...mounted,
      plex(),
    ],
    0,
  ),
  fails('a volume is to be attached there', [...both, attachment()]),
  silent('an attachment to another node', [...both, attachment({}, { nodeName: 'a' })]),
  silent('an attachment on its way out', [...both, attachment({ deleted: ago(600) })]),
  silent('an attachment made 119 s ago', [...both, attachment({ created: ago(119) })]),
  fails('an attachment made 120 s ago', [...both, attachment({ created: ago(120) })]),
  fails("the driver's own plugin runs there", [
    ...both,
    plugin(`/var/lib/kubelet/plugins/${longhorn}`),
    pluginPod(),
  ]),
  silent('a DaemonSet that mounts something else', [
    ...both,
    plugin(`/var/lib/kubelet/plugins/${longhorn}-old`),
    pluginPod(),
  ]),
  silent('a pod that no DaemonSet made', [
    ...both,
    plugin(`/var/lib/kubelet/plugins/${longhorn}`),
    pluginPod('StatefulSet'),
  ]),
  {
    name: 'unknown: claims may not be listed',
    world: { objects: [...both, plex()], deny: ['persistentvolumeclaims'] },
    says: [
      { verdict: 'unknown', subject: '', severity: 'critical', facts: { reason: 'forbidden' } },
    ],
  },
]);
