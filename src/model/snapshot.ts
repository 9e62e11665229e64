import type { Millis } from '../lib/clock.ts';
import type { Facet } from './facet.ts';
import type { FacetName, FacetValues } from './facets.ts';

export interface ClusterIdentity {
  /** kubeconfig context, or where else the way in came from. */
  readonly context: string;
  readonly server: string;
  /** `v1.32.5+k3s1`; undefined when the server did not say. */
  readonly version?: string | undefined;
}

export type Facets = { readonly [K in FacetName]: Facet<FacetValues[K]> };

/** Everything that was seen of one cluster at one time. Immutable: the only thing a check sees. */
export interface Snapshot {
  readonly cluster: ClusterIdentity;
  /** Our own clock when the collection ended. */
  readonly at: Millis;
  /** The API server's clock at that moment; undefined if it never answered. */
  readonly serverDate?: Millis | undefined;
  /** Namespaces that the user asked to stay within; undefined for all. */
  readonly namespaces?: readonly string[] | undefined;
  readonly facets: Facets;
}

/** The hour by which objects are judged: the API server's, since its clients wrote their times by it. */
export function nowOf(snapshot: Snapshot): Millis {
  return snapshot.serverDate ?? snapshot.at;
}

/** Something must have been seen of the cluster itself; our own access and hosts alone are not it. */
export function wasObserved({ facets }: Snapshot): boolean {
  const { access, apilatency: _, hosts: __, ...seen } = facets;
  if (access.state === 'known' && access.value.outcome !== 'ok') return false;
  return Object.values(seen).some((facet) => facet.state === 'known');
}

/** At least one host answered: of the machines, if of nothing else, something is known. */
export function wereHostsSeen({ facets: { hosts } }: Snapshot): boolean {
  return hosts.state === 'known' && hosts.value.some(({ reach }) => reach.state === 'answered');
}
