import type { Millis } from '../lib/clock.ts';

/** Where a known facet was looked at: the whole cluster, or some namespaces only. */
export type Scope = 'cluster' | { readonly namespaces: readonly string[] };

export const unknownReasons = [
  'forbidden',
  'unauthorized',
  'timed-out',
  'unreachable',
  'server-error',
  'malformed',
  'too-old',
  'no-answer',
  'not-collected',
  'needs-agent',
  'check-failed',
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

/** An item that came back with the wrong types: it is not judged, and it is not forgotten. */
export interface Rejected {
  readonly name: string;
  readonly problem: string;
}

/** A namespace (or the whole list) that could not be read while others could. */
export interface Known<T> {
  readonly state: 'known';
  readonly value: T;
  readonly observedAt: Millis;
  readonly scope: Scope;
  readonly rejected: readonly Rejected[];
}

export interface Unknown {
  readonly state: 'unknown';
  readonly reason: UnknownReason;
  /** One sentence for a person. */
  readonly detail: string;
}

/** Not installed: the API server answered, and does not serve this kind. */
export interface Absent {
  readonly state: 'absent';
}

/** One kind of fact. Forbidden (unknown) and not installed (absent) are two different things. */
export type Facet<T> = Known<T> | Unknown | Absent;

/** What could not be looked at, a sentence each: for the facts of a check that had to do without. */
export function notSeen(facets: { readonly [name: string]: Facet<unknown> }): readonly string[] {
  return Object.entries(facets).flatMap(([name, facet]) =>
    facet.state === 'unknown' ? [`${name}: ${facet.detail}`] : [],
  );
}

/** What of a list could be seen; nothing of it, if it is unknown or absent. */
export function listed<T>(facet: Facet<readonly T[]>): readonly T[] {
  return facet.state === 'known' ? facet.value : [];
}
