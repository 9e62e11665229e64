import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Connection } from '../connection.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** A server on loopback that answers as the test tells it to. */
export class TestServer {
  /** Method, path and query of each request, in order. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #isSecure: boolean;

  private constructor(handler: Handler, tls: ServerOptions | undefined) {
    this.#isSecure = tls !== undefined;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      this.requests.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
      handler(request, response, new URL(request.url ?? '', 'http://localhost'));
    };
    this.#server = tls === undefined ? createHttp(listener) : createHttps(tls, listener);
  }

  static async start(handler: Handler, tls?: ServerOptions): Promise<TestServer> {
    const server = new TestServer(handler, tls);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(host = '127.0.0.1'): string {
    return `${this.#isSecure ? 'https' : 'http'}://${host}:${this.port}`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** A connection with nothing but a server, and what the test adds. */
export function connectionTo(server: string, extra: Partial<Connection> = {}): Connection {
  return {
    server,
    context: 'test',
    source: 'test',
    user: '',
    insecure: false,
    authorization: async () => undefined,
    identity: async () => undefined,
    renew: () => false,
    ...extra,
  };
}
