import { describe, expect, test } from 'vitest';
import { event, lease, node, object, pod } from '../support/objects.ts';
import { ago, type RawObject } from '../support/snapshot.ts';
import { audited } from './world.ts';

/** Cases where the obvious answer is wrong: the real checks on whole objects, to the incident. */

const healthy = (name: string): RawObject[] => [node(name), lease(name)];

function dead(name: string, seconds: number): RawObject[] {
  const taint = { key: 'node.kubernetes.io/unreachable', timeAdded: ago(seconds) };
  return [
    node(name, {
      ready: 'Unknown',
      since: ago(seconds),
      taints: [
        { ...taint, effect: 'NoSchedule' },
        { ...taint, effect: 'NoExecute' },
      ],
    }),
    lease(name, { renewed: ago(seconds + 48) }),
  ];
}

/** A pod whose mount fails for want of a Secret. */
function withoutSecret(name: string, on: string): RawObject[] {
  const waiting = { state: { waiting: { reason: 'ContainerCreating' } } };
  return [
    pod(name, {
      node: on,
      phase: 'Pending',
      ready: false,
      created: ago(400),
      since: ago(400),
      container: waiting,
      volumes: [{ name: 'tls', secret: { secretName: 'web-tls' } }],
    }),
    event(`${name}.1`, {
      about: { kind: 'Pod', namespace: 'default', name },
      reason: 'FailedMount',
      message: 'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found',
      first: ago(390),
      last: ago(20),
      count: 9,
    }),
  ];
}

describe('recovered flap beside an unrelated mount error', () => {
  const world = {
    objects: [node('k3s1', { since: ago(300) }), lease('k3s1'), ...withoutSecret('web', 'k3s1')],
  };
  const told = audited(world);

  test('the mount error stands alone', () => {
    expect(told.incidents).toEqual([]);
    expect(told.alone).toEqual(['workload/mount-failed Pod/default/web']);
  });
});

describe('a node that recovered, and crash loops that stayed', () => {
  const crashing = (name: string): RawObject =>
    pod(name, {
      node: 'k3s1',
      ready: false,
      since: ago(1500),
      container: {
        ready: false,
        restartCount: 12,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
        lastState: {
          terminated: { exitCode: 1, reason: 'Error', startedAt: ago(60), finishedAt: ago(50) },
        },
      },
    });
  const log = ['failed to connect to CSI driver: context deadline exceeded'];
  const names = ['csi-a', 'csi-b', 'csi-c'];
  const told = audited({
    objects: [node('k3s1', { since: ago(1200) }), lease('k3s1'), ...names.map(crashing)],
    logs: Object.fromEntries(names.map((name) => [`default/${name}/main`, log])),
  });

  test('the past fault is their root, and is said to be over', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]?.roots).toEqual(['node/not-ready Node/k3s1']);
    expect(told.incidents[0]?.chain).toHaveLength(3);
    expect(told.alone).toEqual([]);
  });
});

describe('a disk filled by a pod', () => {
  const gib = 1024 ** 3;
  const told = audited({
    objects: [
      node('k3s2', {
        conditions: { DiskPressure: { status: 'True', lastTransitionTime: ago(120) } },
      }),
      lease('k3s2'),
      pod('hungry', { node: 'k3s2', since: ago(3000) }),
    ],
    summaries: {
      k3s2: {
        node: {
          nodeName: 'k3s2',
          fs: {
            time: ago(10),
            availableBytes: 2 * gib,
            capacityBytes: 100 * gib,
            usedBytes: 98 * gib,
          },
          runtime: { imageFs: { availableBytes: 50 * gib, capacityBytes: 100 * gib } },
        },
        pods: [
          {
            podRef: { name: 'hungry', namespace: 'default' },
            'ephemeral-storage': { usedBytes: 80 * gib },
          },
        ],
      },
    },
  });

  test('the pod is the cause of its node’s trouble, though it lies layers above', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]?.roots).toEqual(['workload/disk-hog Pod/default/hungry']);
    expect(told.incidents[0]?.chain).toEqual(
      expect.arrayContaining([expect.stringContaining('node/disk-filling Node/k3s2')]),
    );
    expect(told.alone).toEqual([]);
  });
});

describe('two nodes behind one cause', () => {
  const told = audited({
    objects: [...healthy('k3s1'), ...dead('k3s2', 600), ...dead('k3s3', 604)],
  });

  test('one incident, its cause suspected and shared', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({ certainty: 'suspected', shared: true });
    expect(told.incidents[0]?.roots).toHaveLength(2);
  });
});

describe('a host that nobody can see', () => {
  const stuck = pod('web-1', {
    node: 'k3s3',
    ready: false,
    since: ago(600),
    created: ago(5000),
    deleted: ago(300),
  });
  const told = audited({ objects: [...healthy('k3s1'), ...dead('k3s3', 600), stuck] });

  test('the node is the root; what lies below is suspected, never certain', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'suspected',
      roots: ['node/not-ready Node/k3s3'],
      suspected: ['kubelet', 'host', 'link'],
      chain: ['node/not-ready Node/k3s3 → workload/stuck-terminating Pod/default/web-1'],
    });
    expect(told.alone).toEqual([]);
  });
});

describe('a faster observer of the effect', () => {
  const addresses = (on: string, ready: boolean): object => ({
    addresses: ['10.42.0.9'],
    nodeName: on,
    conditions: { ready },
  });
  const told = audited({
    objects: [
      ...healthy('k3s1'),
      ...dead('k3s3', 30),
      // The readiness of its pods was seen to fail 40 s before the controller called the node dead.
      pod('web-1', {
        node: 'k3s3',
        labels: { app: 'web' },
        ready: false,
        since: ago(70),
        status: { startTime: ago(5000) },
      }),
      object(
        'v1',
        'Service',
        'web',
        { spec: { selector: { app: 'web' } } },
        { namespace: 'default' },
      ),
      object(
        'discovery.k8s.io/v1',
        'EndpointSlice',
        'web-1',
        { endpoints: [addresses('k3s3', false)] },
        { namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
      ),
    ],
  });

  test('seen first is not caused first', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]?.roots).toEqual(['node/not-ready Node/k3s3']);
    expect(told.alone).toEqual([]);
  });
});
