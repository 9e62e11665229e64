import type { Millis } from '../../lib/clock.ts';
import { parseTime } from '../../lib/time.ts';
import type { Host } from '../objects/host/host.ts';
import { leaseStaleMs, leaseState } from '../objects/lease.ts';
import { conditionOf } from '../objects/meta.ts';
import type { Topology } from '../topology.ts';

/** Whether the API hears of a node's kubelet. */
export interface KubeletWord {
  readonly state: 'heard' | 'silent' | 'unknown';
  /** The last word of a silent one; null if not known. */
  readonly heardAt: Millis | null;
  /** When its silence was certain; now for one that is not silent. */
  readonly silentAt: Millis;
}

/** By its Lease, which is the kubelet's own; by the Ready condition where there is none. */
export function kubeletWord(
  node: string | undefined,
  topology: Topology,
  now: Millis,
): KubeletWord {
  const unknown = { state: 'unknown', heardAt: null, silentAt: now } as const;
  const lease = node === undefined ? undefined : topology.leaseOfNode.get(node);
  const word = lease && leaseState(lease, now);
  if (word?.state === 'renewed') return { ...unknown, state: 'heard' };
  if (word?.state === 'stale') {
    const silentAt = now - word.stillMs + leaseStaleMs;
    return { state: 'silent', heardAt: word.heardAt, silentAt };
  }
  const found = node === undefined ? undefined : topology.nodes.get(node);
  const ready = conditionOf(found?.status.conditions, 'Ready');
  if (ready?.status !== 'Unknown') return unknown;
  return { state: 'silent', heardAt: null, silentAt: parseTime(ready.lastTransitionTime) ?? now };
}

/** Whether a host was up lately: it answers us, or the API has heard of its kubelet within 40 s. */
export function isHeard(
  { reach, metadata }: Pick<Host, 'reach' | 'metadata'>,
  topology: Topology,
  now: Millis,
): boolean {
  if (reach.state === 'answered') return true;
  const node = topology.nodeOfHost.get(metadata.name)?.metadata.name;
  return kubeletWord(node, topology, now).state === 'heard';
}
