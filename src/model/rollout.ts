import type { Millis } from '../lib/clock.ts';
import { parseTime } from '../lib/time.ts';
import { conditionOf } from './objects/meta.ts';
import { isFinished, type Pod, seenAt, unreadySince } from './objects/pod.ts';
import type { DaemonSet, Deployment, StatefulSet } from './objects/workload.ts';
import type { Topology } from './topology.ts';

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

/** Since when a pod leaves its workload one short; undefined while it serves, or is history. */
export function missingSince(pod: Pod): Millis | undefined {
  if (isFinished(pod)) return undefined;
  const isReady = conditionOf(pod.status.conditions, 'Ready')?.status === 'True';
  // A pod that is to go is replaced only when it is gone, and it should be by then.
  if (isReady) return parseTime(pod.metadata.deletionTimestamp);
  return unreadySince(pod) ?? parseTime(pod.metadata.creationTimestamp);
}

/** What kept the controller from making a pod. */
export interface Refused {
  readonly message: string;
  readonly since: Millis | undefined;
}

export function refusedBy(workload: Workload, topology: Topology): Refused | undefined {
  if (workload.kind === 'Deployment.apps') {
    const failure = conditionOf(workload.status.conditions, 'ReplicaFailure');
    if (failure?.status !== 'True') return undefined;
    return { message: failure.message ?? '', since: parseTime(failure.lastTransitionTime) };
  }
  const event = topology.eventsOf(workload).findLast((each) => each.reason === 'FailedCreate');
  return event && { message: event.message ?? '', since: seenAt(event).first };
}
