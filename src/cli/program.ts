import { Command, Option } from 'commander';
import type { CommandSpec, OptionSpec, OptionValues, Terminal } from './spec.ts';

export interface ProgramOptions {
  readonly version: string;
  readonly terminal: Terminal;
  /** Told the exit code of what was run. */
  readonly ended: (exitCode: number) => void;
  /** Told, bit by bit, what is wrong with the words; they may be from anywhere, and are not safe. */
  readonly complained: (text: string) => void;
  /** What a command takes is built for these only: the help of the whole does not show it. */
  readonly isWanted: (command: string) => boolean;
}

/** Builds the command line from its declarations. */
export function buildProgram(specs: readonly CommandSpec[], options: ProgramOptions): Command {
  const { version, terminal, isWanted } = options;
  const program = new Command('evenkeel')
    .description('Names the one cause behind the symptoms of a k3s cluster.')
    .version(version, '-V, --version')
    .showHelpAfterError('(add --help for what can be given)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: options.complained,
    });
  for (const spec of specs) {
    if (isWanted(spec.name)) add(program, spec, options);
    else program.command(spec.name).summary(spec.summary).description(spec.summary);
  }
  return program;
}

function add(parent: Command, spec: CommandSpec, options: ProgramOptions): void {
  const command = parent.command(spec.name).description(spec.summary).summary(spec.summary);
  for (const argument of spec.args ?? []) {
    const name = argument.name.startsWith('[') ? argument.name : `<${argument.name}>`;
    command.argument(name, argument.description);
  }
  for (const option of spec.options ?? []) command.addOption(optionOf(option));
  if (spec.notes) command.addHelpText('after', `\n${spec.notes}`);
  for (const child of spec.commands ?? []) add(command, child, options);
  const { load } = spec;
  if (!load) return;
  command.action(async (...given: unknown[]) => {
    const args = given
      .slice(0, spec.args?.length ?? 0)
      .flat()
      .filter((each) => typeof each === 'string');
    const { run } = await load();
    options.ended(await run(args, command.opts<OptionValues>(), options.terminal));
  });
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description);
  if (spec.choices) option.choices([...spec.choices]);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.repeatable) {
    option.argParser<string[]>((value, before = []) => [
      ...before,
      ...value.split(',').filter((part) => part !== ''),
    ]);
  }
  return option;
}
