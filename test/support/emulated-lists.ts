import { parseTime } from '../../src/lib/time.ts';
import type { FacetName } from '../../src/model/facets.ts';
import { ago, facetOfKind, type RawObject, type World } from './snapshot.ts';

/** Small, so that every list of more than a few objects is paged. */
const pageSize = 3;

/** What one path lists. */
export interface ListPath {
  readonly facet: FacetName;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
}

const clusterScoped: ReadonlySet<string> = new Set([
  'Node',
  'Namespace',
  'PersistentVolume',
  'StorageClass',
  'CSINode',
  'CSIDriver',
  'VolumeAttachment',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'CustomResourceDefinition',
]);

/** `/apis/<group>/<version>[/namespaces/<namespace>]/<plural>` to what is listed there. */
export function listAt(path: string): ListPath | undefined {
  const [, apiVersion, namespace, plural] =
    /^\/apis?\/((?:[^/]+\/)?v[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(path) ?? [];
  for (const [key, facet] of Object.entries(facetOfKind)) {
    const at = key.lastIndexOf('/');
    const kind = key.slice(at + 1);
    if (key.slice(0, at) !== apiVersion || pluralOf(kind) !== plural) continue;
    if (namespace !== undefined && clusterScoped.has(kind)) return undefined;
    return { facet, apiVersion, kind, namespace };
  }
  return undefined;
}

export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith('class') || lower.endsWith('ingress')) return `${lower}es`;
  return `${lower}s`;
}

/** One page as its JSON text; undefined for a field selector that a real server does not know. */
export function pageOf(
  world: World,
  path: ListPath,
  query: URLSearchParams,
  accept: string,
  look: number,
): object | undefined {
  const selector = selectorOf(path.kind, query.get('fieldSelector') ?? '');
  if (!selector) return undefined;
  const { apiVersion, kind, namespace } = path;
  const all = world.objects.filter(
    (object) =>
      object.apiVersion === apiVersion &&
      object.kind === kind &&
      (namespace === undefined || object.metadata.namespace === namespace) &&
      selector(object),
  );
  const from = Number(tokenText(query.get('continue') ?? ''));
  const limit = Math.min(Number(query.get('limit') ?? pageSize), pageSize);
  const left = all.length - from - limit;
  const next = left > 0 ? { continue: token(from + limit), remainingItemCount: left } : {};
  const metadata = { resourceVersion: '4711', ...next };
  const shown = all.slice(from, from + limit);
  if (accept.includes('as=Table')) return tableOf(shown, metadata);
  const items = kind === 'Lease' ? shown.map((each) => leaseAt(look, each, world)) : shown;
  // The server writes custom resources in the order of the alphabet and leaves them their kind.
  if (kind === 'HTTPRoute') return { apiVersion, items, kind: `${kind}List`, metadata };
  const bare = items.map(({ apiVersion: _, kind: __, window: ___, ...item }) => item);
  return { kind: `${kind}List`, apiVersion, metadata, items: bare };
}

/** Opaque, as a real one: nobody may count on what is in it. */
function token(from: number): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 4711, start: from })).toString(
    'base64url',
  );
}

function tokenText(given: string): string {
  if (given === '') return '0';
  const { start } = JSON.parse(Buffer.from(given, 'base64url').toString()) as { start: number };
  return String(start);
}

function tableOf(objects: readonly RawObject[], metadata: object): object {
  const rows = objects.map((object) => ({
    cells: [
      object.metadata.name,
      object['type'] ?? 'Opaque',
      Object.keys((object['data'] as object | undefined) ?? {}).length,
      '7d',
    ],
    object: {
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: object.metadata,
    },
  }));
  const column = (name: string, type: string): object => ({ name, type, format: '', priority: 0 });
  const columnDefinitions = [
    column('Name', 'string'),
    column('Type', 'string'),
    column('Data', 'integer'),
    column('Age', 'string'),
  ];
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions, rows };
}

const selectable: { readonly [kind: string]: readonly string[] } = {
  Event: ['type', 'reason', 'reportingComponent', 'source'],
  Pod: ['spec.nodeName', 'status.phase', 'status.podIP'],
  Secret: ['type'],
};

/** Equality on a field's path; a field that the kind does not offer is an error there too. */
function selectorOf(kind: string, text: string): ((object: RawObject) => boolean) | undefined {
  const terms = text
    .split(',')
    .filter(Boolean)
    .map((term) => term.split('=') as [string, string]);
  const known = ['metadata.name', 'metadata.namespace', ...(selectable[kind] ?? [])];
  const offered = ([path]: readonly [string, string]): boolean =>
    known.includes(path) || (kind === 'Event' && path.startsWith('involvedObject.'));
  if (!terms.every(offered)) return undefined;
  return (object) => terms.every(([path, wanted]) => fieldOf(object, path) === wanted);
}

function fieldOf(object: RawObject, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object);
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

interface Window {
  readonly renewals: number;
  readonly watchedMs: number;
}

/** How long the world says that Leases were watched; undefined where no case speaks of it. */
export function watchedMs({ objects }: World): number | undefined {
  const windows = objects.flatMap((each) => (each['window'] as Window | undefined) ?? []);
  return windows.length > 0 ? Math.max(...windows.map((each) => each.watchedMs)) : undefined;
}

/**
 * A Lease at the first look or a later one. It moved in between if its window says so, or, where
 * others were watched and it has no window, if it was last renewed while they were.
 */
function leaseAt(look: number, lease: RawObject, world: World): RawObject {
  const watched = watchedMs(world);
  if (look > 0 || watched === undefined) return lease;
  const spec = lease['spec'] as { readonly renewTime?: string };
  const window = lease['window'] as Window | undefined;
  const renewed = parseTime(spec.renewTime) ?? 0;
  const moved = window ? window.renewals > 0 : renewed > (parseTime(ago(watched / 1000)) ?? 0);
  if (!moved) return lease;
  const renewTime = new Date(renewed - 10_000).toISOString();
  return { ...lease, spec: { ...spec, renewTime } };
}
