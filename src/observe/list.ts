import { KubeFailure } from '../access/kube/failure.ts';
import { collectYoungGarbage } from '../lib/young-garbage.ts';
import type { Facet } from '../model/facet.ts';
import type { FacetValues, ListFacetName } from '../model/facets.ts';
import type { Right } from '../model/right.ts';
import { type CollectContext, type Collector, defineCollector } from './collector.ts';
import { type Projected, project } from './project.ts';

export interface ListShape<K extends ListFacetName> {
  readonly facet: K;
  /** `/api/v1` or `/apis/<group>/<version>`. */
  readonly base: string;
  readonly resource: string;
  readonly namespaced: boolean;
  /** Several queries make one facet: Warning events, and a few reasons of Normal ones. */
  readonly queries?: readonly Record<string, string>[];
  readonly accept?: string;
  /** Looked at whatever namespaces were asked for, since the objects lie in these only. */
  readonly only?: readonly string[];
  readonly deadlineMs?: number;
}

const defaultDeadlineMs = 30_000;

/** A page as large as this leaves so much behind that it is worth a collection of its own. */
const manyItems = 100;

/** A collector that lists one resource. */
export function listCollector<K extends ListFacetName>(shape: ListShape<K>): Collector<K> {
  return defineCollector<K>({
    facet: shape.facet,
    rights: [rightOf(shape)],
    deadlineMs: shape.deadlineMs ?? defaultDeadlineMs,
    collect: (context) => list(shape, context),
  });
}

function rightOf({ base, resource, namespaced }: ListShape<ListFacetName>): Right {
  const group = base.startsWith('/apis/') ? (base.split('/')[2] ?? '') : '';
  return { group, resource, verb: 'list', namespaced };
}

/** Lists the whole cluster, or, where that is forbidden, the namespaces that are allowed. */
export async function list<K extends ListFacetName>(
  shape: ListShape<K>,
  context: CollectContext,
): Promise<Facet<FacetValues[K]>> {
  if (shape.only) return await listNamespaces(shape, context, shape.only, true);
  const within = shape.namespaced ? context.namespaces : undefined;
  if (within) return await listNamespaces(shape, context, within, false);
  const into: Projected<K> = { items: [], rejected: [] };
  try {
    await listInto(shape, context, `${shape.base}/${shape.resource}`, into);
    return known(into, context, 'cluster');
  } catch (error) {
    const forbidden = error instanceof KubeFailure && error.kind === 'forbidden';
    if (!forbidden || !shape.namespaced) throw error;
    const fallback = await context.fallbackNamespaces();
    // To have looked nowhere is not to have found nothing.
    if (fallback.length === 0) throw error;
    return await listNamespaces(shape, context, fallback, false).catch(() => {
      throw error;
    });
  }
}

async function listNamespaces<K extends ListFacetName>(
  shape: ListShape<K>,
  context: CollectContext,
  namespaces: readonly string[],
  whole: boolean,
): Promise<Facet<FacetValues[K]>> {
  const into: Projected<K> = { items: [], rejected: [] };
  const seen: string[] = [];
  let refused: KubeFailure | undefined;
  for (const namespace of namespaces) {
    const path = `${shape.base}/namespaces/${encodeURIComponent(namespace)}/${shape.resource}`;
    try {
      await listInto(shape, context, path, into);
      seen.push(namespace);
    } catch (error) {
      if (!(error instanceof KubeFailure) || error.kind !== 'forbidden') throw error;
      refused = error;
    }
  }
  // Objects that lie in certain namespaces only are whole when all of those were seen, or unknown.
  if (refused && (whole || seen.length === 0)) throw refused;
  return known(into, context, whole ? 'cluster' : { namespaces: seen });
}

async function listInto<K extends ListFacetName>(
  { facet, queries = [{}], accept }: ListShape<K>,
  { reader, signal }: CollectContext,
  path: string,
  into: Projected<K>,
): Promise<void> {
  await Promise.all(
    queries.map(async (query) => {
      const request = { path, query, signal, ...(accept === undefined ? {} : { accept }) };
      for await (const page of reader.pages(request)) {
        project(facet, page, into);
        if (page.length >= manyItems) collectYoungGarbage();
      }
    }),
  );
}

function known<K extends ListFacetName>(
  { items, rejected }: Projected<K>,
  context: CollectContext,
  scope: 'cluster' | { readonly namespaces: readonly string[] },
): Facet<FacetValues[K]> {
  const value = items as unknown as FacetValues[K];
  return { state: 'known', value, observedAt: context.clock.now(), scope, rejected };
}
