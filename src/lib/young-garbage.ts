import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'minor' }) => void;

let collect: Collect | undefined;

/**
 * Lets go of what has just become garbage: about a millisecond.
 * V8 counts objects and hardly the buffers behind them, so pages of a long list, one megabyte each,
 * would stand in memory by the dozen until the next full collection.
 */
export function collectYoungGarbage(): void {
  collect ??= exposed();
  collect({ type: 'minor' });
}

/** Node hands out its collector only to those who ask by flag; a context made after that has it. */
function exposed(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
