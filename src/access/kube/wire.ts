import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createSecureContext, getCACertificates } from 'node:tls';
import { createGunzip } from 'node:zlib';
import type { Millis } from '../../lib/clock.ts';
import type { ClientIdentity, Connection } from './connection.ts';
import { KubeFailure } from './failure.ts';
import { type Asked, failureFromError, failureFromSignal } from './failure-kinds.ts';

/** An API server's Status is far smaller; an error page need not be kept. */
const errorBodyLimit = 64 * 1024;

export interface WireRequest {
  method: 'GET' | 'POST';
  /** Path and query. */
  target: string;
  headers: Record<string, string>;
  body?: string;
  /** No byte in either direction for this long: `timed-out`. */
  idleMs: Millis;
  maxBodyBytes: number;
  signal: AbortSignal;
  /** Called with the status and headers, before the body. */
  onHead?: (head: WireHead) => void;
  /** Called with each piece of a 2xx body, decompressed, as it arrives; it must not be kept. */
  onChunk?: (chunk: Buffer) => void;
}

export interface WireHead {
  status: number;
  headers: IncomingMessage['headers'];
}

export interface WireAnswer extends WireHead {
  body: Buffer;
}

/** Connections to one server, kept alive. One instance per client identity: TLS is bound to it. */
export class Wire {
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #url: URL;
  readonly #request: typeof httpsRequest;

  constructor(connection: Connection, identity: ClientIdentity | undefined) {
    this.#url = new URL(connection.server);
    const isSecure = this.#url.protocol === 'https:';
    const pool = { keepAlive: true, maxSockets: 8, scheduling: 'lifo' } as const;
    this.#request = isSecure ? httpsRequest : httpRequest;
    this.#agent = isSecure
      ? new HttpsAgent({ ...pool, ...tlsOptions(connection, identity) })
      : new HttpAgent(pool);
  }

  /** Rejects with a `KubeFailure`; an answer of any status resolves. */
  exchange(request: WireRequest, asked: Asked): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      if (request.signal.aborted) {
        reject(failureFromSignal(request.signal, asked));
        return;
      }
      const outgoing = this.#request({
        agent: this.#agent,
        method: request.method,
        protocol: this.#url.protocol,
        hostname: this.#url.hostname.replace(/^\[|\]$/g, ''),
        ...(this.#url.port === '' ? {} : { port: this.#url.port }),
        path: request.target,
        headers: request.headers,
        timeout: request.idleMs,
      });
      const settle = (): void => request.signal.removeEventListener('abort', onAbort);
      const fail = (failure: KubeFailure): void => {
        settle();
        reject(failure);
        outgoing.destroy();
      };
      const onAbort = (): void => fail(failureFromSignal(request.signal, asked));
      request.signal.addEventListener('abort', onAbort, { once: true });
      outgoing.on('timeout', () => fail(new KubeFailure('timed-out', asked)));
      outgoing.on('error', (error) => fail(failureFromError(error, asked)));
      outgoing.on('response', (incoming) => {
        receive(incoming, request, asked).then((answer) => {
          settle();
          resolve(answer);
        }, fail);
      });
      outgoing.end(request.body);
    });
  }

  /** After a reset the idle connections are suspects too: the server may have restarted. */
  dropIdle(): void {
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
  }

  /** Another identity takes over: what is under way ends, then its connections close. */
  retire(): void {
    this.#agent.maxFreeSockets = 0;
    this.dropIdle();
  }

  close(): void {
    this.#agent.destroy();
  }
}

function tlsOptions(connection: Connection, identity: ClientIdentity | undefined): object {
  // One context for all sockets: PEM is parsed once, and no agent key holds the private key.
  const secureContext = createSecureContext({
    ca: connection.ca ?? systemAuthorities(),
    ...(identity && { cert: identity.certificate, key: identity.key.reveal() }),
    minVersion: 'TLSv1.2',
  });
  return {
    secureContext,
    rejectUnauthorized: !connection.insecure,
    ...(connection.tlsServerName !== undefined && { servername: connection.tlsServerName }),
  };
}

/** Node trusts its own bundle; kubectl trusts the machine's, where a company's authority lives. */
function systemAuthorities(): string[] {
  return [...getCACertificates('default'), ...getCACertificates('system')];
}

async function receive(
  incoming: IncomingMessage,
  request: WireRequest,
  asked: Asked,
): Promise<WireAnswer> {
  const head = { status: incoming.statusCode ?? 0, headers: incoming.headers };
  request.onHead?.(head);
  const isGood = head.status >= 200 && head.status < 300;
  const body = await collect(decoded(incoming), {
    keepBytes: isGood ? request.maxBodyBytes : errorBodyLimit,
    maxBytes: request.maxBodyBytes,
    asked,
    ...(isGood && request.onChunk !== undefined && { onChunk: request.onChunk }),
  });
  return { ...head, body };
}

function decoded(incoming: IncomingMessage): Readable {
  if (incoming.headers['content-encoding'] !== 'gzip') return incoming;
  // The pipeline's error also reaches the reader of its last stream.
  return pipeline(incoming, createGunzip(), () => undefined);
}

interface Collecting {
  /** Beyond this the body is read and dropped … */
  keepBytes: number;
  /** … and beyond this it is not read any more. */
  maxBytes: number;
  asked: Asked;
  onChunk?: (chunk: Buffer) => void;
}

function collect(stream: Readable, options: Collecting): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let seenBytes = 0;
    let keptBytes = 0;
    stream.on('data', (chunk: Buffer) => {
      seenBytes += chunk.length;
      if (seenBytes > options.maxBytes) {
        const said = `the body is larger than ${options.maxBytes} bytes`;
        reject(new KubeFailure('malformed', { ...options.asked, said }));
        stream.destroy();
        return;
      }
      options.onChunk?.(chunk);
      if (keptBytes >= options.keepBytes) return;
      chunks.push(chunk);
      keptBytes += chunk.length;
    });
    stream.on('error', (error) => reject(failureFromError(error, options.asked)));
    stream.on('end', () => resolve(Buffer.concat(chunks, keptBytes)));
  });
}
