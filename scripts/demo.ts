/** `npm run demo`: the audit of a recorded incident. Its findings are expected, so they are no error. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const program = 'dist/evenkeel.cjs';
const bundle = 'demo/incident.evenkeel.gz';
/** What `audit` answers when it found something at or above `--fail-on`. */
const foundSomething = 1;

if (!existsSync(join(root, program))) {
  console.error(`There is no ${program}. Run: npm run build`);
  process.exitCode = 1;
} else {
  const args = [program, 'audit', '--bundle', bundle, ...process.argv.slice(2)];
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  process.exitCode = status === foundSomething ? 0 : (status ?? foundSomething);
}
