/** What no shell reads as anything but itself. */
const plain = /^[\w@%+:,./-]+$/;

/**
 * One argument, such that any POSIX shell reads back exactly this text; proven against real shells
 * in quote.test.ts. The only place where a command becomes a line of a shell: ssh has nothing else.
 * A NUL cannot be in an argument at all.
 */
export function quote(argument: string): string {
  if (argument.includes('\0')) throw new Error('an argument holds a NUL');
  // A line that starts with a word such as `-n` is read as it is; quoting would not change that.
  return plain.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** A whole command as one line of a shell. */
export function quoteAll(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}
