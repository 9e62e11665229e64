import { describeCheck } from '../../../test/support/cases.ts';
import {
  disk,
  evicted,
  fails,
  gi,
  heldBy,
  hostWithFree,
  inMemory,
  quietly,
  said,
  web,
  written,
} from '../../../test/support/disks.ts';
import { less } from '../../../test/support/facts.ts';
import { known } from '../../../test/support/hosts.ts';
import { node, pod } from '../../../test/support/objects.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import { check } from './disk-hog.ts';

describeCheck(check, [
  {
    name: 'silent: on a full disk, but others fill it; much on a disk that is not full',
    world: {
      objects: [node('k3s2'), node('k3s1'), web(), pod('large', { node: 'k3s1' })],
      summaries: {
        k3s2: disk(10 * gi, written('web', 2 * gi), written('web', 60 * gi, 'other')),
        k3s1: disk(40 * gi, written('large', 50 * gi)),
      },
    },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: it fills the disk',
    world: {
      objects: [node('k3s2'), web()],
      summaries: { k3s2: disk(10 * gi, written('other', gi), written('web', 60 * gi)) },
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Pod/default/web',
        severity: 'high',
        onset: { from: null, to: noon },
        field: 'pods[default/web].ephemeral-storage.usedBytes',
        facts: {
          name: 'web',
          namespace: 'default',
          node: 'k3s2',
          why: 'filling',
          usedBytes: 60 * gi,
          capacityBytes: 100 * gi,
          sharePercent: 60,
          fullPercent: 90,
        },
      },
    ],
  },
  {
    name: 'boundary: the disk is 80 % full',
    world: {
      objects: [node('k3s2'), web()],
      summaries: { k3s2: disk(20 * gi, written('web', 60 * gi)) },
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: 30 % of a disk that is fuller than 80 %',
    world: {
      objects: [node('k3s2'), web()],
      summaries: { k3s2: disk(19.9 * gi, written('web', 30 * gi)) },
    },
    says: [fails({ why: 'filling', usedBytes: 30 * gi, fullPercent: 80.1, sharePercent: 30 })],
  },
  {
    name: 'boundary: a byte less than 30 % of it',
    world: {
      objects: [node('k3s2'), web()],
      summaries: { k3s2: disk(gi, written('web', 30 * gi - 1)) },
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: it has finished',
    world: {
      objects: [node('k3s2'), web({ phase: 'Succeeded' })],
      summaries: { k3s2: disk(gi, written('web', 60 * gi)) },
    },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: it was evicted, having used most of the disk',
    world: {
      objects: [node('k3s2'), evicted('60Gi')],
      summaries: { k3s2: disk(60 * gi) },
    },
    says: [
      {
        ...fails(),
        onset: { from: null, to: ago(600) },
        field: 'status.message',
      },
    ],
  },
  {
    name: 'boundary: evicted with 30 % of the disk, in two containers',
    world: {
      objects: [
        node('k3s2'),
        evicted('', { message: said('10Gi') + said('20Gi').replace('main', 'sidecar') }),
      ],
      summaries: { k3s2: disk(60 * gi) },
    },
    says: [fails({ usedBytes: 30 * gi, sharePercent: 30 })],
  },
  {
    name: 'boundary: evicted with less than that: it was a victim',
    world: { objects: [node('k3s2'), evicted('29Gi')], summaries: { k3s2: disk(60 * gi) } },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: it wrote to an emptyDir, ended well when told to, and the disk is free again',
    world: { objects: [node('k3s2'), quietly('0')], summaries: { k3s2: disk(60 * gi) } },
    says: [
      {
        ...fails({ why: 'freed', usedBytes: 56 * gi, sharePercent: 56 }),
        field: 'status.conditions',
      },
    ],
  },
  {
    name: 'fails: the same, where only the host shows that the disk is free again',
    world: {
      objects: [node('k3s2'), quietly('0')],
      summaries: { k3s2: disk(4 * gi) },
      hosts: [hostWithFree(60 * gi)],
    },
    says: [fails({ why: 'freed', usedBytes: 56 * gi, sharePercent: 56 })],
  },
  {
    name: 'fails: its host shows what it holds before its kubelet has counted it',
    world: {
      objects: [node('k3s2'), web()],
      summaries: { k3s2: disk(60 * gi, written('web', gi)) },
      hosts: [{ ...hostWithFree(8 * gi), usage: known([heldBy('uid-of-default-web', 60 * gi)]) }],
    },
    says: [
      {
        ...fails({ why: 'filling', fullPercent: 92 }),
        field: `usage[/var/lib/kubelet/pods/uid-of-default-web].bytes`,
      },
    ],
  },
  {
    name: 'silent: a victim that had nowhere to write, and somebody has made room',
    world: {
      objects: [node('k3s2'), evicted('48Ki')],
      summaries: { k3s2: disk(60 * gi) },
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: what it could write to is memory',
    world: { objects: [node('k3s2'), inMemory(quietly('0'))], summaries: { k3s2: disk(60 * gi) } },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: two pods went, and which of them held it nobody knows',
    world: {
      objects: [node('k3s2'), quietly('0'), quietly('0', 'other')],
      summaries: { k3s2: disk(60 * gi) },
    },
    says: [],
    judged: 2,
  },
  {
    name: 'boundary: evicted an hour ago',
    world: {
      objects: [
        node('k3s2'),
        evicted('60Gi', {
          conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: ago(3600) }],
        }),
      ],
      summaries: { k3s2: disk(60 * gi) },
    },
    says: [{ ...fails(), onset: { from: null, to: ago(3600) } }],
  },
  {
    name: 'boundary: evicted longer ago, or nobody knows when',
    world: {
      objects: [
        node('k3s2'),
        evicted('60Gi', {
          conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: ago(3601) }],
        }),
        evicted('60Gi', { conditions: [] }),
      ],
      summaries: { k3s2: disk(60 * gi) },
    },
    says: [],
    judged: 2,
  },
  {
    name: 'silent: evicted for memory, or for its own limit',
    world: {
      objects: [
        node('k3s2'),
        evicted('', { message: said('60Gi').replaceAll('ephemeral-storage', 'memory') }),
        evicted('', { message: 'Usage of EmptyDir volume "cache" exceeds the limit "60Gi". ' }),
        evicted('60Gi', { reason: 'Preempting' }),
      ],
      summaries: { k3s2: disk(60 * gi) },
    },
    says: [],
    judged: 0,
  },
  {
    name: 'unknown: summaries may not be seen; an eviction of 10 GiB still tells',
    world: {
      objects: [node('k3s2'), evicted('10Gi'), pod('b', { node: 'k3s2' })],
      deny: ['kubeletsummaries'],
    },
    says: [
      {
        ...fails(),
        facts: less(
          fails({ usedBytes: 10 * gi }).facts,
          'sharePercent',
          'fullPercent',
          'capacityBytes',
        ),
      },
      { verdict: 'unknown', subject: 'KubeletSummary/*', facts: { reason: 'forbidden' } },
    ],
  },
  {
    name: 'fails: evicted, and no share of a disk of unknown size is claimed',
    world: { objects: [evicted('11Gi')] },
    says: [
      {
        ...fails(),
        facts: less(
          fails({ usedBytes: 11 * gi }).facts,
          'sharePercent',
          'fullPercent',
          'capacityBytes',
        ),
      },
    ],
  },
  {
    name: 'boundary: evicted with less than 10 GiB from a disk of unknown size',
    world: { objects: [evicted('9Gi')] },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: its kubelet does not answer, another gave no size of its disk',
    world: { objects: [node('k3s1'), node('k3s2'), web()], summaries: { k3s1: { node: {} } } },
    says: [
      { verdict: 'unknown', subject: 'KubeletSummary/k3s1', facts: { reason: 'malformed' } },
      {
        verdict: 'unknown',
        subject: 'KubeletSummary/k3s2',
        facts: { reason: 'no-answer' },
      },
    ],
  },
  {
    name: 'unknown: on a full disk, what it wrote was not measured',
    world: {
      objects: [node('k3s2'), web()],
      summaries: { k3s2: disk(gi, written('web')) },
    },
    says: [{ verdict: 'unknown', subject: 'Pod/default/web', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'unknown: pods may not be listed',
    world: { objects: [web()], deny: ['pods'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high' }],
  },
]);
