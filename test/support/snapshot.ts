import { parseTime } from '../../src/lib/time.ts';
import type { Facet, Scope } from '../../src/model/facet.ts';
import {
  type FacetName,
  facetNames,
  isListFacet,
  type ListFacetName,
  recordFacets,
} from '../../src/model/facets.ts';
import type { Host } from '../../src/model/objects/host/host.ts';
import type { Facets, Snapshot } from '../../src/model/snapshot.ts';
import { hostsNotAsked } from '../../src/observe/hosts-not-asked.ts';
import { project } from '../../src/observe/project.ts';

/** An object as the API server would give it: whole, with apiVersion and kind. */
export interface RawObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

/** A cluster as its API would show it at one moment. */
export interface World {
  readonly objects: readonly RawObject[];
  /** Raw `/stats/summary` by node name; a node that is missing here does not answer. */
  readonly summaries?: { readonly [node: string]: unknown };
  /** Last lines of a crashed container, by `namespace/pod/container`; null: its kubelet has none. */
  readonly logs?: { readonly [container: string]: readonly string[] | null };
  /** How long each small read of the API took. */
  readonly latencyMs?: readonly number[];
  readonly access?: {
    readonly outcome: string;
    readonly server?: string;
    readonly detail?: string;
    readonly user?: string;
    /** Epoch milliseconds. */
    readonly clientCertificateNotAfter?: number;
  };
  /** What was seen of the machines below; without it nobody was asked to look at them. */
  readonly hosts?: readonly Host[];
  /** Looked at these only; what is not namespaced, and Leases, are seen whole. */
  readonly namespaces?: readonly string[];
  /** Facets that may not be read. */
  readonly deny?: readonly FacetName[];
  /** Facets that the server does not serve. Without one, every kind is served. */
  readonly missing?: readonly FacetName[];
}

/** The hour in every test that does not say otherwise. */
export const noon = '2026-03-01T12:00:00Z';
const noonAt = parseTime(noon) as number;

