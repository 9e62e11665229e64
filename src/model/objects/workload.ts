import * as z from 'zod';
import { condition, meta, optional, ownerReferences, text, texts } from './meta.ts';

const selector = optional(z.object({ matchLabels: texts }));
const metadata = z.object({
  ...meta,
  generation: optional(z.number()),
  creationTimestamp: optional(text),
  deletionTimestamp: optional(text),
  ownerReferences,
});
const count = optional(z.number());
const podMetadata = optional(z.object({ labels: texts }));

export const deploymentSchema = z.object({
  kind: z.literal('Deployment.apps').default('Deployment.apps'),
  metadata,
  spec: z.object({
    replicas: count,
    paused: optional(z.boolean()),
    progressDeadlineSeconds: count,
    selector,
    template: optional(z.object({ metadata: podMetadata })),
  }),
  status: z.object({
    observedGeneration: count,
    replicas: count,
    updatedReplicas: count,
    readyReplicas: count,
    availableReplicas: count,
    unavailableReplicas: count,
    conditions: optional(z.array(condition.extend({ lastUpdateTime: optional(text) }))),
  }),
});
export type Deployment = z.infer<typeof deploymentSchema>;

export const statefulSetSchema = z.object({
  kind: z.literal('StatefulSet.apps').default('StatefulSet.apps'),
  metadata,
  spec: z.object({
    replicas: count,
    serviceName: optional(text),
    selector,
    template: optional(z.object({ metadata: podMetadata })),
  }),
  status: z.object({
    observedGeneration: count,
    replicas: count,
    readyReplicas: count,
    currentRevision: optional(text),
    updateRevision: optional(text),
  }),
});
export type StatefulSet = z.infer<typeof statefulSetSchema>;

export const daemonSetSchema = z.object({
  kind: z.literal('DaemonSet.apps').default('DaemonSet.apps'),
  metadata: metadata.extend({ labels: texts }),
  spec: z.object({
    selector,
    template: z.object({
      metadata: podMetadata,
      spec: z.object({
        volumes: optional(z.array(z.object({ hostPath: optional(z.object({ path: text })) }))),
        hostNetwork: optional(z.boolean()),
        nodeSelector: texts,
        containers: z.array(
          z.object({
            name: text,
            ports: optional(z.array(z.object({ hostPort: optional(z.number()) }))),
          }),
        ),
      }),
    }),
  }),
  status: z.object({
    observedGeneration: count,
    desiredNumberScheduled: count,
    currentNumberScheduled: count,
    numberReady: count,
    numberUnavailable: count,
  }),
});
export type DaemonSet = z.infer<typeof daemonSetSchema>;

/** Only what leads from a pod to its Deployment. */
export const replicaSetSchema = z.object({
  kind: z.literal('ReplicaSet.apps').default('ReplicaSet.apps'),
  metadata: z.object({ ...meta, ownerReferences }),
  status: z.object({ conditions: optional(z.array(condition)) }),
});
export type ReplicaSet = z.infer<typeof replicaSetSchema>;
