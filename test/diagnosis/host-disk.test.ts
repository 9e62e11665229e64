import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/model/objects/host/host.ts';
import { failing, otherHosts, others } from '../support/host-worlds.ts';
import { host, known } from '../support/hosts.ts';
import { lease, node, pod } from '../support/objects.ts';
import { ago, type RawObject } from '../support/snapshot.ts';
import { audited } from './world.ts';

/** A disk that runs full, and who has filled it. */

const gib = 1024 ** 3;
const uid = '3f1c2a54-7d0e-4b5c-9a1f-0c2d4e6f8a10';
const volume = { path: `/var/lib/kubelet/pods/${uid}`, bytes: 80 * gib, podUid: uid };
const journal = { path: '/var/log/journal', bytes: 80 * gib };

function full(usage: { path: string; bytes: number; podUid?: string }, more?: Partial<Host>): Host {
  const root = {
    target: '/',
    source: '/dev/loop1',
    type: 'ext4',
    options: ['rw'],
    sizeBytes: 100 * gib,
    availableBytes: 2 * gib,
    holds: ['root', 'kubelet', 'containerd'],
  };
  return host('a', { fileSystems: known([root]), usage: known([usage]), ...more });
}

const pressed: readonly RawObject[] = [
  ...others,
  node('a', { conditions: { DiskPressure: { status: 'True', lastTransitionTime: ago(120) } } }),
  lease('a'),
];

function summary(usedBytes: number): object {
  return {
    node: {
      fs: { time: ago(10), availableBytes: 2 * gib, capacityBytes: 100 * gib },
      runtime: { imageFs: { availableBytes: 50 * gib, capacityBytes: 100 * gib } },
    },
    pods: [
      {
        podRef: { name: 'hungry', namespace: 'default' },
        'ephemeral-storage': { usedBytes },
      },
    ],
  };
}

const hungry = pod('hungry', { node: 'a', since: ago(3000), metadata: { uid } });

describe('a disk that a pod has filled', () => {
  const told = audited({
    objects: [...pressed, hungry],
    summaries: { a: summary(80 * gib) },
    hosts: [...otherHosts, full(volume)],
  });

  test('the pod is the root, the disk follows, then the node', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['workload/disk-hog Pod/default/hungry'],
    });
    expect(told.incidents[0]?.chain).toEqual(
      expect.arrayContaining([
        'workload/disk-hog Pod/default/hungry → host/disk-full Host/a',
        'host/disk-full Host/a → node/disk-filling Node/a',
        'host/disk-full Host/a → node/pressure Node/a',
      ]),
    );
    expect(told.alone).toEqual([]);
  });
});

describe('a disk that a file of the host has filled', () => {
  const told = audited({
    objects: [...pressed, hungry],
    summaries: { a: summary(gib) },
    hosts: [...otherHosts, full(journal)],
  });

  test('the disk itself is the root', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/disk-full Host/a'],
    });
    expect(told.alone).toEqual([]);
  });
});

describe('a disk so full that k3s does not come up', () => {
  const told = audited({
    objects: [
      ...others,
      node('a', { ready: 'Unknown', since: ago(150) }),
      lease('a', { renewed: ago(200) }),
    ],
    hosts: [...otherHosts, full(journal, failing('write /x: no space left on device'))],
  });

  test('the chain leads from the disk over k3s to the node', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/disk-full Host/a'],
      chain: [
        'host/disk-full Host/a → host/unit-failed Host/a',
        'host/unit-failed Host/a → node/not-ready Node/a',
      ],
    });
  });
});
