import { describeCheck } from '../../../test/support/cases.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './stale-taint.ts';

const unreachable = 'node.kubernetes.io/unreachable';
const noSchedule = { key: unreachable, effect: 'NoSchedule', timeAdded: ago(900) };
const noExecute = { key: unreachable, effect: 'NoExecute', timeAdded: ago(895) };

/** A node that came back while its taints stayed. */
function returned(
  shape: { since?: string; taints?: readonly object[]; written?: string; by?: string } = {},
): RawObject {
  const managed = (manager: string, time: string, field: string): object => ({
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { [field]: {} } },
  });
  return node('b', {
    since: shape.since ?? ago(600),
    taints: (shape.taints ?? [noSchedule, noExecute]) as [],
    metadata: {
      managedFields: [
        managed(shape.by ?? 'k3s', shape.written ?? ago(895), 'f:taints'),
        managed('kubectl', ago(30), 'f:unschedulable'),
      ],
    },
  });
}

function controller(shape: { renewed?: string; written?: string; acquired?: string }): RawObject {
  return lease('kube-controller-manager', { namespace: 'kube-system', ...shape });
}

const silent = controller({ renewed: ago(700), acquired: ago(90_000) });
const atWork = controller({ renewed: ago(2), acquired: ago(90_000) });
const bystander = [node('a'), lease('a')];

const facts = {
  name: 'b',
  taints: [`${unreachable}:NoSchedule`, `${unreachable}:NoExecute`],
  why: 'controller-silent',
  writtenBy: 'k3s',
  leaseProof: 'quick-look',
  readySinceAt: Date.parse(ago(600)),
  forMs: 600_000,
} as const;
const fails = { verdict: 'fail', subject: 'Node/b' } as const;
const unknown = { verdict: 'unknown', subject: 'Node/b', facts: { reason: 'no-answer' } } as const;

/** A Lease whose managedFields are gone: only the holder's own clock is left. */
function bare(raw: RawObject): RawObject {
  return { ...raw, metadata: { ...raw.metadata, managedFields: [] } };
}

