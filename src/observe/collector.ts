import type { KubeReader } from '../access/kube/port.ts';
import type { Clock, Millis } from '../lib/clock.ts';
import type { Facet } from '../model/facet.ts';
import type { FacetName, FacetValues } from '../model/facets.ts';
import type { Right } from '../model/right.ts';

/** What one collection shares between its collectors. */
export interface CollectContext {
  readonly reader: KubeReader;
  readonly clock: Clock;
  /** Aborts at the collector's own deadline. */
  readonly signal: AbortSignal;
  /** Stay within these; undefined for the whole cluster. */
  readonly namespaces?: readonly string[] | undefined;
  /** Where to look instead when the whole cluster may not be listed. */
  fallbackNamespaces(): Promise<readonly string[]>;
  /** Another collector's facet, once it is there. */
  facet<K extends FacetName>(name: K): Promise<Facet<FacetValues[K]>>;
  /** Resolves when every collector that does not wait for this has ended. */
  readonly settled: Promise<void>;
}

/** Collects one facet. One per file; fenced: its failure hides nobody else's. */
export interface Collector<K extends FacetName = FacetName> {
  readonly facet: K;
  /** Without these it cannot look; `doctor` asks for them. */
  readonly rights: readonly Right[];
  readonly deadlineMs: Millis;
  /** Facets that it asks others for. */
  readonly needs?: readonly FacetName[];
  collect(context: CollectContext): Promise<Facet<FacetValues[K]>>;
}

/** Ties a collector to the type of its facet. */
export function defineCollector<K extends FacetName>(collector: Collector<K>): Collector<K> {
  return collector;
}
