import type { Clock, Millis } from '../../lib/clock.ts';
import type { Transport } from '../../model/objects/host/reach.ts';
import { WayProblem } from './failure.ts';

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: Millis;
  /** Written to standard input, which is closed after it. */
  readonly input: string;
  /** Of standard output and standard error together. */
  readonly maxBytes: number;
  /** The host is known to be there: it let us in, or its hypervisor says that it runs. */
  readonly onPresent?: (() => void) | undefined;
  /** The program is about to start: the way is open, and what is awaited now is the answer. */
  readonly onStart?: () => void;
  /** Standard output as it comes, where the transport can tell. */
  readonly onOutput?: (chunk: Buffer) => void;
}

export interface Executed {
  /** Absent when it was killed, or when the other side went away. */
  readonly code?: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * A place where a program can be started: this machine, one behind ssh, a container.
 * Where it can it is started as root.
 */
export interface Access {
  readonly transport: Transport;
  /** For a person: `ssh josh@192.0.2.7:22`. */
  readonly name: string;
  /** A command that goes the same way by hand. */
  readonly byHand: string;
  /** Rejects with a `WayProblem` and nothing else, and not much later than it is told to. */
  execute(argv: readonly string[], options: ExecuteOptions): Promise<Executed>;
  /** Drops what is open. What is under way fails. */
  close(): Promise<void>;
}

/** Waits no longer than that for the work, which goes on unless it listens to the same signal. */
export async function within<T>(
  work: Promise<T>,
  limits: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly timeoutMs: Millis;
    readonly late: () => WayProblem;
  },
): Promise<T> {
  const over = new AbortController();
  const { signal } = limits;
  const either = AbortSignal.any([signal, over.signal]);
  const late = limits.clock.sleep(Math.max(0, limits.timeoutMs), either).then(
    () => Promise.reject(limits.late()),
    () => Promise.reject(signal.aborted ? stopped(signal, limits.late()) : limits.late()),
  );
  // When the work is done nobody waits for this one any more.
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    work.catch(() => undefined);
  }
}

/** What to say when the signal ended it: that it was late, or that nobody wants it any more. */
export function stopped(signal: AbortSignal, late: WayProblem): WayProblem {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') return late;
  return new WayProblem('cancelled', '', { cause: reason });
}
