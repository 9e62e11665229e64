import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { parseTime } from '../../lib/time.ts';
import { condition, conditionOf, meta, optional, text, texts } from './meta.ts';

export const nodeSchema = z.object({
  kind: z.literal('Node').default('Node'),
  metadata: z.object({ ...meta, labels: texts, creationTimestamp: optional(text) }),
  spec: z.object({
    unschedulable: optional(z.boolean()),
    taints: optional(
      z.array(
        z.object({ key: text, value: optional(text), effect: text, timeAdded: optional(text) }),
      ),
    ),
  }),
  status: z.object({
    conditions: optional(z.array(condition.extend({ lastHeartbeatTime: optional(text) }))),
    addresses: optional(z.array(z.object({ type: optional(text), address: text }))),
    nodeInfo: optional(
      z.object({
        machineID: optional(text),
        kubeletVersion: optional(text),
      }),
    ),
  }),
  /**
   * Who last wrote `spec.taints`, and when: the digest of managedFields, made while parsing.
   * The manager is a binary's name (`k3s`, `kubectl`), not a component's.
   */
  taintsWrittenBy: optional(z.object({ manager: text, at: optional(text) })),
});
export type Node = z.infer<typeof nodeSchema>;

/** Whether the node carries one of these roles: `control-plane`, `master` of older days, `etcd`. */
export function hasRole({ metadata }: Node, ...roles: readonly string[]): boolean {
  return roles.some((role) => metadata.labels?.[`node-role.kubernetes.io/${role}`] !== undefined);
}

/** Since when Ready is False or Unknown; undefined if it is True, or was never reported. */
export function notReadySince(node: Node): Millis | undefined {
  const ready = conditionOf(node.status.conditions, 'Ready');
  return ready?.status === 'True' ? undefined : parseTime(ready?.lastTransitionTime);
}

/** When the API server, by its own clock, last took a renewal from that manager. */
const renewal = z.object({
  time: optional(text),
  fieldsV1: optional(
    z.object({ 'f:spec': optional(z.object({ 'f:renewTime': optional(z.object({})) })) }),
  ),
});

export const leaseSchema = z.object({
  kind: z.literal('Lease.coordination.k8s.io').default('Lease.coordination.k8s.io'),
  metadata: z.object({ ...meta, managedFields: optional(z.array(renewal)) }),
  spec: z.object({
    holderIdentity: optional(text),
    acquireTime: optional(text),
    renewTime: optional(text),
    leaseDurationSeconds: optional(z.number()),
  }),
  /** History window: how often the Lease was seen to move by our own clock, over how long. */
  window: optional(z.object({ renewals: z.number(), watchedMs: z.number() })),
});
export type Lease = z.infer<typeof leaseSchema>;

const fileSystem = z.object({
  time: optional(text),
  availableBytes: optional(z.number()),
  capacityBytes: optional(z.number()),
});

/** The kubelet's `/stats/summary`, or why this one kubelet did not give it. */
export const kubeletSummarySchema = z.object({
  kind: z.literal('KubeletSummary').default('KubeletSummary'),
  metadata: z.object(meta),
  unknown: optional(z.object({ detail: text })),
  node: optional(
    z.object({
      fs: optional(fileSystem),
      runtime: optional(z.object({ imageFs: optional(fileSystem) })),
    }),
  ),
  pods: optional(
    z.array(
      z.object({
        podRef: z.object({ name: text, namespace: text }),
        'ephemeral-storage': optional(z.object({ usedBytes: optional(z.number()) })),
      }),
    ),
  ),
});
export type KubeletSummary = z.infer<typeof kubeletSummarySchema>;
