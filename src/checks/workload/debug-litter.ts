import * as z from 'zod';
import { day, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { containerStatuses, identityOf, isFinished, type Pod } from '../../model/objects/pod.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK7008',
  id: 'workload/debug-litter',
  title: 'Left-over debug pod',
  layer: 'workload',
  kind: 'event',
  severity: 'low',
  maturity: 'stable',
  reads: ['pods'],
  wants: [],
  explains: [],
  options: z.object({
    keptMs: z.number().default(day).describe('how long a debug pod may run'),
  }),
  subjects: ({ pods }) => pods.filter((pod) => isDebugPod(pod) && !pod.metadata.deletionTimestamp),
  judge(pod, { now }, { keptMs }) {
    const created = parseTime(pod.metadata.creationTimestamp) ?? now;
    const hasFinished = isFinished(pod);
    if (!hasFinished && now - created <= keptMs) return undefined;
    return {
      verdict: 'fail',
      severity: 'low',
      onset: { from: null, to: hasFinished ? (finishedAt(pod) ?? now) : created + keptMs },
      facts: {
        ...identityOf(pod),
        why: hasFinished ? 'finished' : 'old',
        createdAt: created,
        forMs: now - created,
      },
      evidence: [
        hasFinished
          ? { object: refOf(pod), field: 'status.phase', value: pod.status.phase ?? null }
          : {
              object: refOf(pod),
              field: 'metadata.creationTimestamp',
              value: pod.metadata.creationTimestamp ?? null,
              at: created,
            },
      ],
    };
  },
});

/** What `kubectl debug` leaves: pods on nodes by their name, copies of pods by their label. */
function isDebugPod({ metadata }: Pod): boolean {
  return (
    metadata.name.startsWith('node-debugger-') ||
    metadata.labels?.['app.kubernetes.io/managed-by'] === 'kubectl-debug'
  );
}

function finishedAt(pod: Pod): number | undefined {
  const ends = containerStatuses(pod).flatMap(
    (status) => parseTime(status.state?.terminated?.finishedAt) ?? [],
  );
  return ends.length > 0 ? Math.max(...ends) : undefined;
}
