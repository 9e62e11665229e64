import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FacetName } from '../../src/model/facets.ts';
import { facetOfKind, noon, type RawObject, type World } from './snapshot.ts';

/** Small, so that every list of more than a few objects is paged. */
const pageSize = 3;

/** How much faster the emulated world's latencies pass than the clock on the wall. */
export const haste = 20;

export interface EmulatedApi {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a world as the Kubernetes API would: lists in pages with field selectors, Tables, the
 * kubelets' summaries and logs behind it, 403 for what is denied and 404 for what is not served.
 * Its Date header says noon. Plain HTTP on loopback.
 */
export async function serveWorld(world: World): Promise<EmulatedApi> {
  const server = createServer((request, response) => {
    answer(world, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('Date', new Date(noon).toUTCString());
  const url = new URL(request.url ?? '/', 'http://api');
  const refused = refusals[world.access?.outcome ?? 'ok'];
  if (refused) return status(response, refused, 'not let in');
  if (url.pathname === '/version') return json(response, { gitVersion: 'v1.36.3+k3s1' });
  const summary = /^\/api\/v1\/nodes\/([^/]+)\/proxy\/stats\/summary$/.exec(url.pathname);
  if (summary) return summaryOf(world, decodeURIComponent(summary[1] ?? ''), response);
  const log = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/.exec(url.pathname);
  if (log)
    return logOf(world, `${log[1]}/${log[2]}/${url.searchParams.get('container')}`, response);
  if (url.pathname === '/api/v1/namespaces/kube-system') return await latency(world, response);
  const list = listAt(url.pathname);
  if (!list) return status(response, 404, 'the server could not find the requested resource');
  if (world.deny?.includes(list.facet)) return status(response, 403, `${list.facet} is forbidden`);
  if (world.missing?.includes(list.facet)) return status(response, 404, 'page not found');
  page(world, list, url.searchParams, request.headers.accept ?? '', response);
}

const refusals: { readonly [outcome: string]: number } = { unauthorized: 401, 'server-error': 500 };

interface ListPath {
  readonly facet: FacetName;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
}

/** `/apis/<group>/<version>[/namespaces/<namespace>]/<plural>` to what is listed there. */
function listAt(path: string): ListPath | undefined {
  const [, apiVersion, namespace, plural] =
    /^\/apis?\/((?:[^/]+\/)?v[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(path) ?? [];
  for (const [key, facet] of Object.entries(facetOfKind)) {
    const at = key.lastIndexOf('/');
    const kind = key.slice(at + 1);
    if (key.slice(0, at) !== apiVersion || pluralOf(kind) !== plural) continue;
    return { facet, apiVersion, kind, namespace };
  }
  return undefined;
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith('class') || lower.endsWith('ingress')) return `${lower}es`;
  return `${lower}s`;
}

function page(
  world: World,
  { apiVersion, kind, namespace }: ListPath,
  query: URLSearchParams,
  accept: string,
  response: ServerResponse,
): void {
  const all = world.objects.filter(
    (object) =>
      object.apiVersion === apiVersion &&
      object.kind === kind &&
      (namespace === undefined || object.metadata.namespace === namespace) &&
      selected(object, query.get('fieldSelector')),
  );
  const from = Number(query.get('continue') ?? 0);
  const limit = Math.min(Number(query.get('limit') ?? pageSize), pageSize);
  const items = all.slice(from, from + limit);
  const next = from + limit < all.length ? { continue: String(from + limit) } : {};
  const metadata = { resourceVersion: '4711', ...next };
  if (accept.includes('as=Table')) {
    const rows = items.map((object) => ({
      cells: [object.metadata.name, object['type'] ?? 'Opaque', keyCount(object), '1d'],
      object: { kind: 'PartialObjectMetadata', metadata: object.metadata },
    }));
    return json(response, { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, rows });
  }
  // The items of a list carry neither apiVersion nor kind.
  const bare = items.map(({ apiVersion: _, kind: __, ...item }) => item);
  json(response, { kind: `${kind}List`, apiVersion, metadata, items: bare });
}

function keyCount(secret: RawObject): number {
  return Object.keys((secret['data'] as object | undefined) ?? {}).length;
}

/** The selectors that collectors use: equality on a field's path. */
function selected(object: RawObject, selector: string | null): boolean {
  return (selector ?? '').split(',').every((term) => {
    const [path = '', wanted] = term.split('=');
    if (path === '') return true;
    const value = path
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object);
    return String(value ?? '') === wanted;
  });
}

function summaryOf(world: World, node: string, response: ServerResponse): void {
  if (world.deny?.includes('kubeletsummaries'))
    return status(response, 403, 'nodes/proxy is forbidden');
  const summary = world.summaries?.[node];
  if (summary === undefined) return status(response, 503, 'error trying to reach service');
  json(response, summary as object);
}

function logOf(world: World, container: string, response: ServerResponse): void {
  const lines = world.logs?.[container];
  if (!lines) return status(response, 500, 'the kubelet did not answer');
  response.setHeader('Content-Type', 'text/plain');
  response.end(lines.join('\n'));
}

let asked = 0;

async function latency(world: World, response: ServerResponse): Promise<void> {
  if (world.deny?.includes('apilatency')) return status(response, 403, 'namespaces is forbidden');
  const samples = world.latencyMs ?? [0];
  await sleep((samples[asked++ % samples.length] ?? 0) / haste);
  json(response, { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'kube-system' } });
}

function json(response: ServerResponse, body: object): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

function status(response: ServerResponse, code: number, message: string): void {
  response.statusCode = code;
  json(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message });
}
