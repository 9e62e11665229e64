import type { Clock } from '../../lib/clock.ts';
import type { WayFailure } from '../../model/objects/host/reach.ts';
import type { Access, Executed, ExecuteOptions } from './access.ts';
import { WayProblem } from './failure.ts';

export type ContainerSays = WayFailure | 'running';

/** What a hypervisor has to say of a container. */
export interface StateQuestion {
  readonly argv: readonly string[];
  /** Undefined when this answer does not settle it. */
  readonly judge: (answer: Executed) => ContainerSays | undefined;
}

export interface ContainerWay {
  readonly transport: 'pct' | 'lxc';
  readonly name: string;
  /** Starts what follows it inside. */
  readonly enter: readonly string[];
  readonly questions: readonly StateQuestion[];
  /** Of the host itself. */
  readonly byHand: string;
  /** Nobody else uses the way to the hypervisor. */
  readonly ownsBase: boolean;
  /** The hypervisor, as a person calls it. */
  readonly through: string;
}

/** Kept of the time for asking the hypervisor what is the matter, when the container is silent. */
const reserveMs = 5000;
const questionBytes = 64 * 1024;

/**
 * The inside of a container, entered from its hypervisor.
 * Silence and refusal are looked into: whether the container runs is known there for certain.
 */
export class ContainerAccess implements Access {
  readonly transport: 'pct' | 'lxc';
  readonly name: string;
  readonly byHand: string;
  readonly #way: ContainerWay;
  readonly #base: Access;
  readonly #clock: Clock;

  constructor(way: ContainerWay, base: Access, clock: Clock) {
    this.transport = way.transport;
    this.name = way.name;
    this.byHand = way.byHand;
    this.#way = way;
    this.#base = base;
    this.#clock = clock;
  }

  async execute(argv: readonly string[], options: ExecuteOptions): Promise<Executed> {
    const endsAt = this.#clock.monotonic() + options.timeoutMs;
    const timeoutMs = options.timeoutMs - Math.min(reserveMs, options.timeoutMs / 3);
    try {
      const executed = await this.#enter(argv, { ...options, timeoutMs });
      if (executed.code === 0) return executed;
      const leftMs = endsAt - this.#clock.monotonic();
      await this.#ask(executed.stderr, { ...options, timeoutMs: leftMs });
      return executed;
    } catch (error) {
      if (!(error instanceof WayProblem)) throw error;
      if (error.stage === 'reach') throw this.#notThrough(error);
      if (error.kind === 'timed-out') {
        const leftMs = endsAt - this.#clock.monotonic();
        await this.#ask('it does not answer', { ...options, timeoutMs: leftMs });
      }
      throw error;
    }
  }

  #enter(argv: readonly string[], options: ExecuteOptions): Promise<Executed> {
    // The hypervisor being there says nothing of the container.
    return this.#base.execute([...this.#way.enter, ...argv], { ...options, onPresent: undefined });
  }

  #notThrough(error: WayProblem): WayProblem {
    if (error.kind === 'cancelled') return error;
    const detail = [this.#way.through, error.kind, error.message].filter(Boolean).join(': ');
    return new WayProblem('through', detail, { stage: 'reach', next: error.next, cause: error });
  }

  /** Throws what the hypervisor knows. Where it knows nothing the first failure stands. */
  async #ask(said: string, options: ExecuteOptions): Promise<void> {
    const endsAt = this.#clock.monotonic() + options.timeoutMs;
    const { signal } = options;
    const { questions } = this.#way;
    for (const [at, { argv, judge }] of questions.entries()) {
      const timeoutMs = (endsAt - this.#clock.monotonic()) / (questions.length - at);
      const limits = { signal, timeoutMs, input: '', maxBytes: questionBytes };
      const answer = await this.#base.execute(argv, limits).catch(() => undefined);
      const kind = answer && judge(answer);
      if (kind === 'running') return options.onPresent?.();
      if (kind)
        throw new WayProblem(kind, answer.stderr.trim() || answer.stdout.toString() || said);
    }
  }

  async close(): Promise<void> {
    if (this.#way.ownsBase) await this.#base.close();
  }
}

/** `lxc-info -s` prints `State:          RUNNING`, and of what is not there nothing but an error. */
export function judgeLxcInfo({ code, stdout, stderr }: Executed): ContainerSays | undefined {
  const state = /^State:\s*([A-Z]+)/m.exec(stdout.toString('utf8'))?.[1];
  if (state === 'STOPPED' || state === 'ABORTING' || state === 'STOPPING')
    return 'container-stopped';
  if (state === 'RUNNING') return 'running';
  if (state === 'FROZEN' || state === 'FREEZING') return 'container-frozen';
  if (code !== 0 && /doesn't exist|does not exist/.test(stderr)) return 'no-such-container';
  return undefined;
}
