import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { minute, parseTime, second } from '../../lib/time.ts';
import { defineCheck, type Verdict, type View } from '../../model/check.ts';
import { notSeen } from '../../model/facet.ts';
import type { Fact, Facts, Onset } from '../../model/finding.ts';
import { roleOf } from '../../model/kubernetes/role.ts';
import {
  type Gap,
  gapOf,
  replicasOf,
  type Workload,
  whyShort,
} from '../../model/kubernetes/rollout.ts';
import { isGated, isSurplusReplica } from '../../model/kubernetes/scheduling.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { refOf } from '../../model/ref.ts';

const reads = ['deployments', 'statefulsets', 'daemonsets'] as const;
const wants = ['pods', 'replicasets', 'events'] as const;
type Seen = View<(typeof reads)[number], (typeof wants)[number]>;

export const check = defineCheck({
  code: 'EK7007',
  id: 'workload/rollout-stuck',
  title: 'Replicas missing',
  layer: 'workload',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads,
  wants,
  explains: [
    {
      effect: 'network/service-without-endpoints',
      tie: 'workload-services',
      strength: 0.5,
      within: 30 * minute,
      lead: 15 * minute,
    },
    {
      effect: 'node/not-ready',
      tie: 'workload-nodes',
      strength: 0.8,
      within: Infinity,
      lead: 15 * minute,
      when: { role: 'network-plugin' },
      signature: { message: /\bcni\b|network plugin/i },
    },
    {
      effect: 'node/uninitialized',
      tie: 'workload-nodes',
      strength: 0.8,
      within: Infinity,
      lead: 15 * minute,
      when: { role: 'network-plugin' },
      signature: { why: 'cilium-agent' },
    },
    // Any driver: its other nodes are well, and what has a signature was never promised for all.
    {
      effect: 'storage/csi-not-registered',
      tie: 'workload-csi-nodes',
      strength: 0.8,
      within: Infinity,
      lead: 15 * minute,
      when: { role: 'csi-driver' },
      signature: { driver: /./ },
    },
  ],
  options: z.object({
    deadlineMs: z
      .number()
      .default(10 * minute)
      .describe('how long a replica may be missing, where the workload has no deadline of its own'),
  }),
  subjects: ({ deployments, statefulsets, daemonsets }): readonly Workload[] =>
    [...deployments.filter((each) => !each.spec.paused), ...statefulsets, ...daemonsets].filter(
      (each) => replicasOf(each).wanted > 0 && !each.metadata.deletionTimestamp,
    ),
  judge(workload, view, options) {
    const { generation } = workload.metadata;
    if ((generation ?? 0) > (workload.status.observedGeneration ?? 0)) {
      const detail = 'its controller has not taken note of its latest change';
      return { verdict: 'unknown', reason: 'too-old', detail };
    }
    const gap = gapOf(workload, view.topology);
    const stall = stallOf(workload, gap, view, options.deadlineMs);
    if (stall === undefined || 'verdict' in stall) return stall;
    // A gate is somebody's intention, and a second replica that one node cannot hold is no news.
    const hasPods = gap.missing.length > 0;
    if (hasPods && gap.missing.every(isGated)) return undefined;
    const isSurplus = hasPods && gap.missing.every((pod) => isSurplusReplica(pod, gap.siblings));
    const { onset, field, value } = stall;
    return {
      verdict: 'fail',
      severity: isSurplus ? 'info' : 'high',
      onset,
      facts: {
        ...factsOf(workload, gap),
        isSurplus,
        sinceAt: onset.to,
        forMs: view.now - onset.to,
        notSeen: blindness(view),
      },
      evidence: [{ object: refOf(workload), field, value, at: onset.to }],
    };
  },
});

interface Stall {
  readonly onset: Onset;
  readonly field: string;
  readonly value: Fact;
}

/** Its controller's own word, where it gives one; otherwise how long its pods have been missing. */
function stallOf(
  workload: Workload,
  gap: Gap,
  view: Seen,
  defaultMs: Millis,
): Stall | Extract<Verdict, { verdict: 'unknown' }> | undefined {
  const { now } = view;
  const deployment = workload.kind === 'Deployment.apps' ? workload : undefined;
  const ownSeconds = deployment?.spec.progressDeadlineSeconds;
  const deadlineMs = ownSeconds ? ownSeconds * second : defaultMs;
  const progressing = conditionOf(deployment?.status.conditions, 'Progressing');
  if (progressing?.status === 'False') {
    const to = parseTime(progressing.lastTransitionTime) ?? now;
    const from = progressing.reason === 'ProgressDeadlineExceeded' ? to - deadlineMs : null;
    return { onset: { from, to }, field: 'status.conditions[Progressing].status', value: 'False' };
  }
  const { wanted, ready, field } = replicasOf(workload);
  if (ready >= wanted) return undefined;
  // While it rolls on, its controller keeps the time, and says False when that is up.
  const isRolling =
    progressing?.status === 'True' && progressing.reason !== 'NewReplicaSetAvailable';
  if (isRolling) return undefined;
  const available = conditionOf(deployment?.status.conditions, 'Available');
  const since = available?.status === 'False' ? parseTime(available.lastTransitionTime) : gap.since;
  if (since === undefined) return timeless(workload, view, deadlineMs);
  if (now - since <= deadlineMs) return undefined;
  return { onset: { from: null, to: since }, field, value: ready };
}

/** A replica is missing and nothing tells since when. */
function timeless(
  { metadata }: Workload,
  view: Seen,
  deadlineMs: Millis,
): Extract<Verdict, { verdict: 'unknown' }> | undefined {
  const created = parseTime(metadata.creationTimestamp) ?? 0;
  if (view.now - created <= deadlineMs) return undefined;
  const { pods, replicasets, events } = view;
  const hidden = [pods, replicasets, events].find((each) => each.state === 'unknown');
  const detail = 'a replica is missing, and nothing tells since when';
  return {
    verdict: 'unknown',
    reason: hidden?.state === 'unknown' ? hidden.reason : 'no-answer',
    detail: [detail, ...blindness(view)].join('; '),
  };
}

function factsOf(workload: Workload, gap: Gap): Facts {
  const { wanted, ready } = replicasOf(workload);
  const message = gap.refused?.message ?? '';
  const webhook = /failed calling webhook "([^"]+)"/.exec(message)?.[1];
  return {
    name: workload.metadata.name,
    namespace: workload.metadata.namespace ?? '',
    kind: workload.kind.slice(0, workload.kind.indexOf('.')),
    why: whyShort(gap),
    ...(webhook === undefined ? {} : { webhook }),
    message,
    wanted,
    ready,
    pods: gap.missing.map((pod) => pod.metadata.name),
    role:
      workload.kind === 'DaemonSet.apps'
        ? roleOf(
            workload.metadata.name,
            workload.spec.template.spec.containers.map((each) => each.name),
          )
        : 'workload',
  };
}

function blindness({ pods, replicasets, events }: Seen): readonly string[] {
  return notSeen({ pods, replicasets, events });
}
