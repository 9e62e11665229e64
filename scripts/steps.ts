import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** One tool that looks over the whole tree. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What a person runs when it fails. */
  readonly repair: string;
}

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');

/** Runs every step, each with one line of its own, and tells how many failed. */
export function runSteps(steps: readonly Step[]): number {
  const env = { ...process.env, PATH: [bin, process.env['PATH']].join(delimiter) };
  const width = Math.max(...steps.map(({ name }) => name.length));
  let failed = 0;
  for (const { name, command, repair } of steps) {
    const startedAt = performance.now();
    const [program, ...args] = command;
    const run = spawnSync(program, args, { cwd: root, env, encoding: 'utf8' });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
    const line = `${name.padEnd(width)} ${seconds} s`;
    if (run.status === 0) {
      console.log(`ok    ${line}`);
      continue;
    }
    failed += 1;
    console.log(`FAIL  ${line}   repair: ${repair}`);
    const said = run.error?.message ?? `${run.stdout}${run.stderr}`;
    console.log(said.trim().replaceAll(/^(?=.)/gm, '      '));
  }
  return failed;
}
