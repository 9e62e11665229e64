import { CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { commands } from './commands/registry.ts';
import { buildProgram } from './program.ts';
import { exitCodes, type Terminal } from './spec.ts';

/** Runs one command line; resolves with the exit code and never rejects. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.ok;
  try {
    const program = buildProgram(commands, packageJson.version, terminal, (code) => {
      exitCode = code;
    });
    if (completes(argv)) (await import('./completion.ts')).addCompletion(program, commands);
    if (argv.length === 0) {
      program.outputHelp();
      return exitCodes.usage;
    }
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return await failed(error, terminal);
  }
}

function completes([first]: readonly string[]): boolean {
  return first === 'completion' || first === 'complete';
}

async function failed(error: unknown, { stderr, interrupted }: Terminal): Promise<number> {
  // commander has already said what was wrong with the words it was given.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const { explainFailure } = await import('./failure.ts');
  const { text, exitCode } = explainFailure(error, interrupted.aborted);
  stderr.write(text);
  return exitCode;
}
