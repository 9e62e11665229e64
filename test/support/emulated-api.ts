import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Pair } from '../../src/access/kube/testing/certificates.ts';
import { forbidden, json, notServed, status } from './emulated-answers.ts';
import { type ListPath, listAt, pageOf, watchedMs } from './emulated-lists.ts';
import { reviewOf } from './emulated-reviews.ts';
import { noon, type World } from './snapshot.ts';
import { WorldClock } from './world-clock.ts';

export interface EmulatedApi {
  readonly url: string;
  /** The time that passes there; an audit of this world must go by it. */
  readonly clock: WorldClock;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly tls?: Pair;
  /** Asked first; true when it has answered, or never will, in the API's place. */
  readonly instead?: (url: URL, response: ServerResponse, request: IncomingMessage) => boolean;
}

/**
 * Serves a world as the Kubernetes API would: lists in pages with field selectors, Tables, reviews
 * of oneself, the kubelets' summaries and logs behind it, 403 for what is denied and 404 for what
 * is not served. Its Date header says noon. On loopback; plain HTTP unless given a certificate.
 */
export async function serveWorld(
  world: World,
  { tls, instead }: ServeOptions = {},
): Promise<EmulatedApi> {
  const served = new ServedWorld(world);
  const { url, close } = await listen((request, response) => {
    if (instead?.(new URL(request.url ?? '/', 'http://api'), response, request)) return;
    served.answer(request, response);
  }, tls);
  return { url, clock: served.clock, close };
}

/** Any listener on loopback. */
export async function listen(
  listener: RequestListener,
  tls?: Pair,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = tls
    ? createHttps({ cert: tls.certificate, key: tls.key }, listener)
    : createHttp(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, close };
}

/** Longer than a whole run waits. */
const dayMs = 24 * 3600 * 1000;
/** Longer than the collector that reads one small object again and again. */
const longReadMs = 31_000;

class ServedWorld {
  readonly clock = new WorldClock();
  readonly #world: World;
  /** How often each list was begun. */
  readonly #looks = new Map<string, number>();
  #latencyAsked = 0;
  #hasWatched = false;

  constructor(world: World) {
    this.#world = world;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Date', new Date(noon).toUTCString());
    const url = new URL(request.url ?? '/', 'http://api');
    const path = url.pathname;
    if (this.#isBarred(response)) return;
    if (path === '/version') return json(response, { major: '1', gitVersion: 'v1.36.3+k3s1' });
    if (request.method === 'POST') return reviewOf(this.#world, path, request, response);
    const summary = /^\/api\/v1\/nodes\/([^/]+)\/proxy\/stats\/summary$/.exec(path);
    if (summary) return this.#summary(decodeURIComponent(summary[1] ?? ''), response);
    const log = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/.exec(path);
    if (log) return this.#log(log[1] ?? '', log[2] ?? '', url.searchParams, response);
    if (path === '/api/v1/namespaces/kube-system') return this.#latency(response);
    const list = listAt(path);
    if (!list) return notServed(response);
    return this.#list(list, url, request.headers.accept ?? '', response);
  }

  /** What the world's access says of everybody who knocks; TLS says the rest before that. */
  #isBarred(response: ServerResponse): boolean {
    switch (this.#world.access?.outcome) {
      case 'unauthorized':
        status(response, 401, 'Unauthorized', this.#world.access.detail ?? 'Unauthorized');
        return true;
      case 'server-error':
        status(response, 500, 'InternalError', 'etcdserver: no leader');
        return true;
      case 'timed-out':
        this.clock.pass(dayMs);
        return true;
      case 'reset':
        response.socket?.resetAndDestroy();
        return true;
      default:
        return false;
    }
  }

  #list(list: ListPath, url: URL, accept: string, response: ServerResponse): void {
    const { deny, missing } = this.#world;
    if (deny?.includes(list.facet)) return forbidden(response, 'list', list);
    if (missing?.includes(list.facet)) return notServed(response);
    const query = url.searchParams;
    const key = `${url.pathname}?${query.get('fieldSelector') ?? ''}`;
    if (!query.has('continue')) this.#look(key, list);
    const look = (this.#looks.get(key) ?? 1) - 1;
    const page = pageOf(this.#world, list, query, accept, look);
    if (page) return json(response, page);
    status(response, 400, 'BadRequest', `field label not supported: ${query.get('fieldSelector')}`);
  }

  /** As long as Leases were watched passes when they are looked at again. */
  #look(key: string, { facet }: ListPath): void {
    const look = (this.#looks.get(key) ?? 0) + 1;
    this.#looks.set(key, look);
    if (facet !== 'leases' || look < 2 || this.#hasWatched) return;
    this.#hasWatched = true;
    this.clock.pass(watchedMs(this.#world) ?? 0);
  }

  #summary(node: string, response: ServerResponse): void {
    const list = { apiVersion: 'v1', kind: 'Node', resource: 'nodes/proxy' };
    if (this.#world.deny?.includes('kubeletsummaries')) return forbidden(response, 'get', list);
    const summary = this.#world.summaries?.[node];
    if (summary !== undefined) return json(response, summary);
    status(response, 503, 'ServiceUnavailable', 'error trying to reach service: dial tcp');
  }

  #log(namespace: string, pod: string, query: URLSearchParams, response: ServerResponse): void {
    const list = { apiVersion: 'v1', kind: 'Pod', resource: 'pods/log', namespace };
    if (this.#world.deny?.includes('podlogs')) return forbidden(response, 'get', list);
    const container = query.get('container');
    const lines = this.#world.logs?.[`${namespace}/${pod}/${container}`];
    if (!lines) {
      const what = `previous terminated container "${container}" in pod "${pod}" not found`;
      return status(response, 400, 'BadRequest', what);
    }
    const tail = Number(query.get('tailLines') ?? lines.length);
    response.setHeader('Content-Type', 'text/plain');
    response.end(
      lines
        .slice(-tail)
        .map((line) => `${line}\n`)
        .join(''),
    );
  }

  /** Where the world's list of latencies ends before the audit does, the API hangs. */
  #latency(response: ServerResponse): void {
    const list = { apiVersion: 'v1', kind: 'Namespace' };
    if (this.#world.deny?.includes('apilatency')) return forbidden(response, 'get', list);
    const samples = this.#world.latencyMs;
    const sample = samples ? samples[this.#latencyAsked] : 0;
    this.#latencyAsked += 1;
    this.clock.pass(sample ?? longReadMs);
    if (sample === undefined) return;
    json(response, { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'kube-system' } });
  }
}
