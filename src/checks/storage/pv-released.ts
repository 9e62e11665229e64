import * as z from 'zod';
import { byText } from '../../lib/order.ts';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck, type View } from '../../model/check.ts';
import { couldBind, type PersistentVolume, provisionedBy } from '../../model/objects/storage.ts';
import { refOf } from '../../model/ref.ts';
import { keyOf } from '../../model/topology.ts';

const reads = ['persistentvolumes', 'persistentvolumeclaims', 'storageclasses'] as const;

export const check = defineCheck({
  code: 'EK5002',
  id: 'storage/pv-released',
  title: 'Released volume',
  layer: 'storage',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads,
  wants: [],
  explains: [
    {
      effect: 'storage/pvc-pending',
      tie: 'volume-claims',
      strength: 0.95,
      within: Infinity,
      // A claim that was made again at once is older than the volume's release by a few seconds.
      lead: minute,
      when: { why: 'claim-waits' },
      signature: { why: 'released-volume' },
    },
  ],
  options: z.object({
    deleteMs: z
      .number()
      .default(15 * minute)
      .describe('how long the deletion of a volume with reclaim policy Delete may take'),
  }),
  // Whether a claim is gone can be said only of namespaces that were looked at.
  subjects: ({ persistentvolumes, topology }) =>
    persistentvolumes.filter(({ spec: { claimRef } }) =>
      claimRef ? topology.sees('persistentvolumeclaims', claimRef.namespace) : true,
    ),
  judge(volume, view, { deleteMs }) {
    const { metadata, spec, status } = volume;
    const kept = spec.claimRef;
    if (status.phase !== 'Released' || !kept || metadata.deletionTimestamp) return undefined;
    const claim = view.topology.claims.get(`${kept.namespace ?? ''}/${kept.name}`);
    if (claim && claim.metadata.uid === kept.uid) return undefined;
    const since = parseTime(status.lastPhaseTransitionTime);
    const toBeDeleted = spec.persistentVolumeReclaimPolicy === 'Delete';
    if (toBeDeleted && view.now - (since ?? view.now) < deleteMs) return undefined;
    const waiting = toBeDeleted ? [] : claimsWaitingFor(volume, view);
    const facts = {
      name: metadata.name,
      why: toBeDeleted ? 'delete-stuck' : waiting.length > 0 ? 'claim-waits' : 'left-over',
      claim: `${kept.namespace ?? ''}/${kept.name}`,
      claimNamespace: kept.namespace ?? '',
      claimName: kept.name,
      pendingClaims: waiting,
      size: spec.capacity?.['storage'] ?? '',
      class: spec.storageClassName ?? '',
      policy: spec.persistentVolumeReclaimPolicy ?? '',
      ...(since === undefined ? {} : { sinceAt: since, forMs: view.now - since }),
    };
    const evidence = [
      { object: refOf(volume), field: 'status.phase', value: 'Released', at: since },
      { object: refOf(volume), field: 'spec.claimRef.uid', value: kept.uid ?? null },
    ];
    const onset = { from: since ?? null, to: since ?? view.now };
    const severity = waiting.length > 0 ? 'high' : 'low';
    return { verdict: 'fail', severity, onset, facts, evidence };
  },
});

/** Pending claims that nothing but this volume could serve: no provisioner is to make them one. */
function claimsWaitingFor(
  volume: PersistentVolume,
  { persistentvolumeclaims, storageclasses }: View<(typeof reads)[number], never>,
): readonly string[] {
  return persistentvolumeclaims
    .filter(
      (claim) =>
        claim.status.phase === 'Pending' &&
        couldBind(claim, volume, storageclasses) &&
        provisionedBy(claim, storageclasses) === undefined,
    )
    .map(keyOf)
    .sort(byText);
}
