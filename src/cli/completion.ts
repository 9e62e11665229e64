import { readFileSync } from 'node:fs';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { checks } from '../checks/registry.gen.ts';
import { parseConfig } from '../config/load.ts';
import { usualFile } from './selection.ts';
import type { CommandSpec } from './spec.ts';

/** Adds `completion bash|zsh|fish`, and what the shells then ask. */
export function addCompletion(program: Command, specs: readonly CommandSpec[]): void {
  const words = { checks: checks.map((check) => check.id), hosts: hostNames() };
  for (const spec of specs) addWords(program, spec, words);
  tab(program, { completionCommandName: 'completion' });
}

interface Words {
  readonly checks: readonly string[];
  readonly hosts: readonly string[];
}

/** Only to complete: what is given is judged by the command, with a better message. */
function addWords(parent: Command, spec: CommandSpec, words: Words): void {
  const command = parent.commands.find((each) => each.name() === spec.name);
  if (!command) return;
  for (const option of spec.options ?? []) {
    const known = command.options.find((each) => each.flags === option.flags);
    if (known && option.completesChecks) known.argChoices = [...words.checks];
  }
  for (const [at, argument] of (spec.args ?? []).entries()) {
    const known = command.registeredArguments[at];
    if (known && argument.completesHosts) known.argChoices = [...words.hosts];
  }
  for (const child of spec.commands ?? []) addWords(command, child, words);
}

/** Of the configuration that lies here; a shell that completes must not be told of mistakes in it. */
function hostNames(): readonly string[] {
  try {
    const loaded = parseConfig(readFileSync(usualFile, 'utf8'), usualFile, checks);
    return 'config' in loaded ? Object.keys(loaded.config.hosts ?? {}) : [];
  } catch {
    return [];
  }
}
