/**
 * Takes the place of `node:child_process` in the command line's bundle. commander would start
 * subcommands that are programs of their own; evenkeel has none, and the module costs 3 ms a start.
 */
export const spawn = (): never => {
  throw new Error('the command line starts no programs');
};
