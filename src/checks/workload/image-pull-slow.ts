import * as z from 'zod';
import { hour, minute } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { notSeen } from '../../model/facet.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import {
  type ContainerStatus,
  containerStatuses,
  type Event,
  identityOf,
  isMeantToRun,
  seenAt,
  statusPath,
  unreadySince,
} from '../../model/objects/pod.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK7003',
  id: 'workload/image-pull-slow',
  title: 'Image still being pulled',
  layer: 'workload',
  kind: 'event',
  severity: 'medium',
  maturity: 'stable',
  reads: ['pods', 'events'],
  wants: ['nodes'],
  explains: [
    {
      effect: 'workload/rollout-stuck',
      tie: 'pod-workload',
      strength: 0.8,
      within: hour,
      lead: 10 * minute,
      signature: { why: 'pods-not-ready' },
    },
    {
      effect: 'network/service-without-endpoints',
      tie: 'pod-services',
      strength: 0.4,
      within: hour,
      lead: 10 * minute,
    },
  ],
  options: z.object({
    settleMs: z
      .number()
      .default(2 * minute)
      .describe('how long any image may take before it is worth a word'),
    slowMs: z
      .number()
      .default(30 * minute)
      .describe('from when on it is more than information'),
    eventsKeptMs: z.number().default(hour).describe('how long the API server keeps events'),
  }),
  subjects: ({ pods, nodes, topology }) =>
    pods.filter((pod) => {
      const node = topology.nodes.get(pod.spec.nodeName ?? '');
      // What a dead node was doing when it was last heard of, it no longer does.
      const isDead =
        nodes.state === 'known' && conditionOf(node?.status.conditions, 'Ready')?.status !== 'True';
      if (isDead || !topology.sees('events', pod.metadata.namespace)) return false;
      return isMeantToRun(pod) && containerStatuses(pod).some(isCreating);
    }),
  judge(pod, { now, topology, events, nodes }, { settleMs, slowMs, eventsKeptMs }) {
    const seen = topology.eventsOf(pod);
    const pulling = seen.findLast((each) => isStillPulling(each, seen));
    if (!pulling) {
      const since = unreadySince(pod);
      if (seen.length > 0 || since === undefined || now - since < eventsKeptMs) return undefined;
      const detail = 'its events are no longer kept: it may still be pulling its image';
      return { verdict: 'unknown', reason: 'too-old', detail };
    }
    const since = seenAt(pulling).last;
    if (now - since < settleMs) return undefined;
    const image = imageIn(pulling.message);
    const status = containerStatuses(pod).find(isCreating) as ContainerStatus;
    const sizeBytes = sizeOf(image, events);
    return {
      verdict: 'fail',
      severity: now - since < slowMs ? 'info' : 'medium',
      onset: { from: since, to: since },
      facts: {
        ...identityOf(pod),
        image,
        ...(sizeBytes === undefined ? {} : { imageSizeBytes: sizeBytes }),
        sinceAt: since,
        forMs: now - since,
        notSeen: notSeen({ nodes }),
      },
      evidence: [
        {
          object: refOf(pod),
          field: `${statusPath(pod, status)}.state.waiting.reason`,
          value: status.state?.waiting?.reason ?? '',
          at: since,
        },
      ],
    };
  },
});

function isCreating({ state }: ContainerStatus): boolean {
  const reason = state?.waiting?.reason;
  return reason === 'ContainerCreating' || reason === 'PodInitializing';
}

/** Nothing later says that the image came, or could not be had. */
function isStillPulling(event: Event, seen: readonly Event[]): boolean {
  if (event.reason !== 'Pulling') return false;
  const image = imageIn(event.message);
  return !seen.some(
    (each) =>
      (each.reason === 'Pulled' || each.reason === 'Failed') &&
      imageIn(each.message) === image &&
      seenAt(each).last >= seenAt(event).last,
  );
}

function imageIn(message: string | null | undefined): string {
  return /image "([^"]+)"/.exec(message ?? '')?.[1] ?? '';
}

/** As another pod's kubelet found it within the hour. */
function sizeOf(image: string, events: readonly Event[]): number | undefined {
  for (const { reason, message } of events) {
    const size = /Image size: (\d+) bytes/.exec(message ?? '')?.[1];
    if (reason === 'Pulled' && size && imageIn(message) === image) return Number(size);
  }
  return undefined;
}
