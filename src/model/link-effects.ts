import { hour, minute } from '../lib/time.ts';
import type { Explains } from './check.ts';

/**
 * What follows when a host's uplink no longer carries anything: the host is out of reach, its kubelet
 * is mute, and so are the containers that use the same adapter. The Lease stands still at once, and
 * the controller notices a grace period later; a node whose Lease keeps moving proves the link
 * innocent.
 */
export const linkBroken: readonly Explains[] = [
  { effect: 'node/lease-stale', tie: 'link-node', strength: 0.9, within: 3 * minute },
  { effect: 'node/not-ready', tie: 'link-node', strength: 0.9, within: 3 * minute },
  ...unheard('link-host', 0.8),
  ...unheard('link-guests', 0.8),
  { effect: 'control-plane/api-unreachable', tie: 'link-api', strength: 0.9, within: Infinity },
];

/** The same of a link that still carries something, or does so again and again. */
export const linkWeak: readonly Explains[] = [
  { effect: 'node/lease-stale', tie: 'link-node', strength: 0.4, within: hour },
  { effect: 'node/not-ready', tie: 'link-node', strength: 0.4, within: hour },
  ...unheard('link-host', 0.4),
];

/** Which of these a host shows depends on the way by which it is looked at: none is promised. */
function unheard(tie: 'link-host' | 'link-guests', strength: number): readonly Explains[] {
  const rule = { tie, strength, within: Infinity } as const;
  return [
    { effect: 'host/host-unreachable', ...rule },
    { effect: 'host/api-path-cut', ...rule },
    { effect: 'host/kubelet-silent', ...rule },
    { effect: 'host/unit-failed', ...rule, signature: { why: 'server-unreachable' } },
  ];
}
