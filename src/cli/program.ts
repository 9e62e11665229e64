import { Command, Option } from 'commander';
import type { CommandSpec, OptionSpec, OptionValues, Terminal } from './spec.ts';

/** Builds the command line from its declarations; `ended` is told the exit code of what was run. */
export function buildProgram(
  specs: readonly CommandSpec[],
  version: string,
  terminal: Terminal,
  ended: (exitCode: number) => void,
): Command {
  const program = new Command('evenkeel')
    .description('Names the one cause behind the symptoms of a k3s cluster.')
    .version(version, '-V, --version')
    .showHelpAfterError('(add --help for what can be given)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  for (const spec of specs) add(program, spec, terminal, ended);
  return program;
}

function add(
  parent: Command,
  spec: CommandSpec,
  terminal: Terminal,
  ended: (exitCode: number) => void,
): void {
  const command = parent.command(spec.name).description(spec.summary).summary(spec.summary);
  for (const argument of spec.args ?? []) {
    const name = argument.name.startsWith('[') ? argument.name : `<${argument.name}>`;
    command.argument(name, argument.description);
  }
  for (const option of spec.options ?? []) command.addOption(optionOf(option));
  if (spec.notes) command.addHelpText('after', `\n${spec.notes}`);
  for (const child of spec.commands ?? []) add(command, child, terminal, ended);
  const { load } = spec;
  if (!load) return;
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, spec.args?.length ?? 0).filter((each) => typeof each === 'string');
    const { run } = await load();
    ended(await run(args, command.opts<OptionValues>(), terminal));
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
