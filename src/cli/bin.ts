import { systemClock } from '../lib/clock.ts';
import { main } from './main.ts';
import { tooOld } from './node-version.ts';

const problem = tooOld(process.versions.node);
if (problem !== undefined) {
  process.stderr.write(problem);
  process.exit(2);
}

let interrupt: AbortController | undefined;

/** Made when first asked for: `--help` starts without it. */
function interruption(): AbortController {
  interrupt ??= new AbortController();
  return interrupt;
}

// Once: the second Ctrl-C ends the process without waiting for anything.
process.once('SIGINT', () => interruption().abort(new Error('interrupted')));

// A reader that has seen enough (`| head`) is no error, and changes no exit code.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return;
  const why = code === 'ENOSPC' ? 'the disk is full' : code;
  process.stderr.write(`error: the output could not be written: ${why}\n  next: df -h\n`);
  process.exit(2);
});
process.stderr.on('error', () => undefined);

void main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  get interrupted() {
    return interruption().signal;
  },
}).then((exitCode) => {
  process.exitCode = exitCode;
});
