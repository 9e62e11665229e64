import { describeCheck } from '../../../test/support/cases.ts';
import { node } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './uninitialized.ts';

const cloud = {
  key: 'node.cloudprovider.kubernetes.io/uninitialized',
  value: 'true',
  effect: 'NoSchedule',
};
const cilium = { key: 'node.cilium.io/agent-not-ready', value: 'true', effect: 'NoExecute' };
const fails = { verdict: 'fail', subject: 'Node/b' } as const;

function waiting(
  taints: readonly object[],
  shape: { created?: string; written?: string } = {},
): RawObject {
  const written = {
    manager: 'cilium-operator-generic',
    operation: 'Update',
    time: shape.written,
    fieldsV1: { 'f:spec': { 'f:taints': {} } },
  };
  return node('b', {
    created: shape.created ?? ago(3600),
    taints: taints as [],
    metadata: { managedFields: shape.written === undefined ? [] : [written] },
  });
}

describeCheck(check, [
  {
    name: 'silent: nodes without these taints',
    world: {
      objects: [node('a'), node('b', { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] })],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: no cloud controller ever took the node up',
    world: { objects: [node('a'), waiting([cloud], { written: ago(60) })] },
    says: [
      {
        ...fails,
        severity: 'high',
        onset: { from: null, to: ago(3600) },
        field: `spec.taints[${cloud.key}].effect`,
        facts: {
          name: 'b',
          taints: [`${cloud.key}:NoSchedule`],
          why: 'cloud-controller',
          sinceAt: Date.parse(ago(3600)),
          forMs: 3_600_000,
        },
      },
    ],
  },
  {
    name: 'fails: Cilium set its taint when its agent went, long after the first boot',
    world: { objects: [waiting([cilium], { written: ago(600) })] },
    says: [
      {
        ...fails,
        onset: { from: null, to: ago(600) },
        facts: {
          name: 'b',
          taints: [`${cilium.key}:NoExecute`],
          why: 'cilium-agent',
          sinceAt: Date.parse(ago(600)),
          forMs: 600_000,
        },
      },
    ],
  },
  {
    name: 'fails: both; the cloud controller comes first',
    world: { objects: [waiting([cilium, cloud])] },
    says: [
      {
        ...fails,
        facts: {
          name: 'b',
          taints: [`${cilium.key}:NoExecute`, `${cloud.key}:NoSchedule`],
          why: 'cloud-controller',
          sinceAt: Date.parse(ago(3600)),
          forMs: 3_600_000,
        },
      },
    ],
  },
  {
    name: 'boundary: two minutes',
    world: { objects: [waiting([cilium], { written: ago(120) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: more than two minutes',
    world: { objects: [waiting([cilium], { written: ago(121) })] },
    says: [fails],
  },
  {
    name: 'boundary: the taint itself says since when',
    world: {
      objects: [waiting([{ ...cilium, timeAdded: ago(120) }], { written: ago(600) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: five minutes after its first registration it may still pull images',
    world: { objects: [waiting([cloud], { created: ago(300) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: more than five minutes after',
    world: { objects: [waiting([cloud], { created: ago(301) })] },
    says: [fails],
  },
  {
    name: 'unknown: nodes may not be listed',
    world: { objects: [node('a')], deny: ['nodes'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);
