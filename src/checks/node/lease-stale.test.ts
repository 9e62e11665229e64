import { describeCheck } from '../../../test/support/cases.ts';
import { host, known, silentHost, unit } from '../../../test/support/hosts.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './lease-stale.ts';

const lively = [node('a'), lease('a')];
const fails = { verdict: 'fail', subject: 'Node/b' } as const;
const unknown = { verdict: 'unknown', subject: 'Node/b', facts: { reason: 'no-answer' } } as const;

/** A Lease whose managedFields are gone: only the holder's own clock is left. */
function bare(raw: RawObject): RawObject {
  return { ...raw, metadata: { ...raw.metadata, managedFields: [] } };
}

/** A host whose k3s unit was stopped that long ago. */
function down(seconds: number): Host {
  const at = Date.parse(ago(seconds));
  const changes = { activeState: 'inactive', subState: 'dead', exitedAt: at, stateChangedAt: at };
  return host('b', { units: known([unit('k3s-agent.service', changes)]) });
}

function watched(raw: RawObject, renewals: number, watchedMs: number): RawObject {
  return { ...raw, window: { renewals, watchedMs } };
}

describeCheck(check, [
  {
    name: 'silent: every kubelet renews its Lease',
    world: { objects: [...lively, node('b'), lease('b')] },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: the kubelet fell silent within the grace period',
    world: { objects: [...lively, node('b'), lease('b', { renewed: ago(45) })] },
    says: [
      {
        ...fails,
        severity: 'high',
        onset: { from: ago(45), to: ago(5) },
        field: 'spec.renewTime',
        facts: { name: 'b', leaseProof: 'quick-look', forMs: 45_000 },
      },
    ],
  },
  {
    name: 'fails: its host shows that no kubelet runs, before its Lease is old',
    world: { objects: [...lively, node('b'), lease('b', { renewed: ago(8) })], hosts: [down(5)] },
    says: [
      {
        ...fails,
        severity: 'high',
        onset: { from: ago(8), to: ago(5) },
        field: 'status.conditions[Ready].status',
        facts: { name: 'b', leaseProof: 'unit-down', forMs: 8_000 },
      },
    ],
  },
  {
    name: 'boundary: it has spoken since its unit went down',
    world: { objects: [...lively, node('b'), lease('b', { renewed: ago(8) })], hosts: [down(19)] },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: the hypervisor shows that its container is frozen',
    world: {
      objects: [...lively, node('b'), lease('b', { renewed: ago(8) })],
      hosts: [silentHost('b', 'container-frozen', 'FROZEN')],
    },
    says: [{ ...fails, facts: { name: 'b', leaseProof: 'container-frozen', forMs: 8_000 } }],
  },
  {
    name: 'fails: watched for 41 s by our own clock, though its clock runs ahead',
    world: {
      objects: [...lively, node('b'), watched(bare(lease('b', { renewed: ago(-20) })), 0, 41_000)],
    },
    says: [
      {
        ...fails,
        onset: { from: null, to: ago(1) },
        facts: { name: 'b', leaseProof: 'watched', forMs: 41_000 },
      },
    ],
  },
  {
    name: 'fails: watched, and the API server knows it to be older than the watch',
    world: {
      objects: [...lively, node('b'), watched(lease('b', { renewed: ago(60) }), 0, 41_000)],
    },
    says: [
      {
        ...fails,
        onset: { from: ago(60), to: ago(20) },
        facts: { name: 'b', leaseProof: 'watched', forMs: 60_000 },
      },
    ],
  },
  {
    name: 'boundary: 40 s is not too old',
    world: { objects: [...lively, node('b'), lease('b', { renewed: ago(40) })] },
    says: [],
    judged: 2,
  },
  {
    name: 'boundary: 41 s is',
    world: { objects: [...lively, node('b'), lease('b', { renewed: ago(41) })] },
    says: [fails],
  },
  {
    name: 'boundary: a clock 600 s behind looks old and is renewed',
    world: {
      objects: [...lively, node('b'), lease('b', { renewed: ago(603), written: ago(3) })],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'boundary: seen to move by our own clock, whatever its own says',
    world: {
      objects: [...lively, node('b'), watched(bare(lease('b', { renewed: ago(600) })), 1, 12_000)],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'boundary: that it moved once in ten minutes does not mean that it still does',
    world: {
      objects: [...lively, node('b'), watched(lease('b', { renewed: ago(60) }), 1, 600_000)],
    },
    says: [{ ...fails, facts: { name: 'b', leaseProof: 'quick-look', forMs: 60_000 } }],
  },
  {
    name: 'boundary: a node that is called not ready is judged elsewhere',
    world: {
      objects: [
        ...lively,
        node('b', { ready: 'Unknown', since: ago(20) }),
        lease('b', { renewed: ago(70) }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: still within two grace periods',
    world: { objects: [...lively, node('b'), lease('b', { renewed: ago(100) })] },
    says: [fails],
  },
  {
    name: 'unknown: after two grace periods of Ready it is the controller that is silent',
    world: { objects: [...lively, node('b'), lease('b', { renewed: ago(101) })] },
    says: [{ ...unknown, severity: 'high' }],
  },
  {
    name: 'unknown: one look at a clock that may be wrong',
    world: { objects: [...lively, node('b'), bare(lease('b', { renewed: ago(600) }))] },
    says: [unknown],
  },
  {
    name: 'unknown: a clock that runs ahead hides when it was renewed',
    world: { objects: [...lively, node('b'), bare(lease('b', { renewed: ago(-600) }))] },
    says: [unknown],
  },
  {
    name: 'unknown: all Leases stand still together, so the API is at fault',
    world: {
      objects: [
        node('a'),
        lease('a', { renewed: ago(55) }),
        node('b'),
        lease('b', { renewed: ago(50) }),
        lease('kube-controller-manager', { namespace: 'kube-system' }),
      ],
    },
    says: [{ ...unknown, subject: 'Node/a' }, unknown],
  },
  {
    name: 'unknown: the only node, with no other Lease to compare with',
    world: { objects: [node('b'), lease('b', { renewed: ago(50) })] },
    says: [unknown],
  },
  {
    name: 'fails: the only node, while a component goes on renewing',
    world: {
      objects: [
        node('b'),
        lease('b', { renewed: ago(50) }),
        lease('kube-controller-manager', { namespace: 'kube-system' }),
      ],
    },
    says: [fails],
  },
  {
    name: 'unknown: a node without a Lease of its own',
    world: { objects: [...lively, node('b'), lease('b', { namespace: 'elsewhere' })] },
    says: [unknown],
  },
  {
    name: 'unknown: Leases may not be listed',
    world: { objects: [node('b'), lease('b')], deny: ['leases'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);
