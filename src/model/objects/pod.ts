import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { parseTime } from '../../lib/time.ts';
import {
  condition,
  conditionOf,
  message,
  meta,
  optional,
  ownerReferences,
  text,
  texts,
  uid,
} from './meta.ts';

const finishedAt = optional(text);
/** How its last run ended. */
const terminated = z.object({
  exitCode: z.number(),
  reason: optional(text),
  message: optional(message),
  finishedAt,
});

const containerState = z.object({
  waiting: optional(z.object({ reason: optional(text), message: optional(message) })),
  running: optional(z.object({ startedAt: optional(text) })),
  terminated: optional(z.object({ finishedAt })),
});

const containerStatus = z.object({
  name: text,
  ready: z.boolean(),
  restartCount: z.number(),
  image: text,
  state: optional(containerState),
  lastState: optional(z.object({ terminated: optional(terminated) })),
});
export type ContainerStatus = z.infer<typeof containerStatus>;

const named = z.object({ name: optional(text) });

/** Where the DaemonSet controller writes the one node that a pod is for. */
const nodeAffinity = optional(
  z.object({
    requiredDuringSchedulingIgnoredDuringExecution: optional(
      z.object({
        nodeSelectorTerms: z.array(
          z.object({
            matchFields: optional(
              z.array(z.object({ key: text, values: optional(z.array(text)) })),
            ),
          }),
        ),
      }),
    ),
  }),
);

export const podSchema = z.object({
  kind: z.literal('Pod').default('Pod'),
  metadata: z.object({
    ...meta,
    uid,
    labels: texts,
    creationTimestamp: optional(text),
    deletionTimestamp: optional(text),
    finalizers: optional(z.array(text)),
    ownerReferences,
  }),
  spec: z.object({
    nodeName: optional(text),
    affinity: optional(z.object({ nodeAffinity })),
    volumes: optional(
      z.array(
        z.object({
          name: text,
          persistentVolumeClaim: optional(z.object({ claimName: text })),
          csi: optional(z.object({ driver: text })),
          secret: optional(z.object({ secretName: optional(text) })),
          configMap: optional(named),
          ephemeral: optional(z.object({})),
          emptyDir: optional(z.object({ medium: optional(text) })),
        }),
      ),
    ),
  }),
  status: z.object({
    phase: optional(text),
    reason: optional(text),
    message: optional(message),
    startTime: optional(text),
    conditions: optional(z.array(condition)),
    initContainerStatuses: optional(z.array(containerStatus)),
    containerStatuses: optional(z.array(containerStatus)),
  }),
});
export type Pod = z.infer<typeof podSchema>;

/** The node that it is on, or, of a DaemonSet's pod that waits, the one that it is for. */
export function nodeMeantFor({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const fields = required?.nodeSelectorTerms.flatMap((term) => term.matchFields ?? []);
  return fields?.find((field) => field.key === 'metadata.name')?.values?.[0];
}

/** It ran to its end: it serves nobody and holds no volume, though its object remains. */
export function isFinished(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}

/** It has not run to its end, and nobody has asked for its deletion. */
export function isMeantToRun(pod: Pod): boolean {
  return !isFinished(pod) && !pod.metadata.deletionTimestamp;
}

/** Since when the pod is not ready; undefined if it is, or if no kubelet has spoken of it yet. */
export function unreadySince(pod: Pod): Millis | undefined {
  const ready = conditionOf(pod.status.conditions, 'Ready');
  return ready?.status === 'False' ? parseTime(ready.lastTransitionTime) : undefined;
}

/** A pod's init and sidecar containers count like the others. */
export function containerStatuses(pod: Pod): readonly ContainerStatus[] {
  return [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
}

/** Where the status stands in the pod: `status.initContainerStatuses[wait]`. */
export function statusPath(pod: Pod, { name }: ContainerStatus): string {
  const isInit = pod.status.initContainerStatuses?.some((each) => each.name === name);
  return `status.${isInit ? 'initContainerStatuses' : 'containerStatuses'}[${name}]`;
}

/** The facts by which a finding names a pod; `node` only once it has one. */
export function identityOf({ metadata, spec }: Pod): {
  readonly name: string;
  readonly namespace: string;
  readonly node?: string;
} {
  const named = { name: metadata.name, namespace: metadata.namespace ?? '' };
  return spec.nodeName ? { ...named, node: spec.nodeName } : named;
}

/** The last lines that a crashed container wrote, redacted; or why they could not be had. */
export const podLogSchema = z.object({
  kind: z.literal('PodLog').default('PodLog'),
  metadata: z.object(meta),
  container: text,
  lines: z.array(text),
  unknown: optional(z.object({ detail: text })),
});
export type PodLog = z.infer<typeof podLogSchema>;

export const eventSchema = z.object({
  kind: z.literal('Event').default('Event'),
  metadata: z.object(meta),
  // Some controllers write events about nothing in particular.
  involvedObject: z.object({
    kind: text.default(''),
    namespace: optional(text),
    name: text.default(''),
    uid: optional(text),
  }),
  type: optional(text),
  reason: optional(text),
  message: optional(message),
  firstTimestamp: optional(text),
  lastTimestamp: optional(text),
  eventTime: optional(text),
  series: optional(z.object({ lastObservedTime: optional(text) })),
});
export type Event = z.infer<typeof eventSchema>;

/** When it was first and last seen: old and new recorders write it in different fields. */
export function seenAt(event: Event): { readonly first: Millis; readonly last: Millis } {
  const once = parseTime(event.eventTime) ?? 0;
  return {
    first: parseTime(event.firstTimestamp) ?? once,
    last: parseTime(event.series?.lastObservedTime) ?? parseTime(event.lastTimestamp) ?? once,
  };
}