describeCheck(check, [
  {
    name: 'silent: ready nodes without taints of the lifecycle',
    world: {
      objects: [
        ...bystander,
        node('b', { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] }),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: the controller died before the node came back',
    world: { objects: [...bystander, returned(), lease('b'), silent] },
    says: [
      {
        ...fails,
        severity: 'high',
        onset: { from: ago(600), to: ago(600) },
        field: `spec.taints[${unreachable}].effect`,
        facts,
      },
    ],
  },
  {
    name: 'fails: the controller is at work, so its one patch failed',
    world: { objects: [returned({ taints: [noSchedule] }), lease('b'), atWork] },
    says: [
      {
        ...fails,
        facts: { ...facts, taints: [`${unreachable}:NoSchedule`], why: 'patch-failed' },
      },
    ],
  },
  {
    name: 'fails: without a Lease of the controller nobody knows why; a Lease elsewhere is not it',
    world: {
      objects: [
        returned({ taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] }),
        lease('b'),
        lease('kube-controller-manager', { namespace: 'other', renewed: ago(700) }),
        lease('kube-scheduler', { namespace: 'kube-system', renewed: ago(700) }),
      ],
    },
    says: [
      {
        ...fails,
        facts: { ...facts, taints: ['node.kubernetes.io/not-ready:NoSchedule'], why: 'unknown' },
      },
    ],
  },
  {
    name: 'fails: without its Lease, a dead node that still counts as ready tells of its silence',
    world: {
      objects: [returned(), lease('b'), node('c'), lease('c', { renewed: ago(101) })],
    },
    says: [{ ...fails, facts: { ...facts, why: 'controller-silent' } }],
  },
  {
    name: 'boundary: within two grace periods a dead node tells nothing of the controller',
    world: {
      objects: [returned(), lease('b'), node('c'), lease('c', { renewed: ago(100) })],
    },
    says: [{ ...fails, facts: { ...facts, why: 'unknown' } }],
  },
  {
    name: 'boundary: a dead node that is called not ready shows a controller at work',
    world: {
      objects: [
        returned(),
        lease('b'),
        node('c', { ready: 'Unknown', since: ago(300) }),
        lease('c', { renewed: ago(350) }),
      ],
    },
    says: [{ ...fails, facts: { ...facts, why: 'unknown' } }],
  },
  {
    name: 'boundary: a clock that is wrong says nothing of the controller',
    world: { objects: [returned(), lease('b'), bare(silent)] },
    says: [{ ...fails, facts: { ...facts, why: 'unknown' } }],
  },
  {
    name: 'boundary: the controller gets 60 s after the node came back',
    world: { objects: [returned({ since: ago(60) }), lease('b'), silent] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: 61 s after the node came back it is late',
    world: { objects: [returned({ since: ago(61) }), lease('b'), silent] },
    says: [{ ...fails, facts: { ...facts, readySinceAt: Date.parse(ago(61)), forMs: 61_000 } }],
  },
  {
    name: 'boundary: a taint that was added since is given the same time',
    world: {
      objects: [returned({ taints: [{ ...noSchedule, timeAdded: ago(60) }] }), lease('b'), silent],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a controller that took office within 60 s is still at it',
    world: {
      objects: [returned(), lease('b'), controller({ renewed: ago(2), acquired: ago(60) })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a controller in office for 61 s is not',
    world: {
      objects: [returned(), lease('b'), controller({ renewed: ago(2), acquired: ago(61) })],
    },
    says: [{ ...fails, facts: { ...facts, why: 'patch-failed' } }],
  },
  {
    name: 'boundary: whoever wrote the taints since may have brought this one',
    world: {
      objects: [
        returned({
          taints: [{ key: unreachable, effect: 'NoSchedule' }],
          written: ago(200),
          by: 'kubectl-taint',
        }),
        lease('b'),
        silent,
      ],
    },
    says: [
      {
        ...fails,
        onset: { from: ago(600), to: ago(200) },
        facts: {
          ...facts,
          taints: [`${unreachable}:NoSchedule`],
          writtenBy: 'kubectl-taint',
        },
      },
    ],
  },
  {
    name: 'boundary: a node that is not ready is rightly tainted',
    world: {
      objects: [
        node('b', { ready: 'Unknown', since: ago(600), taints: [noSchedule] }),
        node('c', { ready: 'False', since: ago(600), taints: [noSchedule] }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: "boundary: a clock 600 s behind, and a Lease that moves by the API server's",
    world: {
      objects: [returned(), lease('b', { renewed: ago(605), written: ago(5) }), silent],
    },
    says: [{ ...fails, facts }],
  },
  {
    name: "boundary: a renewal 40 s ago is taken as proof, by the holder's clock if need be",
    world: {
      objects: [returned(), bare(lease('b', { renewed: ago(40) })), silent],
    },
    says: [{ ...fails, facts }],
  },
  {
    name: 'fails: the Lease was seen to move twice by our own clock',
    world: {
      objects: [returned(), { ...lease('b'), window: { renewals: 2, watchedMs: 25_000 } }, silent],
    },
    says: [{ ...fails, facts: { ...facts, leaseProof: 'watched' } }],
  },
  {
    name: 'unknown: its Lease stands still, so Ready itself is stale',
    world: { objects: [...bystander, returned(), lease('b', { renewed: ago(41) }), silent] },
    says: [{ ...unknown, severity: 'high' }],
  },
  {
    name: 'unknown: its Lease was watched for 41 s and did not move, whatever its clock says',
    world: {
      objects: [
        returned(),
        { ...bare(lease('b')), window: { renewals: 0, watchedMs: 41_000 } },
        silent,
      ],
    },
    says: [unknown],
  },
  {
    name: 'unknown: somebody wrote to the Lease, and it was not a renewal',
    world: {
      objects: [
        returned(),
        {
          ...lease('b', { renewed: ago(600) }),
          metadata: {
            ...lease('b', { renewed: ago(600) }).metadata,
            managedFields: [{ manager: 'kubectl', time: ago(5), fieldsV1: { 'f:metadata': {} } }],
          },
        },
        silent,
      ],
    },
    says: [unknown],
  },
  {
    name: 'unknown: Leases may not be listed; nodes without the taint are well all the same',
    world: { objects: [node('a'), returned()], deny: ['leases'] },
    says: [unknown],
    judged: 2,
  },
  {
    name: 'unknown: nodes may not be listed',
    world: { objects: [returned()], deny: ['nodes'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);
