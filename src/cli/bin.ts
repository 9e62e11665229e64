import { systemClock } from '../lib/clock.ts';
import { main } from './main.ts';

const interrupt = new AbortController();

// Once: the second Ctrl-C ends the process without waiting for anything.
process.once('SIGINT', () => interrupt.abort(new Error('interrupted')));

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  interrupted: interrupt.signal,
});
