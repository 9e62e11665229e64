import { type Clock, type Millis, systemClock } from '../../lib/clock.ts';
import type { ClientIdentity, Connection } from './connection.ts';
import { KubeFailure } from './failure.ts';
import { type Asked, failureFromSignal } from './failure-kinds.ts';
import { parseJson } from './json-body.ts';
import { type PageCall, readPages } from './pages.ts';
import type { GetOptions, KubeReader, ListRequest, ServerDate } from './port.ts';
import { pauseBeforeRetry } from './retry.ts';
import { failureFromAnswer } from './status-body.ts';
import { Wire, type WireAnswer, type WireHead, type WireRequest } from './wire.ts';

export interface KubeClientOptions {
  /** Of evenkeel itself, for `User-Agent`. */
  version: string;
  clock?: Clock;
  /** [0, 1); spreads retries. */
  random?: () => number;
  /** No byte in either direction for this long is `timed-out`; 30 s unless told. */
  idleMs?: Millis;
  /** A larger body is `malformed`; 64 MiB unless told. */
  maxBodyBytes?: number;
}

interface Call {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  accept?: string;
  body?: string;
  signal: AbortSignal;
  onStart?: () => void;
  onChunk?: (chunk: Buffer) => void;
}

const json = 'application/json';
const cleanPath = /^\/(?!.*\/\.\.?(\/|$))[\w\-./:%@~$&'()*+,;=!]*$/;

/** https://kubernetes.io/docs/reference/access-authn-authz/: reviews of oneself store nothing. */
const reviewPath =
  /^\/apis\/(authorization\.k8s\.io\/v1\/selfsubject(access|rules)reviews|authentication\.k8s\.io\/v1((alpha|beta)1)?\/selfsubjectreviews)$/;

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** A reader on Node's own HTTP. Nothing is sent before the first call. */
export class KubeClient implements KubeReader {
  readonly server: string;
  readonly #connection: Connection;
  readonly #options: Required<KubeClientOptions>;
  readonly #basePath: string;
  readonly #encoding: 'gzip' | 'identity';
  readonly #closed = new AbortController();
  readonly #stats = { requests: 0, bytes: 0, durationMs: 0 };
  #wire: { wire: Wire; identity: ClientIdentity | undefined } | undefined;
  #serverDate: ServerDate | undefined;

  constructor(connection: Connection, options: KubeClientOptions) {
    const url = new URL(connection.server);
    this.server = connection.server;
    this.#connection = connection;
    this.#basePath = url.pathname.replace(/\/+$/, '');
    // The API server spends more on compressing than loopback spends on carrying.
    this.#encoding = loopback.test(url.hostname) ? 'identity' : 'gzip';
    const { clock = systemClock } = options;
    this.#options = {
      clock,
      // To spread clients that failed together, the clock's last digits are random enough.
      random: () => (clock.monotonic() * 1009) % 1,
      idleMs: 30_000,
      maxBodyBytes: 64 * 1024 * 1024,
      ...options,
    };
  }

  pages(request: ListRequest): AsyncIterable<readonly unknown[]> {
    const send = async (call: PageCall): Promise<Buffer> =>
      (await this.#send({ method: 'GET', ...call })).body;
    return readPages(send, request, this.#asked(request.path));
  }

  async get(path: string, options: GetOptions): Promise<unknown> {
    const answer = await this.#send({ method: 'GET', path, ...options });
    const isText = answer.headers['content-type']?.startsWith('text/plain') === true;
    if (isText && !/^\/apis?(\/|$)/.test(path)) return answer.body.toString('utf8');
    return parseJson(answer.body, this.#asked(path));
  }

  async text(path: string, options: GetOptions): Promise<string> {
    const accept = 'text/plain, application/json';
    const answer = await this.#send({ method: 'GET', path, accept, ...options });
    return answer.body.toString('utf8');
  }

  async review(path: string, body: unknown, options: { signal: AbortSignal }): Promise<unknown> {
    if (!reviewPath.test(path)) {
      throw new RangeError(`${path} is not a review of oneself; a reader sends no other POST`);
    }
    const text = JSON.stringify(body);
    const answer = await this.#send({ method: 'POST', path, body: text, ...options });
    return parseJson(answer.body, this.#asked(path));
  }

  serverDate(): ServerDate | undefined {
    return this.#serverDate;
  }

  /** `durationMs` adds up requests that ran side by side. */
  stats(): { requests: number; bytes: number; durationMs: Millis } {
    return { ...this.#stats };
  }

  close(): void {
    this.#closed.abort();
    this.#wire?.wire.close();
  }

  #asked(path: string): Asked {
    return { server: this.server, path };
  }

  /** One call, as often as `retry.ts` allows. */
  async #send(unbound: Call): Promise<WireAnswer> {
    if (!cleanPath.test(unbound.path)) throw new RangeError(`not a path: ${unbound.path}`);
    const signal = AbortSignal.any([unbound.signal, this.#closed.signal]);
    const call = { ...unbound, signal };
    let mayRenew = true;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(call);
      if (!(outcome instanceof KubeFailure)) return outcome;
      if (outcome.kind === 'unauthorized' && mayRenew && this.#connection.renew()) {
        mayRenew = false;
        attempt -= 1;
        continue;
      }
      if (outcome.kind === 'reset') this.#wire?.wire.dropIdle();
      const pauseMs = pauseBeforeRetry(outcome, attempt, this.#options.random);
      if (pauseMs === undefined) throw outcome;
      await this.#pause(pauseMs, outcome, call);
    }
  }

  /** When the caller's deadline ends the pause, the server's word tells more than `timed-out`. */
  async #pause(pauseMs: Millis, failure: KubeFailure, call: Call): Promise<void> {
    if (pauseMs === 0) return;
    try {
      await this.#options.clock.sleep(pauseMs, call.signal);
    } catch {
      const stopped = failureFromSignal(call.signal, this.#asked(call.path));
      throw stopped.kind === 'timed-out' ? failure : stopped;
    }
  }

  async #attempt(call: Call): Promise<WireAnswer | KubeFailure> {
    const asked = this.#asked(call.path);
    const { clock } = this.#options;
    const startedMs = clock.monotonic();
    try {
      const wire = await this.#ready(asked);
      const request = await this.#request(call, asked);
      call.onStart?.();
      this.#stats.requests += 1;
      const answer = await wire.exchange(request, asked);
      if (answer.status >= 200 && answer.status < 300) return answer;
      this.#stats.bytes += answer.body.length;
      const { Authorization: sent } = request.headers;
      return failureFromAnswer(answer, asked, clock.now(), sent);
    } catch (error) {
      if (error instanceof KubeFailure) return error;
      throw error;
    } finally {
      this.#stats.durationMs += clock.monotonic() - startedMs;
    }
  }

  async #request(call: Call, asked: Asked): Promise<WireRequest> {
    const authorization = await credential(this.#connection.authorization(), asked);
    const query = new URLSearchParams(call.query).toString();
    return {
      method: call.method,
      target: `${this.#basePath}${call.path}${query === '' ? '' : `?${query}`}`,
      headers: {
        Accept: call.accept ?? json,
        'Accept-Encoding': this.#encoding,
        'User-Agent': `evenkeel/${this.#options.version}`,
        ...(authorization !== undefined && { Authorization: authorization }),
        ...(call.body !== undefined && { 'Content-Type': json }),
      },
      ...(call.body !== undefined && { body: call.body }),
      idleMs: this.#options.idleMs,
      maxBodyBytes: this.#options.maxBodyBytes,
      signal: call.signal,
      onHead: (head) => this.#note(head),
      onChunk: (chunk) => {
        this.#stats.bytes += chunk.length;
        call.onChunk?.(chunk);
      },
    };
  }

  #note(head: WireHead): void {
    const server = Date.parse(head.headers.date ?? '');
    if (!Number.isNaN(server)) this.#serverDate = { server, local: this.#options.clock.now() };
  }

  /** The connections for the identity of this hour: an exec plugin may hand out a new certificate. */
  async #ready(asked: Asked): Promise<Wire> {
    const identity = await credential(this.#connection.identity(), asked);
    if (this.#wire !== undefined && this.#wire.identity === identity) return this.#wire.wire;
    this.#wire?.wire.retire();
    try {
      this.#wire = { wire: new Wire(this.#connection, identity), identity };
    } catch (error) {
      const said = 'the certificate or key cannot be used for TLS';
      throw new KubeFailure('client-certificate', { ...asked, said, cause: error });
    }
    return this.#wire.wire;
  }
}

/** No credential, no question: the problem's own words and next step, as this call's failure. */
async function credential<Value>(pending: Promise<Value>, asked: Asked): Promise<Value> {
  try {
    return await pending;
  } catch (error) {
    const { message, next } = error as Error & { next?: string };
    throw new KubeFailure('unauthorized', {
      ...asked,
      said: message,
      ...(next !== undefined && { next }),
      cause: error,
    });
  }
}
