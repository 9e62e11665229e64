/** `break` and `mend`. */
import { faultNamed } from '../faults/registry.ts';
import { runningNodes } from './running.ts';

const context = { print: (line: string): void => console.log(line) };

export async function runBreak(name: string): Promise<void> {
  const fault = faultNamed(name);
  await fault.break(runningNodes(), context);
  console.log(`Done: ${fault.title}.`);
  console.log(`Undo it: npm run bed -- mend ${name}`);
}

export async function runMend(name: string): Promise<void> {
  const fault = faultNamed(name);
  const startedAt = performance.now();
  await fault.mend(runningNodes(), context);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`Every node is Ready and has no taint, ${seconds} s after the mending began.`);
}
