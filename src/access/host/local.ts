import { type Access, type Executed, type ExecuteOptions, stopped } from './access.ts';
import { WayProblem } from './failure.ts';
import type { Run, RunResult } from './run.ts';

export interface LocalOptions {
  readonly run: Run;
  readonly env: NodeJS.ProcessEnv;
  /** Become root where we are not. */
  readonly sudo: boolean;
}

/** This machine. */
export class LocalAccess implements Access {
  readonly transport = 'local';
  readonly name = 'this machine';
  readonly byHand: string;
  readonly #options: LocalOptions;
  readonly #closed = new AbortController();

  constructor(options: LocalOptions) {
    this.#options = options;
    this.byHand = options.sudo ? 'sudo -n id' : 'id';
  }

  async execute(argv: readonly string[], options: ExecuteOptions): Promise<Executed> {
    const { run, env, sudo } = this.#options;
    const { signal, timeoutMs, input, maxBytes: maxOutputBytes } = options;
    options.onPresent?.();
    options.onStart?.();
    const either = AbortSignal.any([signal, this.#closed.signal]);
    const result = await run(sudo ? ['sudo', '-n', '--', ...argv] : argv, {
      env,
      input,
      timeoutMs,
      maxOutputBytes,
      signal: either,
    });
    if (sudo && result.kind === 'not-found') {
      throw new WayProblem('no-sudo', 'there is no sudo on this machine');
    }
    if (result.kind === 'cancelled') {
      throw stopped(signal, new WayProblem('timed-out', 'the look took too long'));
    }
    return executedOf(result, argv[0] ?? '');
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }
}

/** How a child of ours ended, as a look needs it. Throws a `WayProblem` where there is no output. */
export function executedOf(result: RunResult, program: string): Executed {
  switch (result.kind) {
    case 'exited':
      return {
        code: result.code,
        stdout: Buffer.from(result.stdout),
        stderr: result.stderr,
      };
    case 'signalled':
      return { stdout: Buffer.from(result.stdout), stderr: result.stderr };
    case 'timed-out':
      throw new WayProblem('timed-out', result.stderr || 'the look took too long');
    case 'output-too-large':
      throw new WayProblem('output-too-large', '');
    case 'cancelled':
      throw new WayProblem('cancelled', '');
    case 'not-found':
      throw new WayProblem('no-program', `this machine has no ${program}`);
    case 'not-started':
      throw new WayProblem('no-program', `${program} cannot be started: ${result.code}`);
  }
}
