import type { Millis } from '../../lib/clock.ts';

/** One list, read page by page. */
export interface ListRequest {
  /** For example `/api/v1/namespaces/x/pods`; names in it are already URL-encoded. */
  path: string;
  /** `fieldSelector`, `labelSelector` and the like; `limit` and `continue` belong to the reader. */
  query?: Record<string, string>;
  /** Objects a page; 125 unless told. */
  limit?: number;
  /** `application/json` unless told; a Table is `application/json;as=Table;v=v1;g=meta.k8s.io`. */
  accept?: string;
  /** Ends the list; a `TimeoutError` reason gives `timed-out`, any other `cancelled`. */
  signal: AbortSignal;
}

export interface GetOptions {
  query?: Record<string, string>;
  signal: AbortSignal;
}

/** The API server's clock, to the second, and ours at the moment its header arrived. */
export interface ServerDate {
  server: Millis;
  local: Millis;
}

/**
 * Reads a Kubernetes API and can do nothing else.
 * Every method that asks the server rejects with a `KubeFailure`.
 */
export interface KubeReader {
  /** The API server's URL. */
  readonly server: string;

  /**
   * The pages of a list, parsed: `items` as the server sent them, or a Table's `rows`.
   * A page that was cut, or is not a list, is a failure of kind `malformed`.
   * While a page is being consumed, the next one is already on its way; never more than one.
   */
  pages(request: ListRequest): AsyncIterable<readonly unknown[]>;

  /**
   * One object.
   * Outside `/api` and `/apis` (`/readyz`, `/metrics`) a `text/plain` answer is given as a string.
   */
  get(path: string, options: GetOptions): Promise<unknown>;

  /** What is not JSON: a container's log. */
  text(path: string, options: GetOptions): Promise<string>;

  /** Asks the server about ourselves. A POST that changes nothing; any other path is refused. */
  review(path: string, body: unknown, options: { signal: AbortSignal }): Promise<unknown>;

  /** From the latest `Date` header; undefined before the first answer. */
  serverDate(): ServerDate | undefined;

  /** Requests sent, and bytes of bodies received (after decompression), so far. */
  stats(): { requests: number; bytes: number };

  /** Drops the connections. Requests under way fail. */
  close(): void;
}
