import type { Way, WayFailure } from '../../model/objects/host/reach.ts';
import { plainText } from '../plain-text.ts';
import { hostFailureTexts, whyOf } from './failure-texts.ts';

const detailLimit = 500;

/** What an attempt was at when it failed: still on its way in, or asking already. */
export type Stage = 'reach' | 'run';

export interface WayProblemDetails {
  readonly stage?: Stage;
  /** Replaces the kind's own next step. */
  readonly next?: string | undefined;
  readonly cause?: unknown;
}

/** Why one way led nowhere. Stays within access/host: outside there are `Way` and `HostFailure`. */
export class WayProblem extends Error {
  override readonly name = 'WayProblem';
  readonly kind: WayFailure;
  readonly stage: Stage;
  readonly next?: string;

  /** `detail` is foreign text, in the words of the system or of the other side. */
  constructor(kind: WayFailure, detail: string, details: WayProblemDetails = {}) {
    super(plainText(detail, detailLimit), { cause: details.cause });
    this.kind = kind;
    this.stage = details.stage ?? 'run';
    if (details.next !== undefined) this.next = details.next;
  }
}

/** One way that was tried in vain. */
export interface FailedWay {
  readonly way: Way;
  readonly kind: WayFailure;
  /** A command that goes the same way by hand. */
  readonly byHand: string;
}

/** Which of several failures tells most: proof first, silence after, what we lack here last. */
const telling: readonly WayFailure[] = [
  'cancelled',
  'container-stopped',
  'container-frozen',
  'no-such-container',
  'host-key-changed',
  'output-too-large',
  'no-sudo',
  'denied',
  'malformed',
  'cut',
  'refused',
  'timed-out',
  'unreachable',
  'unknown-host',
  'through',
  'no-program',
];

/**
 * Why a host could not be looked at: every way that it has led nowhere.
 * `message` says what happened on the way that tells most; `why` and `next` are for a person.
 */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';
  /** Of the deciding way. */
  readonly kind: WayFailure;
  /** As evenkeel.yaml calls it. */
  readonly host: string;
  /** All of them, in the order in which they were tried. */
  readonly ways: readonly Way[];
  /** Why this usually happens. */
  readonly why: string;
  /** What to do next, with a command that can be run. */
  readonly next: string;

  constructor(
    host: string,
    failed: readonly FailedWay[],
    more: { readonly notTried?: readonly Way[]; readonly cause?: unknown } = {},
  ) {
    const deciding = decidingOf(failed);
    const text = hostFailureTexts[deciding.kind];
    const values = { host, way: deciding.way.name, byHand: deciding.byHand };
    const what = fill(text.what, values);
    const { detail } = deciding.way;
    super(detail ? `${what}: ${detail}` : what, { cause: more.cause });
    this.kind = deciding.kind;
    this.host = host;
    this.ways = [...failed.map(({ way }) => way), ...(more.notTried ?? [])];
    this.why = fill(whyOf(text, deciding.way), values);
    this.next = deciding.way.next ?? fill(text.next, values);
  }
}

function decidingOf(failed: readonly FailedWay[]): FailedWay {
  for (const kind of telling) {
    const found = failed.find((each) => each.kind === kind);
    if (found) return found;
  }
  throw new Error('a host failed and no way to it did');
}

function fill(template: string, values: { readonly [name: string]: string }): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
