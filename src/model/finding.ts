import type { Millis } from '../lib/clock.ts';
import type { UnknownReason } from './facet.ts';
import type { Ref } from './ref.ts';
import type { Layer, Severity } from './severity.ts';

export type CheckId = `${Layer}/${string}`;

/** When it began: between when it was last seen good (null: not known) and when first seen bad. */
export interface Onset {
  readonly from: Millis | null;
  readonly to: Millis;
}

export type Fact = string | number | boolean | readonly string[];
/** Names carry units: `…Ms` is a duration, `…At` a moment, `…Bytes` a size, `…Percent` a share. */
export type Facts = { readonly [name: string]: Fact };

/** The one field of the one object that decides. */
export interface Evidence {
  readonly object: Ref;
  readonly field: string;
  readonly value: Fact | null;
  readonly at?: Millis | undefined;
}

interface FindingBase {
  /** Short, stable over runs: the same check on the same subject. */
  readonly id: string;
  readonly check: CheckId;
  readonly subject: Ref;
}

/** Something is wrong. Holds facts; prose is rendered from the check's page. */
export interface Fail extends FindingBase {
  readonly verdict: 'fail';
  readonly kind: 'event' | 'posture';
  readonly severity: Severity;
  readonly onset: Onset;
  readonly facts: Facts;
  readonly evidence: readonly Evidence[];
}

/** It was wrong and recovered: no finding of its own, yet it may still explain one. */
export interface Past extends FindingBase {
  readonly verdict: 'past';
  readonly onset: Onset;
  readonly endedAt: Millis;
  readonly facts: Facts;
  readonly evidence: readonly Evidence[];
}

/** It could not be seen whether something is wrong. `subject` is absent when nothing could be. */
export interface Blind {
  readonly id: string;
  readonly check: CheckId;
  readonly verdict: 'unknown';
  readonly subject?: Ref | undefined;
  /** The worst it may hide. */
  readonly severity: Severity;
  readonly reason: UnknownReason;
  readonly detail: string;
  /** What the whole check had to do without; none when only its subject could not be judged. */
  readonly gaps?: readonly Gap[];
}

/** One facet that could not be seen, or not everywhere. */
export interface Gap {
  readonly facet: string;
  readonly reason: UnknownReason;
  readonly detail: string;
}

export type Finding = Fail | Past | Blind;
