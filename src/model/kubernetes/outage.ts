import { parseTime, second } from '../../lib/time.ts';
import type { Onset } from '../finding.ts';
import { conditionOf } from '../objects/meta.ts';
import type { Pod } from '../objects/pod.ts';

/** When the last of the pods that once served ceased to; if none ever did, when the newest came. */
export function outageOf(pods: readonly Pod[], now: number): Onset {
  const last = pods
    .flatMap(fallOf)
    .toSorted((a, b) => a.to - b.to)
    .at(-1);
  if (last) return { from: last.from, to: Math.min(last.to, now) };
  const came = pods.map((pod) => parseTime(pod.metadata.creationTimestamp) ?? now);
  return { from: null, to: came.length > 0 ? Math.min(Math.max(...came), now) : now };
}

/** A pod is out from the moment that it is not ready, or is to go: its deadline bounds the latter. */
function fallOf(pod: Pod): Onset[] {
  const ready = conditionOf(pod.status.conditions, 'Ready');
  const at = parseTime(ready?.lastTransitionTime);
  const started = parseTime(pod.status.startTime);
  const deadline = parseTime(pod.metadata.deletionTimestamp);
  if (ready?.status === 'True') return deadline === undefined ? [] : [{ from: null, to: deadline }];
  // Ready is False from a pod's start on; a later change means that it was True in between.
  if (at === undefined || started === undefined || at - started < 10 * second) return [];
  return [{ from: at, to: at }];
}
