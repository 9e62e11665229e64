import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { minute, parseTime, second } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import type { Evidence, Onset } from '../../model/finding.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { type Node, notReadySince } from '../../model/objects/node.ts';
import type { VolumeAttachment } from '../../model/objects/storage.ts';
import { refOf } from '../../model/ref.ts';

const options = z.object({
  graceMs: z
    .number()
    .default(60 * second)
    .describe('how long a node may be not ready, or gone, before its attachments count as stuck'),
  detachMs: z
    .number()
    .default(6 * minute)
    .describe('how long a detach may take'),
  settleMs: z
    .number()
    .default(2 * minute)
    .describe('how long an attach may go on failing'),
});

interface Trouble {
  readonly why: 'missing-node' | 'dead-node' | 'detaching' | 'attach-error';
  readonly message: string;
  readonly onset: Onset;
  readonly evidence: Evidence;
}

export const check = defineCheck({
  code: 'EK5004',
  id: 'storage/attach-stuck',
  title: 'Volume attachment stuck',
  layer: 'storage',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['volumeattachments', 'nodes'],
  wants: [],
  explains: [
    {
      effect: 'workload/mount-failed',
      tie: 'attachment-pods',
      strength: 0.9,
      within: Infinity,
      when: { why: ['attach-error', 'detaching'] },
      signature: { why: 'attach' },
    },
    {
      effect: 'workload/mount-failed',
      tie: 'attachment-pods',
      strength: 0.5,
      within: Infinity,
      when: { why: ['dead-node', 'missing-node'] },
      signature: { why: 'attach' },
    },
  ],
  options,
  subjects: ({ volumeattachments }) => volumeattachments,
  judge(attachment, { now, topology }, limits) {
    const { attacher, nodeName, source } = attachment.spec;
    const trouble = troubleOf(attachment, topology.nodes.get(nodeName), now, limits);
    if (!trouble) return undefined;
    const { why, message, onset, evidence } = trouble;
    const facts = {
      name: attachment.metadata.name,
      why,
      node: nodeName,
      volume: source.persistentVolumeName ?? '',
      driver: attacher,
      message,
      sinceAt: onset.to,
      forMs: now - onset.to,
    };
    return { verdict: 'fail', severity: 'high', onset, facts, evidence: [evidence] };
  },
});

/** The deepest reason first: what is detached from a dead node cannot finish, whatever else it says. */
function troubleOf(
  attachment: VolumeAttachment,
  node: Node | undefined,
  now: Millis,
  limits: z.infer<typeof options>,
): Trouble | undefined {
  const object = refOf(attachment);
  const { metadata, spec, status } = attachment;
  const made = parseTime(metadata.creationTimestamp) ?? 0;
  const message = status?.detachError?.message ?? status?.attachError?.message ?? '';
  if (!node) {
    if (now - made <= limits.graceMs) return undefined;
    const evidence = { object, field: 'spec.nodeName', value: spec.nodeName, at: now };
    return { why: 'missing-node', message, onset: { from: null, to: now }, evidence };
  }
  const dead = notReadySince(node);
  if (dead !== undefined && now - dead > limits.graceMs) {
    const field = 'status.conditions[Ready].status';
    const value = conditionOf(node.status.conditions, 'Ready')?.status ?? null;
    const evidence = { object: refOf(node), field, value, at: dead };
    return { why: 'dead-node', message, onset: { from: null, to: dead }, evidence };
  }
  const deleted = parseTime(metadata.deletionTimestamp);
  if (deleted !== undefined) {
    if (now - deleted <= limits.detachMs) return undefined;
    const field = 'metadata.deletionTimestamp';
    const evidence = { object, field, value: metadata.deletionTimestamp ?? null, at: deleted };
    return { why: 'detaching', message, onset: { from: deleted, to: deleted }, evidence };
  }
  const error = status?.attachError;
  if (!error || now - made <= limits.settleMs) return undefined;
  const failed = parseTime(error.time) ?? now;
  const evidence = { object, field: 'status.attachError.message', value: message, at: failed };
  return {
    why: 'attach-error',
    message,
    onset: { from: Math.min(made, failed), to: failed },
    evidence,
  };
}
