import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { checks } from '../checks/registry.gen.ts';
import type { CommandSpec } from './spec.ts';

/** Adds `completion bash|zsh|fish`, and what the shells then ask. */
export function addCompletion(program: Command, specs: readonly CommandSpec[]): void {
  const ids = checks.map((check) => check.id);
  for (const spec of specs) {
    const command = program.commands.find((each) => each.name() === spec.name);
    for (const option of spec.options ?? []) {
      if (!option.completesChecks) continue;
      const known = command?.options.find((each) => each.flags === option.flags);
      // Only to complete: what is given is judged by the command, with a better message.
      if (known) known.argChoices = ids;
    }
  }
  tab(program, { completionCommandName: 'completion' });
}
