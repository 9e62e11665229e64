import type { Millis } from '../lib/clock.ts';
import type { UnknownReason } from './facet.ts';
import type { CheckId, Fail, Finding } from './finding.ts';
import type { Incident } from './incident.ts';
import type { Way } from './objects/host/reach.ts';
import type { Layer } from './severity.ts';
import type { ClusterIdentity } from './snapshot.ts';

/** What one check did in an audit. */
export interface CheckSummary {
  readonly id: CheckId;
  readonly layer: Layer;
  readonly kind: Fail['kind'];
  /** `blind`: it could not look. `absent`: what it reads is not installed. */
  readonly state: 'ran' | 'blind' | 'absent';
  /** How many subjects it judged, and how many of them were well. */
  readonly judged: number;
  readonly well: number;
}

/**
 * The state of one area, in percent: the mean over what was looked at, each subject counting as the
 * product of what its faults leave of it. What could not be seen counts as the fault it may hide.
 * See docs/reference/state.md.
 */
export interface AreaState {
  readonly area: Layer;
  /** 0 to 100; null where no check of the area applies. */
  readonly percent: number | null;
  /** What it would be if everything that could not be seen were well. */
  readonly atMost: number | null;
  readonly subjects: number;
  readonly well: number;
  /** Checks of the area that could not look at all, or not everywhere. */
  readonly unknown: number;
}

export type Change = 'new' | 'ongoing' | 'fixed' | 'regressed';

/** A finding of the baseline, as far as it is remembered. */
export interface Remembered {
  readonly id: string;
  readonly check: CheckId;
  /** `refKey` of the subject. */
  readonly subject: string;
  /** `unseen`: it was failing, and its check could not look this time. */
  readonly change: 'fixed' | 'unseen';
}

/** A kind of fact that could not be seen, and the checks that judged without it. */
export interface Missed {
  readonly facet: string;
  readonly checks: readonly CheckId[];
  readonly reason: UnknownReason;
  readonly detail: string;
}

/** How one host was reached, or not. */
export interface HostSummary {
  readonly name: string;
  /** The node that it carries, as far as that is known. */
  readonly node?: string | undefined;
  readonly answered: boolean;
  /** Who we were there; undefined when it did not answer. */
  readonly user?: string | undefined;
  readonly root?: boolean | undefined;
  /** Every way that was tried, in order. */
  readonly ways: readonly Way[];
  /** Parts that could not be looked at although it answered. */
  readonly unknown: readonly string[];
}

/** The result of observing and diagnosing one cluster once. Facts only: prose is made by `report/`. */
export interface AuditResult {
  readonly cluster: ClusterIdentity;
  readonly at: Millis;
  readonly serverDate?: Millis | undefined;
  readonly namespaces?: readonly string[] | undefined;
  /** Why nothing at all of the cluster was seen; undefined when something was. */
  readonly unobserved?: string | undefined;
  /** Undefined when no machine was looked at. */
  readonly hosts?: readonly HostSummary[] | undefined;
  readonly checks: readonly CheckSummary[];
  readonly findings: readonly Finding[];
  readonly incidents: readonly Incident[];
  /** Ids of failed events that belong to no incident, worst first. */
  readonly alone: readonly string[];
  /** Ids of postures, worst first. */
  readonly postures: readonly string[];
  readonly state: readonly AreaState[];
  /** Where all is well, no finding says so. */
  readonly missed?: readonly Missed[] | undefined;
  /** Against a baseline, if one was given: by finding id. */
  readonly changes?: { readonly [id: string]: Change } | undefined;
  /** What the baseline had and this audit has not. */
  readonly gone?: readonly Remembered[] | undefined;
}
