import type { Millis } from '../../lib/clock.ts';
import { plainText } from '../plain-text.ts';
import { failureTexts, type KubeFailureKind } from './failure-texts.ts';

export type { KubeFailureKind };

const messageLimit = 500;

export interface FailureDetails {
  /** The API server's URL. */
  server: string;
  /** What was asked for, without the query. */
  path: string;
  /** HTTP status, when there was an answer. */
  status?: number;
  /** Node's or OpenSSL's error code, when there was none. */
  code?: string;
  retryAfterMs?: Millis;
  /** What the server, or the network stack, said. */
  said?: string;
  /** A 410 in the middle of a list: where to go on, with objects newer than the first page's. */
  inconsistentContinue?: string;
  /** Replaces the kind's own next step. */
  next?: string;
  cause?: unknown;
}

/**
 * Why the API server could not be asked, or did not give what was asked for.
 * `message` says what happened and where; `why` and `next` are for a person.
 */
export class KubeFailure extends Error {
  override readonly name = 'KubeFailure';
  readonly kind: KubeFailureKind;
  readonly server: string;
  readonly path: string;
  readonly status?: number;
  readonly code?: string;
  readonly retryAfterMs?: Millis;
  /** In the server's own words: one line, at most 500 characters. */
  readonly said?: string;
  readonly inconsistentContinue?: string;
  /** Why this usually happens. */
  readonly why: string;
  /** What to do next, with a command that can be run. */
  readonly next: string;

  constructor(kind: KubeFailureKind, details: FailureDetails) {
    const said = details.said === undefined ? '' : plainText(details.said, messageLimit);
    const text = failureTexts[kind];
    const what = fill(text.what, details);
    super(said === '' ? what : `${what}: ${said}`, { cause: details.cause });
    this.kind = kind;
    this.server = details.server;
    this.path = details.path;
    this.why = fill(text.why, details);
    this.next = details.next ?? fill(text.next, details);
    if (said !== '') this.said = said;
    if (details.status !== undefined) this.status = details.status;
    if (details.code !== undefined) this.code = details.code;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.inconsistentContinue !== undefined) {
      this.inconsistentContinue = details.inconsistentContinue;
    }
  }
}

const notInPath = /[^\w\-./:%@~]/g;

function fill(template: string, details: FailureDetails): string {
  const url = URL.canParse(details.server) ? new URL(details.server) : undefined;
  const values: Record<string, string> = {
    server: details.server,
    // The text is meant to be pasted into a shell, and a path may hold a name from the cluster.
    path: details.path.replace(notInPath, encodeURIComponent),
    host: url?.hostname.replace(/^\[|\]$/g, '') ?? details.server,
    authority: `${url?.hostname}:${url?.port || (url?.protocol === 'http:' ? '80' : '443')}`,
    port: url?.port || '443',
    status: details.status === undefined ? '' : ` (HTTP ${details.status})`,
  };
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
