import type { Clock, Millis } from '../../lib/clock.ts';
import type { Way } from '../../model/objects/host/reach.ts';
import { type Access, stopped } from './access.ts';
import { type FailedWay, HostFailure, WayProblem } from './failure.ts';
import { type LookOptions, lookThrough } from './looker.ts';
import type { HostLook, HostReader, HostRequest } from './port.ts';

export interface WaysOptions {
  readonly clock: Clock;
  readonly boundary: () => string;
  readonly maxBytes: number;
}

/** A host with its ways in, of which the first that answers is taken. */
export class WaysReader implements HostReader {
  readonly name: string;
  readonly #accesses: readonly Access[];
  readonly #options: WaysOptions;

  constructor(name: string, accesses: readonly Access[], options: WaysOptions) {
    this.name = name;
    this.#accesses = accesses;
    this.#options = options;
  }

  async look(
    requests: readonly HostRequest[],
    { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: Millis },
  ): Promise<HostLook> {
    const { clock } = this.#options;
    const endsAt = clock.monotonic() + timeoutMs;
    const failed: FailedWay[] = [];
    for (const [at, access] of this.#accesses.entries()) {
      // A silent way must leave time for the next: it is the one that will tell.
      const share = (endsAt - clock.monotonic()) / (this.#accesses.length - at);
      let present = false;
      const outcome = await this.#try(access, requests, {
        signal,
        timeoutMs: share,
        onPresent: () => {
          present = true;
        },
      });
      if (outcome instanceof WayProblem) {
        failed.push(failedWay(access, outcome, present));
        if (isFinal(outcome) || signal.aborted) break;
        continue;
      }
      return { ...outcome, ways: [...failed.map(({ way }) => way), answered(access)] };
    }
    const notTried = this.#accesses.slice(failed.length).map(untried);
    throw new HostFailure(this.name, failed, { notTried });
  }

  async #try(
    access: Access,
    requests: readonly HostRequest[],
    limits: Pick<LookOptions, 'signal' | 'timeoutMs' | 'onPresent'>,
  ): Promise<Omit<HostLook, 'ways'> | WayProblem> {
    const late = new WayProblem('timed-out', 'no time was left for it', { stage: 'reach' });
    if (limits.signal.aborted) return stopped(limits.signal, late);
    if (limits.timeoutMs < 1) return late;
    try {
      return await lookThrough(access, requests, { ...this.#options, ...limits });
    } catch (error) {
      if (error instanceof WayProblem) return error;
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#accesses.map((access) => access.close()));
  }
}

/** What the next way would end in as well. */
function isFinal({ kind }: WayProblem): boolean {
  return kind === 'cancelled' || kind === 'output-too-large';
}

function failedWay(access: Access, problem: WayProblem, present: boolean): FailedWay {
  const { kind, message, next } = problem;
  const way: Way = {
    transport: access.transport,
    name: access.name,
    outcome: kind,
    ...(message === '' ? {} : { detail: message }),
    ...(next === undefined ? {} : { next }),
    ...(present ? { present } : {}),
  };
  return { way, kind, byHand: access.byHand };
}

function answered({ transport, name }: Access): Way {
  return { transport, name, outcome: 'answered' };
}

function untried({ transport, name }: Access): Way {
  return { transport, name, outcome: 'not-tried' };
}
