import type { Millis } from '../../lib/clock.ts';
import type { Facet, Unknown } from '../../model/facet.ts';
import { type FacetName, facetNames } from '../../model/facets.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Facets, Snapshot } from '../../model/snapshot.ts';

const notAsked: Unknown = {
  state: 'unknown',
  reason: 'not-collected',
  detail: 'no cluster was asked',
};

/** Machines alone: no cluster was asked, and none is missed. */
export function machinesOnly(file: string, hosts: Facet<readonly Host[]>, at: Millis): Snapshot {
  const facets: { [K in FacetName]?: Facet<unknown> } = {};
  for (const name of facetNames) facets[name] = notAsked;
  return {
    cluster: { context: file, server: '' },
    at,
    facets: { ...facets, hosts } as unknown as Facets,
  };
}
