import { KubeFailure, type KubeFailureKind } from '../access/kube/failure.ts';
import type { Absent, Unknown, UnknownReason } from '../model/facet.ts';

/** What a failure of access means for the facet that was asked for. */
const reasonOf: { readonly [K in KubeFailureKind]?: UnknownReason } = {
  forbidden: 'forbidden',
  unauthorized: 'unauthorized',
  'client-certificate': 'unauthorized',
  'timed-out': 'timed-out',
  cancelled: 'timed-out',
  throttled: 'server-error',
  'server-error': 'server-error',
  gone: 'server-error',
  malformed: 'malformed',
};

/** A facet for a failed collection; a kind that the server does not serve is absent, not unknown. */
export function facetOfFailure(error: unknown): Unknown | Absent {
  if (error instanceof KubeFailure) {
    if (error.kind === 'not-found') return { state: 'absent' };
    const detail = error.kind === 'cancelled' ? 'no answer before the deadline' : error.message;
    return { state: 'unknown', reason: reasonOf[error.kind] ?? 'unreachable', detail };
  }
  if (error instanceof DOMException) {
    return { state: 'unknown', reason: 'timed-out', detail: 'no answer before the deadline' };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { state: 'unknown', reason: 'check-failed', detail: `the collector failed: ${detail}` };
}
