import { CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { commands } from './commands/registry.ts';
import { buildProgram } from './program.ts';
import { type CommandSpec, exitCodes, type Terminal } from './spec.ts';

/** Runs one command line; resolves with the exit code and never rejects. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.ok;
  let complaint = '';
  try {
    const isCompleting = completes(argv);
    // The library adds its own command when it is asked for; until then it is only listed.
    const program = buildProgram(isCompleting ? commands : [...commands, completion], {
      version: packageJson.version,
      terminal,
      ended: (code) => {
        exitCode = code;
      },
      complained: (text) => {
        complaint += text;
      },
      isWanted: (command) => isCompleting || argv.includes(command),
    });
    if (isCompleting) (await import('./completion.ts')).addCompletion(program, commands);
    if (argv.length === 0) {
      program.outputHelp();
      return exitCodes.usage;
    }
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return await failed(error, complaint, terminal);
  }
}

const completion: CommandSpec = {
  name: 'completion',
  summary: 'print a completion script for bash, zsh or fish',
};

function completes([first]: readonly string[]): boolean {
  return first === 'completion' || first === 'complete';
}

async function failed(
  error: unknown,
  complaint: string,
  { stderr, interrupted }: Terminal,
): Promise<number> {
  // Help and version are no failure, and need nothing of what explains one.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
  const { explainFailure, safeLines } = await import('./failure.ts');
  if (error instanceof CommanderError) {
    stderr.write(safeLines(complaint));
    return exitCodes.usage;
  }
  const { text, exitCode } = explainFailure(error, interrupted.aborted);
  stderr.write(text);
  return exitCode;
}
