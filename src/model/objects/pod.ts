import * as z from 'zod';
import { condition, message, meta, optional, ownerReferences, text, texts } from './meta.ts';

const terminated = z.object({
  exitCode: z.number(),
  reason: optional(text),
  startedAt: optional(text),
  finishedAt: optional(text),
});

const containerState = z.object({
  waiting: optional(z.object({ reason: optional(text), message: optional(message) })),
  running: optional(z.object({ startedAt: optional(text) })),
  terminated: optional(terminated),
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

export const podSchema = z.object({
  kind: z.literal('Pod').default('Pod'),
  metadata: z.object({
    ...meta,
    labels: texts,
    creationTimestamp: optional(text),
    deletionTimestamp: optional(text),
    finalizers: optional(z.array(text)),
    ownerReferences,
  }),
  spec: z.object({
    nodeName: optional(text),
    schedulingGates: optional(z.array(z.object({ name: text }))),
    volumes: optional(
      z.array(
        z.object({
          name: text,
          persistentVolumeClaim: optional(z.object({ claimName: text })),
          csi: optional(z.object({ driver: text })),
          secret: optional(z.object({ secretName: optional(text) })),
          configMap: optional(named),
          ephemeral: optional(z.object({})),
        }),
      ),
    ),
  }),
  status: z.object({
    phase: optional(text),
    reason: optional(text),
    message: optional(message),
    startTime: optional(text),
    podIP: optional(text),
    conditions: optional(z.array(condition)),
    initContainerStatuses: optional(z.array(containerStatus)),
    containerStatuses: optional(z.array(containerStatus)),
  }),
});
export type Pod = z.infer<typeof podSchema>;

/** A pod's init and sidecar containers count like the others. */
export function containerStatuses(pod: Pod): readonly ContainerStatus[] {
  return [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
}

/** The last lines that a crashed container wrote, redacted; or why they could not be had. */
export const podLogSchema = z.object({
  kind: z.literal('PodLog').default('PodLog'),
  metadata: z.object(meta),
  container: text,
  lines: z.array(text),
  unknown: optional(z.object({ reason: text, detail: text })),
});
export type PodLog = z.infer<typeof podLogSchema>;

export const eventSchema = z.object({
  kind: z.literal('Event').default('Event'),
  metadata: z.object({ ...meta, creationTimestamp: optional(text) }),
  involvedObject: z.object({
    kind: text,
    namespace: optional(text),
    name: text,
    uid: optional(text),
  }),
  type: optional(text),
  reason: optional(text),
  message: optional(message),
  count: optional(z.number()),
  firstTimestamp: optional(text),
  lastTimestamp: optional(text),
  eventTime: optional(text),
  series: optional(z.object({ count: optional(z.number()), lastObservedTime: optional(text) })),
  source: optional(z.object({ component: optional(text), host: optional(text) })),
});
export type Event = z.infer<typeof eventSchema>;
