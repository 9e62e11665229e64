import type { Clock, Millis } from '../../lib/clock.ts';
import type { Access, Executed } from './access.ts';
import { WayProblem } from './failure.ts';
import { boot } from './look-script.ts';
import { lookWords } from './look-words.ts';
import { type ParsedLook, parseLook } from './parse-look.ts';
import type { HostLook, HostRequest } from './port.ts';

export interface LookOptions {
  readonly clock: Clock;
  /** A name that nobody can guess, of letters and digits, new at each call. */
  readonly boundary: () => string;
  readonly signal: AbortSignal;
  readonly timeoutMs: Millis;
  readonly maxBytes: number;
  readonly onPresent?: () => void;
}

/** One round trip by one way. Rejects with a `WayProblem`, or for a request that is a bug. */
export async function lookThrough(
  access: Access,
  requests: readonly HostRequest[],
  options: LookOptions,
): Promise<Omit<HostLook, 'ways'>> {
  const { clock, signal, timeoutMs } = options;
  const boundary = options.boundary();
  const input = lookWords(requests, boundary, timeoutMs);
  const watch = new HelloWatch(clock, boundary);
  const executed = await access.execute(['sh', '-c', boot], {
    signal,
    timeoutMs,
    input,
    maxBytes: options.maxBytes,
    onPresent: options.onPresent,
    onStart: () => watch.start(),
    onOutput: (chunk) => watch.see(chunk),
  });
  const endedAt = clock.now();
  const { hostAt, ...parsed } = parsedOf(executed, boundary, requests);
  const { sentAt, receivedAt } = watch;
  return { ...parsed, clock: { sentAt, receivedAt: receivedAt ?? endedAt, hostAt } };
}

function parsedOf(
  executed: Executed,
  boundary: string,
  requests: readonly HostRequest[],
): ParsedLook {
  try {
    return parseLook(executed.stdout, boundary, requests);
  } catch (error) {
    if (!(error instanceof WayProblem) || error.kind !== 'malformed') throw error;
    throw withoutAnswer(executed, error);
  }
}

/** What became of a program that did not even begin to answer. */
function withoutAnswer({ code, stderr, stdout }: Executed, problem: WayProblem): WayProblem {
  const said = stderr.trim().split('\n').at(-1) || problem.message;
  if (code === undefined && stdout.length === 0) return new WayProblem('cut', said);
  // sudo and sudo-rs begin what they say with their name, whatever the language.
  const bySudo = /^sudo(?:-rs)?: .*|.*\bsudo: .*not found.*/m.exec(stderr);
  if (bySudo && code !== 0) return new WayProblem('no-sudo', bySudo[0]);
  if (code === 127) return new WayProblem('no-program', said);
  return new WayProblem('malformed', said);
}

/**
 * Notes when the look was sent and when its first line came back: the host read its clock between
 * the two, and the closer they are the less its clock can be off unseen.
 */
class HelloWatch {
  sentAt: Millis;
  receivedAt: Millis | undefined;
  readonly #clock: Clock;
  readonly #mark: Buffer;
  #tail = Buffer.alloc(0);

  constructor(clock: Clock, boundary: string) {
    this.#clock = clock;
    this.#mark = Buffer.from(`H=${boundary}\0`);
    this.sentAt = clock.now();
  }

  start(): void {
    this.sentAt = this.#clock.now();
  }

  see(chunk: Buffer): void {
    if (this.receivedAt !== undefined) return;
    const seen = Buffer.concat([this.#tail, chunk]);
    if (seen.includes(this.#mark)) this.receivedAt = this.#clock.now();
    this.#tail = Buffer.from(seen.subarray(-this.#mark.length));
  }
}
