import { describeCheck } from '../../../test/support/cases.ts';
import { event, node } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './disk-filling.ts';

const gib = 1024 ** 3;

interface Disk {
  readonly time?: string;
  readonly availableBytes?: number;
  readonly capacityBytes?: number;
}

/** A kubelet's `/stats/summary`, of disks of 100 GiB. */
function summary({ nodeGib = 60 }: { nodeGib?: number }): object {
  const imageFs = { availableBytes: 60 * gib };
  return raw({ fs: { availableBytes: nodeGib * gib }, imageFs });
}

function raw({ fs, imageFs }: { fs?: Disk; imageFs?: Disk }): object {
  const disk = { time: ago(10), capacityBytes: 100 * gib, inodes: 1_000_000, inodesFree: 900_000 };
  return {
    node: {
      nodeName: 'a',
      startTime: ago(90_000),
      cpu: { time: ago(10), usageNanoCores: 100 },
      fs: { ...disk, ...fs },
      runtime: { imageFs: { ...disk, ...imageFs } },
    },
    pods: [],
  };
}

function complaint(
  shape: { reason?: string; message?: string; first?: string; last?: string; about?: object } = {},
): RawObject {
  const about = { kind: 'Node', name: 'a', ...shape.about };
  return event('a.complaint', {
    about,
    reason: shape.reason ?? 'FreeDiskSpaceFailed',
    message:
      shape.message ??
      'Insufficient free disk space. Failed to free sufficient space by deleting unused images',
    first: shape.first ?? ago(3000),
    last: shape.last ?? ago(120),
  });
}

const facts = {
  name: 'a',
  fileSystem: 'node',
  usedPercent: 91,
  freeBytes: 9 * gib,
  server: false,
  collection: 'no-complaint',
  diskPressure: false,
} as const;
const full = { a: summary({ nodeGib: 9 }) };
const fails = { verdict: 'fail', subject: 'Node/a' } as const;
const onset = { from: null, to: ago(10) };
const failing = { ...facts, collection: 'failing' } as const;
const unknown = { verdict: 'unknown', subject: 'Node/a', facts: { reason: 'no-answer' } } as const;

describeCheck(check, [
  {
    name: 'silent: room on both file systems',
    world: {
      objects: [node('a'), node('b')],
      summaries: { a: summary({}), b: summary({}) },
    },
    says: [],
    judged: 2,
  },
  {
    name: "fails: the kubelet's file system is nine tenths full",
    world: { objects: [node('a'), node('b')], summaries: { ...full, b: summary({}) } },
    says: [{ ...fails, severity: 'high', onset, field: 'node.fs.availableBytes', facts }],
  },
  {
    name: 'fails: the file system of the images is the fuller one',
    world: {
      objects: [node('a')],
      summaries: {
        a: raw({
          fs: { availableBytes: 15 * gib },
          imageFs: { availableBytes: 9 * gib, time: ago(20) },
        }),
      },
    },
    says: [
      {
        ...fails,
        onset: { from: null, to: ago(20) },
        field: 'node.runtime.imageFs.availableBytes',
        facts: { ...facts, fileSystem: 'images' },
      },
    ],
  },
  {
    name: 'fails: on a server it is critical',
    world: {
      objects: [node('a', { labels: { 'node-role.kubernetes.io/control-plane': 'true' } })],
      summaries: full,
    },
    says: [{ ...fails, severity: 'critical', facts: { ...facts, server: true } }],
  },
  {
    name: 'fails: the kubelet found nothing to delete, for 50 minutes now, and evicts',
    world: {
      objects: [node('a', { conditions: { DiskPressure: { status: 'True' } } }), complaint()],
      summaries: full,
    },
    says: [
      {
        ...fails,
        onset: { from: null, to: ago(3000) },
        facts: { ...failing, diskPressure: true },
      },
    ],
  },
  {
    name: 'fails: older kubelets word it otherwise',
    world: {
      objects: [
        node('a'),
        complaint({
          reason: 'ImageGCFailed',
          message: 'wanted to free 9223 bytes, but freed 0 bytes space with errors',
        }),
      ],
      summaries: full,
    },
    says: [{ ...fails, facts: failing }],
  },
  {
    name: 'boundary: the last complaint is 15 minutes old',
    world: { objects: [node('a'), complaint({ last: ago(900) })], summaries: full },
    says: [{ ...fails, onset: { from: null, to: ago(3000) }, facts: failing }],
  },
  {
    name: 'boundary: the last complaint is older',
    world: { objects: [node('a'), complaint({ last: ago(901) })], summaries: full },
    says: [{ ...fails, onset, facts }],
  },
  {
    name: 'boundary: complaints about other things',
    world: {
      objects: [
        node('a'),
        complaint({ reason: 'ImageGCFailed', message: 'unable to find data in memory cache' }),
        complaint({ reason: 'InvalidDiskCapacity' }),
        complaint({ about: { name: 'b' } }),
        complaint({ about: { kind: 'Pod', namespace: 'default' } }),
      ],
      summaries: full,
    },
    says: [{ ...fails, facts }],
  },
  {
    name: 'boundary: exactly four fifths',
    world: {
      objects: [node('a')],
      summaries: { a: raw({ fs: { availableBytes: 20, capacityBytes: 100 } }) },
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a little more than four fifths',
    world: {
      objects: [node('a')],
      summaries: { a: raw({ fs: { availableBytes: 199, capacityBytes: 1000 } }) },
    },
    says: [{ ...fails, facts: { ...facts, usedPercent: 80, freeBytes: 199 } }],
  },
  {
    name: 'boundary: the collection complained and then it fell',
    world: { objects: [node('a'), complaint()], summaries: { a: summary({ nodeGib: 25 }) } },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: nothing is left at all',
    world: { objects: [node('a')], summaries: { a: summary({ nodeGib: 0 }) } },
    says: [{ ...fails, facts: { ...facts, usedPercent: 100, freeBytes: 0 } }],
  },
  {
    name: 'fails: without events, and it says that it did without',
    world: { objects: [node('a')], summaries: full, deny: ['events'] },
    says: [{ ...fails, facts: { ...facts, collection: 'not-seen' } }],
  },
  {
    name: 'unknown: one kubelet did not answer',
    world: { objects: [node('a'), node('b')], summaries: { b: summary({}) } },
    says: [{ ...unknown, severity: 'high' }],
    judged: 2,
  },
  {
    name: 'unknown: a kubelet without the size of its disks',
    world: {
      objects: [node('a')],
      summaries: { a: raw({ fs: { capacityBytes: 0 }, imageFs: { capacityBytes: 0 } }) },
    },
    says: [unknown],
  },
  {
    name: 'unknown: kubelets may not be asked',
    world: { objects: [node('a')], deny: ['kubeletsummaries'] },
    says: [
      { verdict: 'unknown', subject: '', severity: 'critical', facts: { reason: 'forbidden' } },
    ],
  },
]);
