/** A small HTTPS client of the API server for the tests' own set-up: keep-alive, JSON, bulk create. */
import { Agent, request } from 'node:https';

/** Any object of the API; status and spec as the kind wants them. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed JSON body, or the text where it is not JSON. */
  readonly body: unknown;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  readonly body?: unknown;
  /** Default: application/json. A PATCH must name its own. */
  readonly contentType?: string;
}

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  readonly status: number;

  constructor(what: string, response: ApiResponse) {
    const { message } = (response.body ?? {}) as { message?: string };
    super(`${what}: ${response.status} ${message ?? String(response.body)}`);
    this.status = response.status;
  }
}

export interface Api {
  /** Sends one request; resolves with any HTTP status and rejects when there is no answer. */
  send(method: Method, path: string, options?: RequestOptions): Promise<ApiResponse>;
  /** GET; throws ApiError on anything but success. */
  get<T = KubeObject>(path: string): Promise<T>;
  /** Creates one object of any kind that discovery knows; throws ApiError on refusal. */
  create<T = KubeObject>(object: KubeObject): Promise<T>;
  /** Creates many, `concurrency` (20) at a time; throws the first ApiError. Order is not kept. */
  createAll(objects: Iterable<KubeObject>, concurrency?: number): Promise<void>;
  /** Merge patch (RFC 7386); throws ApiError on refusal. */
  merge<T = KubeObject>(path: string, patch: unknown): Promise<T>;
  close(): void;
}

export interface ApiOptions {
  readonly url: string;
  readonly token: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string | Buffer;
}

interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

const maxSockets = 32;

/** Opens nothing yet; connections are made as requests need them and kept for 32 at once. */
export function openApi(options: ApiOptions): Api {
  const agent = new Agent({ keepAlive: true, maxSockets, ca: options.authority });
  const resources = new Map<string, Promise<Map<string, Resource>>>();
  const send: Api['send'] = (method, path, extra = {}) =>
    sendRequest(agent, options, method, path, extra);

  const succeed = async <T>(method: Method, path: string, extra?: RequestOptions): Promise<T> => {
    const response = await send(method, path, extra);
    if (response.status >= 300) throw new ApiError(`${method} ${path}`, response);
    return response.body as T;
  };

  const resourceOf = async ({ apiVersion, kind }: KubeObject): Promise<[string, Resource]> => {
    const base = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    const known = (await resources.get(base))?.get(kind);
    if (known !== undefined) return [base, known];
    // A kind that is not known yet may come from a CRD that is younger than what we read.
    const discovered = discover(succeed, base);
    resources.set(base, discovered);
    const resource = (await discovered).get(kind);
    if (resource === undefined) throw new Error(`${apiVersion} has no kind ${kind}`);
    return [base, resource];
  };

  const create = async <T>(object: KubeObject): Promise<T> => {
    const [base, resource] = await resourceOf(object);
    const { namespace = 'default' } = object.metadata;
    const prefix = resource.namespaced ? `${base}/namespaces/${namespace}` : base;
    return succeed<T>('POST', `${prefix}/${resource.plural}`, { body: object });
  };

  return {
    send,
    get: (path) => succeed('GET', path),
    create,
    createAll: async (objects, concurrency = 20) => {
      const rest = objects[Symbol.iterator]();
      let failed = false;
      const work = async (): Promise<void> => {
        for (let next = rest.next(); !next.done && !failed; next = rest.next()) {
          await create(next.value);
        }
      };
      const workers = Array.from({ length: concurrency }, work);
      await Promise.all(workers).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    },
    merge: (path, patch) =>
      succeed('PATCH', path, { body: patch, contentType: 'application/merge-patch+json' }),
    close: () => agent.destroy(),
  };
}

async function discover(
  succeed: <T>(method: Method, path: string) => Promise<T>,
  base: string,
): Promise<Map<string, Resource>> {
  interface Listed {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }
  const { resources } = await succeed<{ resources: Listed[] }>('GET', base);
  const byKind = new Map<string, Resource>();
  for (const { name, kind, namespaced } of resources) {
    // "pods/status" and its like are subresources.
    if (!name.includes('/')) byKind.set(kind, { plural: name, namespaced });
  }
  return byKind;
}

function sendRequest(
  agent: Agent,
  { url, token }: ApiOptions,
  method: Method,
  path: string,
  extra: RequestOptions,
): Promise<ApiResponse> {
  const body = extra.body === undefined ? undefined : JSON.stringify(extra.body);
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (body !== undefined) {
    headers['content-type'] = extra.contentType ?? 'application/json';
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { agent, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = response.headers['content-type']?.startsWith('application/json') ?? false;
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: json ? (JSON.parse(text) as unknown) : text,
        });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
