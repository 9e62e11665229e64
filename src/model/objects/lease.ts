import type { Millis } from '../../lib/clock.ts';
import { parseTime, second } from '../../lib/time.ts';
import type { Lease } from './node.ts';

/** A kubelet renews every 10 s; a Lease that has not moved for longer than this is stale. */
export const leaseStaleMs: Millis = 40 * second;

/** `watched`: seen to move twice, or not at all, by our own clock. `quick-look`: one look. */
export type LeaseProof = 'watched' | 'quick-look';

export type LeaseState =
  | { readonly state: 'renewed'; readonly proof: LeaseProof }
  | {
      readonly state: 'stale';
      readonly proof: LeaseProof;
      /** How long it certainly has not moved. */
      readonly stillMs: Millis;
      /** Its last renewal by the API server's clock; null if only the watch tells. */
      readonly heardAt: Millis | null;
    }
  | { readonly state: 'undecided' };

/** The last renewal by the API server's clock; undefined without managedFields. */
export function renewalWrittenAt({ metadata }: Lease): Millis | undefined {
  const times = (metadata.managedFields ?? [])
    .filter((each) => each.fieldsV1?.['f:spec']?.['f:renewTime'])
    .flatMap((each) => parseTime(each.time) ?? []);
  return times.length > 0 ? Math.max(...times) : undefined;
}

/**
 * Whether the holder is at work. `renewTime` is by the holder's clock: it may prove life, since a
 * clock that is wrong by exactly that much is rare, and never death. Death is proven by our own
 * watch, or by the API server's times alone.
 */
export function leaseState(lease: Lease, now: Millis, staleMs: Millis = leaseStaleMs): LeaseState {
  const { renewals, watchedMs } = lease.window ?? { renewals: 0, watchedMs: 0 };
  const written = renewalWrittenAt(lease);
  if (renewals === 0 && watchedMs > staleMs) {
    const stillMs = Math.max(watchedMs, now - (written ?? now));
    return { state: 'stale', proof: 'watched', stillMs, heardAt: written ?? null };
  }
  const proof = renewals >= 2 ? 'watched' : 'quick-look';
  const isLate = written === undefined || now - written > staleMs;
  if (renewals > 0 && (watchedMs <= staleMs || !isLate)) return { state: 'renewed', proof };
  const renewed = written ?? parseTime(lease.spec.renewTime);
  if (renewed === undefined) return { state: 'undecided' };
  const stillMs = now - renewed;
  if (Math.abs(stillMs) <= staleMs) return { state: 'renewed', proof };
  if (written === undefined || stillMs < 0) return { state: 'undecided' };
  return { state: 'stale', proof: 'quick-look', stillMs, heardAt: written };
}
