/**
 * Holds every import against the import table, and the table against its canary: a small tree in
 * which each rule is broken once. A rule that does not fire there guards nothing here.
 */
import { existsSync } from 'node:fs';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { cruiseOptions, importRules } from './import-rules.ts';

const root = new URL('..', import.meta.url).pathname;
const canary = `${root}test/canary`;

async function cruised(baseDir: string): Promise<ICruiseResult> {
  const folders = ['src', 'scripts', 'test', 'bench'].filter((name) =>
    existsSync(`${baseDir}/${name}`),
  );
  const ruleSet = { forbidden: [...importRules] };
  const options = { ...cruiseOptions, baseDir, validate: true, ruleSet };
  const { output } = await cruise(folders, options);
  if (typeof output === 'string') throw new TypeError('expected a result, not a text');
  return output;
}

function offences(result: ICruiseResult): string[] {
  const comments = new Map(importRules.map(({ name, comment }) => [name, comment ?? '']));
  return result.summary.violations.map(({ from, to, rule, cycle }) => {
    const path = cycle ? [from, ...cycle.map((each) => each.name)].join(' → ') : `${from} → ${to}`;
    return `${path}\n  ${rule.name}: ${comments.get(rule.name)}`;
  });
}

/** What is wrong with the guard itself. */
function guardFaults(ours: ICruiseResult, theirs: ICruiseResult): string[] {
  const fired = new Set(theirs.summary.violations.map(({ rule }) => rule.name));
  const faults = importRules
    .filter(({ name }) => !fired.has(name ?? ''))
    .map(({ name }) => `The rule ${name} does not fire on test/canary, so it guards nothing.`);
  const seen = ours.modules.filter(({ source }) => source.startsWith('src/')).length;
  if (seen === 0) faults.push('No modules were cruised: is @swc/core installed? Run npm ci.');
  return faults;
}

// One after the other: the cruiser keeps its state in its modules.
const ours = await cruised(root);
const theirs = await cruised(canary);
const said = [...guardFaults(ours, theirs), ...offences(ours)];
for (const line of said) console.error(line);
if (said.length > 0) process.exitCode = 1;
else console.log(`${ours.modules.length} modules, ${importRules.length} rules`);
