import * as z from 'zod';
import { condition, meta, optional, text, texts, uid } from './meta.ts';

const metadata = z.object({
  ...meta,
  generation: optional(z.number()),
  creationTimestamp: optional(text),
  deletionTimestamp: optional(text),
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
    template: optional(z.object({ metadata: podMetadata })),
  }),
  status: z.object({
    observedGeneration: count,
    availableReplicas: count,
    conditions: optional(z.array(condition)),
  }),
});
export type Deployment = z.infer<typeof deploymentSchema>;

export const statefulSetSchema = z.object({
  kind: z.literal('StatefulSet.apps').default('StatefulSet.apps'),
  metadata: metadata.extend({ uid }),
  spec: z.object({
    replicas: count,
    template: optional(z.object({ metadata: podMetadata })),
  }),
  status: z.object({
    observedGeneration: count,
    readyReplicas: count,
  }),
});
export type StatefulSet = z.infer<typeof statefulSetSchema>;

export const daemonSetSchema = z.object({
  kind: z.literal('DaemonSet.apps').default('DaemonSet.apps'),
  metadata: metadata.extend({ uid, labels: texts }),
  spec: z.object({
    template: z.object({
      metadata: podMetadata,
      spec: z.object({
        volumes: optional(z.array(z.object({ hostPath: optional(z.object({ path: text })) }))),
        nodeSelector: texts,
        containers: z.array(z.object({ name: text })),
      }),
    }),
  }),
  status: z.object({
    observedGeneration: count,
    desiredNumberScheduled: count,
    numberReady: count,
  }),
});
export type DaemonSet = z.infer<typeof daemonSetSchema>;

/** Only what leads from a pod to its Deployment. */
export const replicaSetSchema = z.object({
  kind: z.literal('ReplicaSet.apps').default('ReplicaSet.apps'),
  metadata: z.object({
    ...meta,
    ownerReferences: optional(
      z.array(z.object({ kind: text, name: text, controller: optional(z.boolean()) })),
    ),
  }),
});
export type ReplicaSet = z.infer<typeof replicaSetSchema>;
