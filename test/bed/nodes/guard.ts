/**
 * The guard of a bed: it waits for the end of its standard input, which the owner holds, and then
 * sweeps. The pipe ends when the owner closes it and also when the owner dies, however it dies.
 */
import { readRecord } from './record.ts';
import { sweep } from './sweep.ts';

for await (const _ of process.stdin) {
  // Nothing is ever written.
}
const record = readRecord();
if (record !== undefined) {
  await sweep(record).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
