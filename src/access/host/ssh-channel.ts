import type { Client, ClientChannel } from 'ssh2';
import type { Executed, ExecuteOptions } from './access.ts';
import { WayProblem } from './failure.ts';

/** Runs a command over a connection. The signal closes the channel and leaves the connection. */
export function answerOf(
  client: Client,
  command: string,
  options: ExecuteOptions,
): Promise<Executed> {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    // The library says nothing to whoever waits for a channel when the connection ends.
    const onClose = (): void => fail(new WayProblem('cut', 'the connection ended'));
    const onAbort = (): void => fail(new WayProblem('cancelled', ''));
    const settled = (): void => {
      client.removeListener('close', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (problem: WayProblem): void => {
      settled();
      reject(problem);
    };
    client.once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    const start = (error: Error | undefined, channel: ClientChannel): void => {
      if (error) {
        fail(new WayProblem('cut', error.message, { cause: error }));
        return;
      }
      if (signal.aborted) channel.close();
      else new Answer(channel, options, (end) => (settled(), end(resolve, reject))).read();
    };
    try {
      options.onStart?.();
      client.exec(command, start);
    } catch (error) {
      // It throws when the connection has ended a moment ago.
      fail(new WayProblem('cut', 'the connection had ended', { cause: error }));
    }
  });
}

type End = (resolve: (executed: Executed) => void, reject: (problem: WayProblem) => void) => void;

class Answer {
  readonly #channel: ClientChannel;
  readonly #options: ExecuteOptions;
  readonly #end: (end: End) => void;
  readonly #output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  #sizeBytes = 0;
  #code: number | undefined;

  constructor(channel: ClientChannel, options: ExecuteOptions, end: (end: End) => void) {
    this.#channel = channel;
    this.#options = options;
    this.#end = end;
  }

  read(): void {
    const channel = this.#channel;
    this.#options.signal.addEventListener('abort', () => channel.close(), { once: true });
    channel.on('data', (chunk: Buffer) => {
      this.#options.onOutput?.(chunk);
      this.#take('stdout', chunk);
    });
    channel.stderr.on('data', (chunk: Buffer) => this.#take('stderr', chunk));
    channel.on('exit', (code: number | null) => {
      this.#code = code ?? undefined;
    });
    channel.on('error', () => undefined);
    channel.on('close', () => this.#end((resolve) => resolve(this.#executed())));
    channel.end(this.#options.input);
  }

  #take(name: 'stdout' | 'stderr', chunk: Buffer): void {
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes <= this.#options.maxBytes) {
      this.#output[name].push(chunk);
      return;
    }
    // Unread, so the other side stops when its window is full; closed, so its program ends.
    this.#channel.removeAllListeners('data');
    this.#channel.pause();
    this.#channel.close();
    this.#end((_, reject) => reject(new WayProblem('output-too-large', '')));
  }

  #executed(): Executed {
    const stdout = Buffer.concat(this.#output.stdout);
    const stderr = Buffer.concat(this.#output.stderr).toString('utf8');
    return { ...(this.#code === undefined ? {} : { code: this.#code }), stdout, stderr };
  }
}
