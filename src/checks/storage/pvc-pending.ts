import * as z from 'zod';
import { byText } from '../../lib/order.ts';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { listed, notSeen } from '../../model/facet.ts';
import type { Evidence } from '../../model/finding.ts';
import { type Unbound, whyUnbound } from '../../model/kubernetes/unbound.ts';
import { type Event, isFinished, type Pod, seenAt } from '../../model/objects/pod.ts';
import {
  classNameOf,
  type PersistentVolumeClaim,
  provisionedBy,
} from '../../model/objects/storage.ts';
import { refOf } from '../../model/ref.ts';
import { keyOf } from '../../model/topology.ts';

/** Every cause but the one that lies with the pod. */
const ownCauses = [
  'class-missing',
  'no-default-class',
  'provisioner-silent',
  'released-volume',
  'capacity',
  'access-mode',
  'other',
];

export const check = defineCheck({
  code: 'EK5001',
  id: 'storage/pvc-pending',
  title: 'Claim pending',
  layer: 'storage',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['persistentvolumeclaims', 'storageclasses', 'pods'],
  wants: ['events', 'persistentvolumes'],
  explains: [
    {
      effect: 'workload/unschedulable',
      tie: 'claim-pods',
      strength: 0.9,
      within: Infinity,
      when: { why: ownCauses },
      signature: { why: 'volume' },
    },
    {
      effect: 'workload/rollout-stuck',
      tie: 'claim-workloads',
      strength: 0.7,
      within: Infinity,
      when: { why: ownCauses },
      signature: { why: ['pods-not-ready', 'unscheduled'] },
    },
    {
      effect: 'workload/mount-failed',
      tie: 'claim-pods',
      strength: 0.05,
      within: Infinity,
      when: { why: ownCauses },
      signature: { why: 'other' },
    },
  ],
  options: z.object({
    settleMs: z
      .number()
      .default(2 * minute)
      .describe('how long a claim may be pending'),
  }),
  subjects: ({ persistentvolumeclaims, topology }) =>
    persistentvolumeclaims.filter((each) => topology.sees('pods', each.metadata.namespace)),
  judge(claim, view, { settleMs }) {
    if (claim.status.phase !== 'Pending') return undefined;
    const { now, topology, storageclasses } = view;
    const pods = (topology.podsOfClaim.get(keyOf(claim)) ?? []).filter((pod) => !isFinished(pod));
    const className = classNameOf(claim, storageclasses);
    const storageClass = storageclasses.find((each) => each.metadata.name === className);
    const waits =
      storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !claim.spec.volumeName;
    if (waits && pods.length === 0) return undefined;
    const made = parseTime(claim.metadata.creationTimestamp) ?? 0;
    const since = waits ? Math.max(made, firstOf(pods)) : made;
    if (now - since <= settleMs) return undefined;
    const events = topology.eventsOf(claim);
    const said = events.findLast((each) => each.type === 'Warning') ?? events.at(-1);
    const cause = provisionedBy(claim, storageclasses)
      ? causeInProvisioning(claim, events, waits)
      : whyUnbound(claim, listed(view.persistentvolumes), storageclasses, waits);
    const facts = {
      name: claim.metadata.name,
      namespace: claim.metadata.namespace ?? '',
      volume: claim.spec.volumeName ?? '',
      ...cause,
      class: className,
      provisioner: storageClass?.provisioner ?? '',
      pods: pods.map((pod) => pod.metadata.name).sort(byText),
      message: said?.message ?? '',
      notSeen: notSeen({ events: view.events, persistentvolumes: view.persistentvolumes }),
      sinceAt: since,
      forMs: now - since,
    };
    const evidence = [
      { object: refOf(claim), field: 'status.phase', value: 'Pending', at: since },
      ...(said ? [evidenceOf(said)] : []),
    ];
    const onset = { from: since, to: since };
    const severity = pods.length > 0 ? 'high' : 'medium';
    return { verdict: 'fail', severity, onset, facts, evidence };
  },
});

const answers = ['Provisioning', 'ProvisioningFailed', 'ProvisioningSucceeded'];
const capacity =
  /(insufficient|not enough) (\w+ )?(space|capacity|storage)|no space left|ResourceExhausted/i;
const accessMode = /access ?modes?\b/i;

/** A provisioner is to make the volume: whether it was asked, and what it answered. */
function causeInProvisioning(
  claim: PersistentVolumeClaim,
  events: readonly Event[],
  waits: boolean,
): Unbound {
  const chosen = claim.metadata.annotations?.['volume.kubernetes.io/selected-node'];
  if (waits && !chosen) return { why: 'waiting-for-consumer' };
  const failed = events.findLast((each) => each.reason === 'ProvisioningFailed')?.message ?? '';
  if (capacity.test(failed)) return { why: 'capacity' };
  if (accessMode.test(failed)) return { why: 'access-mode' };
  const asked = events.some((each) => each.reason === 'ExternalProvisioning');
  const answered = events.some((each) => answers.includes(each.reason ?? ''));
  return { why: asked && !answered ? 'provisioner-silent' : 'other' };
}

function evidenceOf(event: Event): Evidence {
  const { last } = seenAt(event);
  return { object: refOf(event), field: 'message', value: event.message ?? null, at: last };
}

function firstOf(pods: readonly Pod[]): number {
  return Math.min(...pods.map((pod) => parseTime(pod.metadata.creationTimestamp) ?? 0));
}
