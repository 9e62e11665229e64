import { describeCheck } from '../../../test/support/cases.ts';
import { node } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './cordoned.ts';

const dayS = 24 * 3600;

function cordonedNode(timeAdded?: string): RawObject {
  const key = 'node.kubernetes.io/unschedulable';
  const since = timeAdded === undefined ? {} : { timeAdded };
  return node('b', { unschedulable: true, taints: [{ key, effect: 'NoSchedule', ...since }] });
}

describeCheck(check, [
  {
    name: 'silent: nodes that take pods',
    world: {
      objects: [
        node('a'),
        node('b', {
          taints: [{ key: 'dedicated', effect: 'NoSchedule', timeAdded: ago(3 * dayS) }],
        }),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: cordoned three days ago',
    world: { objects: [node('a'), cordonedNode(ago(3 * dayS))] },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/b',
        severity: 'low',
        onset: { from: null, to: ago(3 * dayS) },
        field: 'spec.unschedulable',
        facts: { name: 'b', sinceAt: Date.parse(ago(3 * dayS)), forMs: 3 * dayS * 1000 },
      },
    ],
  },
  {
    name: 'boundary: cordoned for a day',
    world: { objects: [cordonedNode(ago(dayS))] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: cordoned for a day and a second',
    world: { objects: [cordonedNode(ago(dayS + 1))] },
    says: [{ verdict: 'fail', subject: 'Node/b' }],
  },
  {
    name: 'boundary: in maintenance, as the configuration says',
    world: { objects: [node('a'), cordonedNode(ago(3 * dayS))] },
    options: { maintenanceNodes: ['b'] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: uncordoned while nobody takes the taint away: not what this check is about',
    world: {
      objects: [
        node('b', {
          taints: [
            {
              key: 'node.kubernetes.io/unschedulable',
              effect: 'NoSchedule',
              timeAdded: ago(3 * dayS),
            },
          ],
        }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: nothing says since when',
    world: { objects: [cordonedNode()] },
    says: [
      {
        verdict: 'unknown',
        subject: 'Node/b',
        severity: 'low',
        facts: { reason: 'no-answer' },
      },
    ],
  },
  {
    name: 'unknown: another taint has a time, this one has none',
    world: {
      objects: [
        node('b', {
          unschedulable: true,
          taints: [{ key: 'dedicated', effect: 'NoSchedule', timeAdded: ago(3 * dayS) }],
        }),
      ],
    },
    says: [{ verdict: 'unknown', subject: 'Node/b', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'unknown: nodes may not be listed',
    world: { objects: [node('a')], deny: ['nodes'] },
    says: [{ verdict: 'unknown', subject: '', facts: { reason: 'forbidden' } }],
  },
]);
