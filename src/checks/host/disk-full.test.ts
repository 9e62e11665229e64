import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known } from '../../../test/support/hosts.ts';
import { node, pod } from '../../../test/support/objects.ts';
import { noon } from '../../../test/support/snapshot.ts';
import type { FileSystem } from '../../model/objects/host/disk.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './disk-full.ts';

const uid = '3f1c2a54-7d0e-4b5c-9a1f-0c2d4e6f8a10';
const logs = '/var/log/journal';
const volume = `/var/lib/kubelet/pods/${uid}`;

function withFree(
  availableBytes: number,
  usage: { path: string; bytes: number; podUid?: string }[] = [],
  changes: Partial<FileSystem> = {},
): Host {
  const { fileSystems } = host('a');
  const [root] = fileSystems.state === 'known' ? fileSystems.value : [];
  if (!root) throw new Error('the builder knows it');
  const full = { ...root, target: '/var', sizeBytes: 1000, availableBytes, ...changes };
  return host('a', { fileSystems: known([root, full]), usage: known(usage) });
}

const facts = {
  name: 'a',
  mount: '/var',
  mounts: ['/var'],
  holds: ['root', 'kubelet', 'containerd', 'logs'],
  freePercent: 9.9,
  exhausted: false,
  freeBytes: 99,
  sizeBytes: 1000,
  holder: 'unknown',
  largest: [],
};

describeCheck(check, [
  {
    name: 'silent: more than half is free',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: nothing of k3s lies there',
    world: { objects: [], hosts: [withFree(0, [], { holds: [] })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: an image that is full and read-only by its nature',
    world: { objects: [], hosts: [withFree(0, [], { options: ['ro'] })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: 10 % free',
    world: { objects: [], hosts: [withFree(100)] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: less than 10 % free, by many small things',
    world: { objects: [], hosts: [withFree(99, [{ path: logs, bytes: 299 }])] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: noon },
        field: 'fileSystems[/var].availableBytes',
        facts: { ...facts, largest: [logs] },
      },
    ],
  },
  {
    name: 'boundary: 5 % free',
    world: { objects: [], hosts: [withFree(50)] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'high' }],
  },
  {
    name: 'fails: less than 5 % free; the node’s own logs take the most',
    world: { objects: [], hosts: [withFree(49, [{ path: logs, bytes: 300 }])] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        facts: {
          ...facts,
          freePercent: 4.9,
          freeBytes: 49,
          holder: 'file',
          path: logs,
          holderBytes: 300,
          largest: [logs],
        },
      },
    ],
  },
  {
    name: 'fails: a pod takes the most',
    world: {
      objects: [node('a'), pod('hungry', { node: 'a', metadata: { uid } })],
      hosts: [
        withFree(99, [
          { path: logs, bytes: 300 },
          { path: volume, bytes: 500, podUid: uid },
        ]),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: {
          ...facts,
          holder: 'pod',
          pod: 'default/hungry',
          path: volume,
          holderBytes: 500,
          largest: [volume, logs],
        },
      },
    ],
  },
  {
    name: 'fails: a pod that the API does not show',
    world: { objects: [], hosts: [withFree(99, [{ path: volume, bytes: 500, podUid: uid }])] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: {
          ...facts,
          holder: 'pod',
          pod: uid,
          path: volume,
          holderBytes: 500,
          largest: [volume],
        },
      },
    ],
  },
  ...darkCases('critical'),
]);