/** A time that long before noon: `ago(90)` is ninety seconds earlier, as the API writes it. */
export function ago(seconds: number): string {
  return new Date(noonAt - seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Which facet a kind is listed under; keys are `apiVersion/kind`. */
export const facetOfKind: { readonly [kind: string]: ListFacetName } = {
  'v1/Node': 'nodes',
  'v1/Pod': 'pods',
  'v1/Event': 'events',
  'v1/Service': 'services',
  'v1/Namespace': 'namespaces',
  'v1/Secret': 'secrets',
  'v1/ServiceAccount': 'serviceaccounts',
  'v1/PersistentVolume': 'persistentvolumes',
  'v1/PersistentVolumeClaim': 'persistentvolumeclaims',
  'apps/v1/Deployment': 'deployments',
  'apps/v1/ReplicaSet': 'replicasets',
  'apps/v1/StatefulSet': 'statefulsets',
  'apps/v1/DaemonSet': 'daemonsets',
  'coordination.k8s.io/v1/Lease': 'leases',
  'discovery.k8s.io/v1/EndpointSlice': 'endpointslices',
  'networking.k8s.io/v1/Ingress': 'ingresses',
  'gateway.networking.k8s.io/v1/HTTPRoute': 'httproutes',
  'longhorn.io/v1beta2/Node': 'longhornnodes',
  'storage.k8s.io/v1/StorageClass': 'storageclasses',
  'storage.k8s.io/v1/CSINode': 'csinodes',
  'storage.k8s.io/v1/VolumeAttachment': 'volumeattachments',
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': 'validatingwebhooks',
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': 'mutatingwebhooks',
  'apiextensions.k8s.io/v1/CustomResourceDefinition': 'customresourcedefinitions',
};

/** Facets that are seen whole even where only some namespaces are looked at. */
const wholeFacets: ReadonlySet<FacetName> = new Set([
  'csinodes',
  'customresourcedefinitions',
  'kubeletsummaries',
  'leases',
  'mutatingwebhooks',
  'namespaces',
  'nodes',
  'persistentvolumes',
  'storageclasses',
  'validatingwebhooks',
  'volumeattachments',
]);

/** The snapshot that the collectors would make of a world, without going through HTTP. */
export function snapshotOf(world: World, at: string = noon): Snapshot {
  const now = parseTime(at) as number;
  const known = <T>(
    value: T,
    rejected: { name: string; problem: string }[] = [],
    scope: Scope = 'cluster',
  ): Facet<T> => ({ state: 'known', value, observedAt: now, scope, rejected });
  const within = (name: FacetName): Scope =>
    world.namespaces && !wholeFacets.has(name) ? { namespaces: world.namespaces } : 'cluster';
  const facets: Partial<Record<FacetName, Facet<unknown>>> = {};
  for (const name of facetNames) {
    if (world.missing?.includes(name)) facets[name] = { state: 'absent' };
    else if (name === 'hosts' && !world.hosts) facets[name] = hostsNotAsked;
    else if (world.deny?.includes(name)) {
      facets[name] = { state: 'unknown', reason: 'forbidden', detail: 'not allowed in this test' };
    } else if (isListFacet(name)) {
      const into = { items: [], rejected: [] };
      project(name, rawItems(name, world), into);
      facets[name] = known(into.items, into.rejected, within(name));
    }
  }
  facets.apilatency ??= known(
    recordFacets.apilatency.parse({ path: '/api', samplesMs: world.latencyMs ?? [5, 5, 5, 5, 5] }),
  );
  facets.access ??= known(
    recordFacets.access.parse({
      server: 'https://cluster',
      ...(world.access ?? { outcome: 'ok' }),
    }),
  );
  return {
    cluster: { context: 'test', server: 'https://cluster', version: 'v1.36.3+k3s1' },
    at: now,
    serverDate: now,
    ...(world.namespaces ? { namespaces: world.namespaces } : {}),
    facets: facets as unknown as Facets,
  };
}

function rawItems(facet: ListFacetName, world: World): readonly unknown[] {
  if (facet === 'hosts') return world.hosts ?? [];
  if (facet === 'kubeletsummaries')
    return world.objects.filter(isNode).map((n) => summaryOf(n, world));
  if (facet === 'podlogs') return Object.entries(world.logs ?? {}).map(logOf);
  const listed = world.objects.filter(
    (each) =>
      facetOfKind[`${each.apiVersion}/${each.kind}`] === facet &&
      (wholeFacets.has(facet) ||
        (world.namespaces?.includes(each.metadata.namespace ?? '') ?? true)),
  );
  if (facet === 'secrets') return listed.map(secretRow);
  // A list's items carry neither apiVersion nor kind.
  return listed.map(({ apiVersion: _, kind: __, ...item }) => item);
}

/** Secrets are listed as the server's own Table. */
function secretRow({ metadata, type, data }: RawObject): object {
  return {
    cells: [metadata.name, type, Object.keys(data ?? {}).length, '7d'],
    object: { metadata },
  };
}

function isNode(object: RawObject): boolean {
  return object.kind === 'Node' && object.apiVersion === 'v1';
}

function summaryOf(node: RawObject, world: World): unknown {
  const metadata = { name: node.metadata.name };
  const summary = world.summaries?.[node.metadata.name];
  if (summary === undefined) {
    return { metadata, unknown: { reason: 'no-answer', detail: 'the kubelet did not answer' } };
  }
  return { ...(summary as object), metadata };
}

function logOf([key, lines]: readonly [string, readonly string[] | null]): unknown {
  const [namespace, name, container] = key.split('/');
  const of = { metadata: { namespace, name }, container, lines: lines ?? [] };
  if (lines) return of;
  return { ...of, unknown: { reason: 'no-answer', detail: 'the kubelet has no log of it' } };
}
