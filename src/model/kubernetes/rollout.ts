import type { Millis } from '../../lib/clock.ts';
import { parseTime } from '../../lib/time.ts';
import { conditionOf } from '../objects/meta.ts';
import { isFinished, isMeantToRun, type Pod, seenAt, unreadySince } from '../objects/pod.ts';
import type { DaemonSet, Deployment, StatefulSet } from '../objects/workload.ts';
import { refKey, refOf } from '../ref.ts';
import type { Topology } from '../topology.ts';
import { scheduledOf } from './scheduling.ts';

export type Workload = Deployment | StatefulSet | DaemonSet;

interface Replicas {
  readonly wanted: number;
  readonly ready: number;
  /** Where the controller says how many serve. */
  readonly field: string;
}

/** How many pods a workload wants, and how many of them serve, by its controller's count. */
export function replicasOf(workload: Workload): Replicas {
  switch (workload.kind) {
    case 'Deployment.apps': {
      const { spec, status } = workload;
      const field = 'status.availableReplicas';
      return { wanted: spec.replicas ?? 1, ready: status.availableReplicas ?? 0, field };
    }
    case 'StatefulSet.apps': {
      const { spec, status } = workload;
      const field = 'status.readyReplicas';
      return { wanted: spec.replicas ?? 1, ready: status.readyReplicas ?? 0, field };
    }
    case 'DaemonSet.apps': {
      const { desiredNumberScheduled, numberReady } = workload.status;
      const field = 'status.numberReady';
      return { wanted: desiredNumberScheduled ?? 0, ready: numberReady ?? 0, field };
    }
  }
}

/** What is missing of a workload, and since when at the latest. */
export interface Gap {
  readonly siblings: readonly Pod[];
  readonly missing: readonly Pod[];
  readonly refused: Refused | undefined;
  readonly since: Millis | undefined;
}

export function gapOf(workload: Workload, topology: Topology): Gap {
  const isDeployment = workload.kind === 'Deployment.apps';
  const siblings = topology.podsOfWorkload.get(refKey(refOf(workload))) ?? [];
  // A Deployment replaces a pod that is to go at once; the others wait until it is gone.
  const present = siblings.filter(isDeployment ? isMeantToRun : (pod) => !isFinished(pod));
  const missing = present.filter((pod) => missingSince(pod) !== undefined);
  const isShort =
    topology.sees('pods', workload.metadata.namespace) &&
    present.length < replicasOf(workload).wanted;
  // A condition clears itself; an event stays for an hour, so it counts only while a pod is not made.
  const refused = isDeployment || isShort ? refusedBy(workload, topology) : undefined;
  const times = [...missing.map(missingSince), refused?.since].filter((at) => at !== undefined);
  return { siblings, missing, refused, since: times.length > 0 ? Math.min(...times) : undefined };
}

/** Since when a pod leaves its workload one short; undefined while it serves. */
function missingSince(pod: Pod): Millis | undefined {
  const isReady = conditionOf(pod.status.conditions, 'Ready')?.status === 'True';
  // A pod that is to go is replaced only when it is gone, and it should be by then.
  if (isReady) return parseTime(pod.metadata.deletionTimestamp);
  return unreadySince(pod) ?? parseTime(pod.metadata.creationTimestamp);
}

/** What kept the controller from making a pod. */
interface Refused {
  readonly message: string;
  readonly since: Millis | undefined;
}

function refusedBy(workload: Workload, topology: Topology): Refused | undefined {
  if (workload.kind === 'Deployment.apps') {
    const failure = conditionOf(workload.status.conditions, 'ReplicaFailure');
    if (failure?.status !== 'True') return undefined;
    return { message: failure.message ?? '', since: parseTime(failure.lastTransitionTime) };
  }
  const event = topology.eventsOf(workload).findLast((each) => each.reason === 'FailedCreate');
  return event && { message: event.message ?? '', since: seenAt(event).first };
}

/** Why it is short: its pods may not be made, find no node, or do not get ready. */
export function whyShort({ refused, missing }: Gap): string {
  if (refused) return whyRefused(refused.message);
  if (missing.some((pod) => scheduledOf(pod)?.status === 'False')) return 'unscheduled';
  return missing.length > 0 ? 'pods-not-ready' : 'other';
}

function whyRefused(message: string): string {
  if (/exceeded quota/.test(message)) return 'quota';
  if (/failed calling webhook/.test(message)) return 'webhook';
  return /forbidden|denied the request/.test(message) ? 'forbidden' : 'other';
}
