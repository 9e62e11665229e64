import type { Clock } from '../lib/clock.ts';

/** What a command may touch of the process that runs it. */
export interface Terminal {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly clock: Clock;
  /** Aborts on Ctrl-C. */
  readonly interrupted: AbortSignal;
}

export type OptionValue = string | boolean | readonly string[] | undefined;
export type OptionValues = { readonly [name: string]: OptionValue };

export interface OptionSpec {
  /** As a person writes it: `--context <name>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** May be given several times, or as a list with commas. */
  readonly repeatable?: boolean;
  /** Completed with the ids of all checks. */
  readonly completesChecks?: boolean;
}

export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** Completed with the names in the section `hosts` of evenkeel.yaml. */
  readonly completesHosts?: boolean;
}

/** Returns the exit code. */
export type Run = (
  args: readonly string[],
  options: OptionValues,
  terminal: Terminal,
) => Promise<number>;

/** A command: what it is called and takes, and where its code is. The code is loaded when it runs. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** Shown below the help: examples, exit codes. */
  readonly notes?: string;
  readonly args?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly commands?: readonly CommandSpec[];
  readonly load?: () => Promise<{ readonly run: Run }>;
}

/** Documented in the help of every command that has more than one. */
export const exitCodes = {
  ok: 0,
  findings: 1,
  usage: 2,
  notObserved: 3,
  interrupted: 130,
} as const;

/** A mistake that a person can mend: what, and what to do next. Ends the command with `exitCode`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly next: string;
  readonly exitCode: number;

  constructor(message: string, next: string, exitCode: number = exitCodes.usage) {
    super(message);
    this.next = next;
    this.exitCode = exitCode;
  }
}
