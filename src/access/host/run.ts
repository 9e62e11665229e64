import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type Millis, systemClock } from '../../lib/clock.ts';

export interface RunOptions {
  /** The child's whole environment; ours when absent. */
  env?: NodeJS.ProcessEnv;
  /** Written to its standard input, which is closed after it; no input when absent. */
  input?: string;
  cwd?: string;
  timeoutMs: Millis;
  /** Of standard output and standard error together. */
  maxOutputBytes: number;
  signal?: AbortSignal;
}

/** How a child process ended. Only `exited` with code 0 is success. */
export type RunResult =
  | { kind: 'exited'; code: number; stdout: string; stderr: string }
  | { kind: 'signalled'; signal: string; stdout: string; stderr: string }
  | { kind: 'timed-out'; stderr: string }
  | { kind: 'output-too-large' }
  | { kind: 'cancelled' }
  /** No such program, on the PATH or where the path points. */
  | { kind: 'not-found' }
  /** It is there and cannot be started; `code` is the system's, such as EACCES. */
  | { kind: 'not-started'; code: string };

export type Run = (argv: readonly string[], options: RunOptions) => Promise<RunResult>;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Runs one program and waits for it. Never rejects.
 * `argv` is handed over as it is: there is no shell.
 * Out of time, output or interest, the child is killed with everything that it started.
 */
export function run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const [program, ...rest] = argv;
  if (program === undefined || program === '') return Promise.resolve({ kind: 'not-found' });
  if (options.signal?.aborted === true) return Promise.resolve({ kind: 'cancelled' });
  return new Promise((resolve) => {
    let child: Child;
    try {
      child = start(program, rest, options);
    } catch (error) {
      resolve(notStarted(error));
      return;
    }
    new Running(child, options, resolve).watch();
  });
}

function start(program: string, rest: readonly string[], options: RunOptions): Child {
  return spawn(program, rest, {
    shell: false,
    // A process group of its own, so that grandchildren that hold the pipes die with it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.env !== undefined && { env: options.env }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
}

function notStarted(error: unknown): RunResult {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  return code === 'ENOENT' ? { kind: 'not-found' } : { kind: 'not-started', code };
}

class Running {
  readonly #child: Child;
  readonly #options: RunOptions;
  readonly #resolve: (result: RunResult) => void;
  readonly #output: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  readonly #onAbort = (): void => this.#kill({ kind: 'cancelled' });
  readonly #over = new AbortController();
  #sizeBytes = 0;

  constructor(child: Child, options: RunOptions, resolve: (result: RunResult) => void) {
    this.#child = child;
    this.#options = options;
    this.#resolve = resolve;
  }

  watch(): void {
    const { timeoutMs, signal, input } = this.#options;
    // A child runs by the real clock, whatever clock the rest goes by.
    systemClock.sleep(timeoutMs, this.#over.signal).then(
      () => this.#kill({ kind: 'timed-out', stderr: this.#text('stderr') }),
      () => undefined,
    );
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#collect('stdout');
    this.#collect('stderr');
    this.#child.on('error', (error) => this.#end(notStarted(error)));
    this.#child.on('close', (code, signalName) => this.#end(this.#closed(code, signalName)));
    // A child that does not read its input and ends is its own affair.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdin.end(input ?? '');
  }

  #collect(name: 'stdout' | 'stderr'): void {
    this.#child[name].on('data', (chunk: Buffer) => {
      this.#sizeBytes += chunk.length;
      if (this.#sizeBytes > this.#options.maxOutputBytes) this.#kill({ kind: 'output-too-large' });
      else this.#output[name].push(chunk);
    });
  }

  #closed(code: number | null, signal: NodeJS.Signals | null): RunResult {
    const output = { stdout: this.#text('stdout'), stderr: this.#text('stderr') };
    if (code !== null) return { kind: 'exited', code, ...output };
    return { kind: 'signalled', signal: signal ?? 'unknown', ...output };
  }

  #text(name: 'stdout' | 'stderr'): string {
    return Buffer.concat(this.#output[name]).toString('utf8');
  }

  #kill(result: RunResult): void {
    const { pid } = this.#child;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#end(result);
  }

  #end(result: RunResult): void {
    this.#over.abort();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#resolve(result);
  }
}
