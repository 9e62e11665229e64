import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { Clock, Millis } from '../../lib/clock.ts';
import { type Access, type Executed, type ExecuteOptions, stopped, within } from './access.ts';
import { WayProblem } from './failure.ts';
import type { Limiter } from './limiter.ts';
import { elevate } from './look-script.ts';
import type { Places } from './places.ts';
import { quoteAll } from './quote.ts';
import { answerOf } from './ssh-channel.ts';
import { connected, type Login, loggedIn, resolved } from './ssh-login.ts';

export interface SshOptions extends Login {
  readonly name: string;
  readonly byHand: string;
  readonly clock: Clock;
  /** Become root where we are not. */
  readonly sudo: boolean;
  /** The host whose connection ours is made through. */
  readonly jump?: SshAccess;
  /** For connecting and logging in. */
  readonly connectTimeoutMs: Millis;
  /** sshd drops connections at random when too many have not yet said who they are (MaxStartups). */
  readonly logins: Places;
  readonly looks: Places;
}

/** A host over ssh: one connection for whatever is asked of it, and of the containers on it. */
export class SshAccess implements Access {
  readonly transport = 'ssh';
  readonly name: string;
  readonly byHand: string;
  readonly #options: SshOptions;
  readonly #looks: Limiter;
  readonly #closed = new AbortController();
  #client: Promise<Client> | undefined;
  #loggedInAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(options: SshOptions) {
    this.#options = options;
    this.#looks = options.looks.at(`${options.address} ${options.port}`);
    this.name = options.name;
    this.byHand = options.byHand;
  }

  async execute(argv: readonly string[], options: ExecuteOptions): Promise<Executed> {
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    const endsAt = startedAt + options.timeoutMs;
    const client = await this.#reach(options.signal, options.timeoutMs);
    // One that was there before may have gone since.
    if (this.#loggedInAt >= startedAt) options.onPresent?.();
    const leftMs = endsAt - clock.monotonic();
    const late = (): WayProblem => new WayProblem('timed-out', 'the look is not answered');
    const over = new AbortController();
    const signal = AbortSignal.any([options.signal, over.signal]);
    try {
      return await within(this.#ask(client, argv, { ...options, signal }), {
        clock,
        signal: options.signal,
        timeoutMs: leftMs,
        late,
      });
    } finally {
      over.abort();
    }
  }

  async #ask(client: Client, argv: readonly string[], options: ExecuteOptions): Promise<Executed> {
    const command = this.#options.sudo ? ['sh', '-c', elevate, 'sh', ...argv] : argv;
    const leave = await this.#looks.enter(options.signal);
    try {
      return await answerOf(client, quoteAll(command), options);
    } finally {
      leave();
    }
  }

  /** A way through this host to another, for a connection of its own. */
  async forward(address: string, port: number, timeoutMs: Millis): Promise<Duplex> {
    const client = await this.#reach(this.#closed.signal, timeoutMs).catch((error: unknown) => {
      throw this.#notThrough(error);
    });
    return new Promise((resolve, reject) => {
      client.forwardOut('127.0.0.1', 0, address, port, (error, channel: ClientChannel) => {
        if (error) reject(forwardProblem(error));
        else resolve(channel);
      });
    });
  }

  #notThrough(error: unknown): unknown {
    if (!(error instanceof WayProblem) || error.kind === 'cancelled') return error;
    const detail = `${this.name}: ${error.kind}: ${error.message}`;
    return new WayProblem('through', detail, { stage: 'reach', next: error.next, cause: error });
  }

  #reach(signal: AbortSignal, timeoutMs: Millis): Promise<Client> {
    this.#client ??= this.#connect();
    const late = (): WayProblem =>
      new WayProblem('timed-out', 'the login is not answered', { stage: 'reach' });
    return within(this.#client, { clock: this.#options.clock, signal, timeoutMs, late });
  }

  /** Shared by all who wait for it; forgotten when it fails or ends, so that the next one tries anew. */
  #connect(): Promise<Client> {
    const client = this.#login();
    const forget = (): void => {
      if (this.#client === client) this.#client = undefined;
    };
    client.then((each) => each.once('close', forget), forget);
    return client;
  }

  async #login(): Promise<Client> {
    const { address, port, jump, logins, clock, connectTimeoutMs } = this.#options;
    const closed = this.#closed.signal;
    const place = jump ? `${address} through ${jump.name}` : await resolved(address);
    const leave = await logins
      .at(`${place} ${port}`)
      .enter(closed)
      .catch(() => {
        throw new WayProblem('cancelled', '', { stage: 'reach' });
      });
    const over = new AbortController();
    const signal = AbortSignal.any([closed, over.signal]);
    const late = (): WayProblem =>
      new WayProblem('timed-out', 'no connection within the deadline', { stage: 'reach' });
    try {
      const work = this.#open(jump ? address : place, signal);
      return await within(work, { clock, signal: closed, timeoutMs: connectTimeoutMs, late });
    } catch (error) {
      throw closed.aborted ? stopped(closed, late()) : error;
    } finally {
      over.abort();
      leave();
    }
  }

  async #open(address: string, signal: AbortSignal): Promise<Client> {
    const { port, jump, connectTimeoutMs } = this.#options;
    const socket = jump
      ? await jump.forward(address, port, connectTimeoutMs)
      : await connected(address, port, signal);
    const client = await loggedIn(this.#options, socket, signal);
    this.#loggedInAt = this.#options.clock.monotonic();
    return client;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const client = await this.#client?.catch(() => undefined);
    client?.destroy();
  }
}

/** The jump host is there and tells why it could not connect; RFC 4254, 5.1. */
function forwardProblem(error: Error): WayProblem {
  const isRefusal = /refused/i.test(error.message);
  return new WayProblem(isRefusal ? 'refused' : 'unreachable', error.message, {
    stage: 'reach',
    cause: error,
  });
}
