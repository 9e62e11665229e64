import { join } from 'node:path';
import { checks as allChecks } from '../checks/registry.gen.ts';
import type { Config } from '../config/config.ts';
import { parseConfig, unknownCheck } from '../config/load.ts';
import type { Check } from '../model/check.ts';
import type { FacetName } from '../model/facets.ts';
import { readIfThere, readInput } from './read.ts';
import { type OptionValues, Problem, type Terminal } from './spec.ts';

export const usualFile = 'evenkeel.yaml';

/** The file that a command must name, since it would not look there by itself. */
export function unusual(file: string | undefined): string | undefined {
  return file === usualFile ? undefined : file;
}

/**
 * The configuration that was named, or the file of `--hosts`, whose other sections count as well, or
 * the one that lies here, or none.
 */
export async function loadConfig(options: OptionValues, terminal: Terminal): Promise<Config> {
  const named = options['config'] ?? options['hosts'];
  if (typeof named === 'string') return await loadFile(named);
  const bytes = await readIfThere(join(terminal.cwd, usualFile), 'configuration');
  return configOf(bytes?.toString('utf8') ?? '', usualFile);
}

/** That very file, which must be there. */
export async function loadFile(file: string): Promise<Config> {
  return configOf((await readInput(file, 'configuration')).toString('utf8'), file);
}

/** What such a text says; throws with every mistake that is in it. */
export function configOf(text: string, file: string): Config {
  const loaded = parseConfig(text, file, allChecks);
  if ('config' in loaded) return loaded.config;
  const lines = loaded.mistakes.map((m) => `  ${m.file}:${m.line}:${m.column}: ${m.message}`);
  const count = lines.length === 1 ? 'one mistake' : `${lines.length} mistakes`;
  throw new Problem(
    `${file} has ${count}:\n${lines.join('\n')}`,
    'every key and what it may be: docs/reference/configuration.md',
  );
}

/** The checks that the options and the configuration leave. */
export function selectChecks(options: OptionValues, config: Config): readonly Check[] {
  const wanted = listOf(options['check']);
  const skipped = [...listOf(options['skip']), ...(config.checks?.skip ?? [])];
  const known = [...allChecks.map((check) => check.id), ...new Set(allChecks.map((c) => c.layer))];
  for (const name of [...wanted, ...skipped]) {
    if (known.includes(name as never)) continue;
    throw new Problem(unknownCheck(name, known), 'list them with: evenkeel checks');
  }
  const names = (check: Check, list: readonly string[]): boolean =>
    list.includes(check.id) || list.includes(check.layer);
  const selected = allChecks.filter(
    (check) => (wanted.length === 0 || names(check, wanted)) && !names(check, skipped),
  );
  if (selected.length > 0) return selected;
  throw new Problem('no check is left to run', 'give fewer --skip, or other --check');
}

/** What must be collected for these checks; undefined for everything, when all of them run. */
export function facetsFor(checks: readonly Check[]): ReadonlySet<FacetName> | undefined {
  if (checks.length === allChecks.length) return undefined;
  return new Set(checks.flatMap((check) => [...check.reads, ...check.wants]));
}

function listOf(value: OptionValues[string]): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
