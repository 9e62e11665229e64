import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { minute, parseTime, second } from '../../lib/time.ts';
import { defineCheck, type Verdict, type View } from '../../model/check.ts';
import { notSeen } from '../../model/facet.ts';
import type { Fact, Facts, Onset } from '../../model/finding.ts';
import { type Condition, conditionOf } from '../../model/objects/meta.ts';
import { isFinished, type Pod } from '../../model/objects/pod.ts';
import { refKey, refOf } from '../../model/ref.ts';
import { roleOf } from '../../model/role.ts';
import {
  missingSince,
  type Refused,
  refusedBy,
  replicasOf,
  type Workload,
} from '../../model/rollout.ts';
import { isSurplusReplica } from '../../model/scheduling.ts';
import type { Topology } from '../../model/topology.ts';

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
    if (gap.missing.length > 0 && gap.missing.every((pod) => isGated(scheduledOf(pod)))) {
      return undefined;
    }
    const isSurplus =
      gap.missing.length > 0 &&
      gap.missing.every((pod) =>
        isSurplusReplica(pod, scheduledOf(pod)?.message ?? '', gap.siblings),
      );
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

/** What is missing of a workload, and since when at the latest. */
interface Gap {
  readonly siblings: readonly Pod[];
  readonly missing: readonly Pod[];
  readonly refused: Refused | undefined;
  readonly since: Millis | undefined;
}

function gapOf(workload: Workload, topology: Topology): Gap {
  const siblings = topology.podsOfWorkload.get(refKey(refOf(workload))) ?? [];
  const alive = siblings.filter((pod) => !isFinished(pod));
  const missing = alive.filter((pod) => missingSince(pod) !== undefined);
  // A condition clears itself; an event stays for an hour, so all pods there means that it is over.
  const isComplete = alive.length >= replicasOf(workload).wanted;
  const refused =
    isComplete && workload.kind !== 'Deployment.apps' ? undefined : refusedBy(workload, topology);
  const times = [...missing.map(missingSince), refused?.since].filter((at) => at !== undefined);
  return { siblings, missing, refused, since: times.length > 0 ? Math.min(...times) : undefined };
}

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
  const hidden = blindness(view);
  const detail = 'a replica is missing, and nothing tells since when';
  return {
    verdict: 'unknown',
    reason: hidden.length > 0 ? 'not-collected' : 'no-answer',
    detail: [detail, ...hidden].join('; '),
  };
}

function factsOf(workload: Workload, { missing, refused }: Gap): Facts {
  const { wanted, ready } = replicasOf(workload);
  const message = refused?.message ?? '';
  const webhook = /failed calling webhook "([^"]+)"/.exec(message)?.[1];
  return {
    name: workload.metadata.name,
    namespace: workload.metadata.namespace ?? '',
    kind: workload.kind.slice(0, workload.kind.indexOf('.')),
    why: refused ? whyRefused(message) : whyMissing(missing),
    ...(webhook === undefined ? {} : { webhook }),
    message,
    wanted,
    ready,
    pods: missing.map((pod) => pod.metadata.name),
    role:
      workload.kind === 'DaemonSet.apps'
        ? roleOf(
            workload.metadata.name,
            workload.spec.template.spec.containers.map((each) => each.name),
          )
        : 'workload',
  };
}

function whyRefused(message: string): string {
  if (/exceeded quota/.test(message)) return 'quota';
  if (/failed calling webhook/.test(message)) return 'webhook';
  return /forbidden|denied the request/.test(message) ? 'forbidden' : 'other';
}

function whyMissing(missing: readonly Pod[]): string {
  if (missing.some((pod) => scheduledOf(pod)?.status === 'False')) return 'unscheduled';
  return missing.length > 0 ? 'pods-not-ready' : 'other';
}

function scheduledOf(pod: Pod): Condition | undefined {
  return conditionOf(pod.status.conditions, 'PodScheduled');
}

function isGated(scheduled: Condition | undefined): boolean {
  return scheduled?.reason === 'SchedulingGated';
}

function blindness({ pods, replicasets, events }: Seen): readonly string[] {
  return notSeen({ pods, replicasets, events });
}
