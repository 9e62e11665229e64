import * as z from 'zod';
import { type CheckRun, findingId } from '../../src/diagnose/run-checks.ts';
import type { Check, Explains, Unseen } from '../../src/model/check.ts';
import type { CheckId, Facts, Finding } from '../../src/model/finding.ts';
import type { Ref } from '../../src/model/ref.ts';
import type { Layer, Severity } from '../../src/model/severity.ts';

/** What one made-up check says, for tests of the diagnosis alone. Times are seconds. */
export interface SaidBy {
  readonly id: CheckId;
  readonly explains?: readonly Explains[];
  readonly unseen?: Unseen;
  readonly severity?: Severity;
  readonly kind?: 'event' | 'posture';
  readonly fails?: readonly Fault[];
  readonly past?: readonly (Fault & { readonly endedAt: number })[];
  /** Judged and found well. */
  readonly well?: readonly Ref[];
  readonly blind?: boolean;
}

interface Fault {
  readonly subject: Ref;
  /** Last seen good, first seen bad. */
  readonly onset: readonly [number | null, number];
  readonly facts?: Facts;
}

export function runOf(said: SaidBy): CheckRun {
  const { id, severity = 'high', kind = 'event', fails = [], past = [], well = [] } = said;
  const onsetOf = ([from, to]: Fault['onset']): { from: number | null; to: number } => ({
    from: from === null ? null : from * 1000,
    to: to * 1000,
  });
  const common = { check: id, evidence: [] };
  const findings: Finding[] = [
    ...fails.map(({ subject, onset, facts = {} }) => ({
      ...common,
      id: findingId(id, subject),
      verdict: 'fail' as const,
      subject,
      kind,
      severity,
      onset: onsetOf(onset),
      facts,
    })),
    ...past.map(({ subject, onset, facts = {}, endedAt }) => ({
      ...common,
      id: findingId(id, subject),
      verdict: 'past' as const,
      subject,
      onset: onsetOf(onset),
      endedAt: endedAt * 1000,
      facts,
    })),
  ];
  if (said.blind) {
    findings.push({
      id: findingId(id),
      check: id,
      verdict: 'unknown',
      severity,
      reason: 'forbidden',
      detail: 'not allowed',
    });
  }
  const subjects = [...fails, ...past].map((each) => each.subject).concat(well);
  return { check: checkOf(said), state: said.blind ? 'blind' : 'ran', subjects, findings };
}

function checkOf({ id, explains = [], unseen, severity = 'high', kind = 'event' }: SaidBy): Check {
  return {
    code: 'EK0',
    id,
    title: id,
    layer: id.split('/')[0] as Layer,
    kind,
    severity,
    maturity: 'stable',
    reads: [],
    wants: [],
    explains,
    ...(unseen ? { unseen } : {}),
    options: z.object({}),
    subjects: () => [],
    judge: () => undefined,
  };
}

export function nodeRef(name: string): Ref {
  return { kind: 'Node', name };
}

export function podRef(name: string): Ref {
  return { kind: 'Pod', namespace: 'default', name };
}
