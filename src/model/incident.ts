import type { Fail, Onset } from './finding.ts';

/** How sure the diagnosis is of an incident's root. */
export type Certainty = 'certain' | 'suspected' | 'inconclusive';

/** Below the lowest cause that can be seen: what it may be, and what would tell. */
export interface Suspected {
  readonly candidates: readonly string[];
  /** What it is not: it was looked at, and is well. */
  readonly well: readonly string[];
  /** The one observation that would decide. */
  readonly decide: string;
  /** True when one thing below several roots explains them better than as many coincidences. */
  readonly shared: boolean;
  /** What the roots would have in common; empty when not shared. */
  readonly what: string;
}

/** One explained finding and what it follows from. */
export interface Link {
  /** Id of the effect. */
  readonly finding: string;
  /** Id of its most likely cause: another finding of this incident. */
  readonly cause: string;
  /** How likely it follows from this incident's root, by this cause or another, 0 to 1. */
  readonly weight: number;
  /** Steps from the root, 1 and up. */
  readonly depth: number;
}

/** An explanation that lost. */
export interface Rival {
  /** Ids of the findings that would be the roots instead. */
  readonly roots: readonly string[];
  /** Its share of belief beside the chosen explanation, 0 to 1. */
  readonly weight: number;
  /** Why it lost, as a code the report has words for. */
  readonly against: 'time' | 'absent-effects' | 'less-likely' | 'recovered';
}

/** One root cause and everything that follows from it. */
export interface Incident {
  /** Stable over runs while the root is the same. */
  readonly id: string;
  readonly certainty: Certainty;
  /** Ids of the root findings: one, or several above one shared suspected cause. */
  readonly roots: readonly string[];
  readonly suspected?: Suspected | undefined;
  /** In causal order. */
  readonly links: readonly Link[];
  /** Ids of postures that made it worse or possible. */
  readonly contributing: readonly string[];
  readonly rivals: readonly Rival[];
  /** Ids of unknown findings that could change this explanation. */
  readonly blind: readonly string[];
  readonly severity: Fail['severity'];
  readonly onset: Onset;
}
