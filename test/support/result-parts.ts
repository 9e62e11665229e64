import { day, minute } from '../../src/lib/time.ts';
import type { Blind, CheckId, Facts, Fail } from '../../src/model/finding.ts';
import type { Ref } from '../../src/model/ref.ts';

/** A Monday morning: k3s3 has been silent since Friday. */
export const now = Date.parse('2025-10-13T08:12:30Z');
export const silentSince = now - 3 * day - 20 * minute;

export function fail(id: string, check: CheckId, subject: Ref, more: Partial<Fail> = {}): Fail {
  const { name, namespace } = subject;
  const facts: Facts = namespace === undefined ? { name } : { namespace, name };
  return {
    id,
    check,
    subject,
    verdict: 'fail',
    kind: 'event',
    severity: 'high',
    onset: { from: silentSince, to: silentSince + 6 * minute },
    evidence: [],
    ...more,
    facts: { ...facts, ...more.facts },
  };
}

export function blind(id: string, check: CheckId, more: Partial<Blind> = {}): Blind {
  return {
    id,
    check,
    verdict: 'unknown',
    severity: 'high',
    reason: 'forbidden',
    detail: 'nodes/proxy: the API server refuses: get nodes/proxy is not permitted',
    ...more,
  };
}
