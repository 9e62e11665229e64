/**
 * Words of a command line as a shell or systemd would see them: quotes hold words together. Enough to
 * read options; nothing is expanded.
 */
export function wordsOf(line: string): string[] {
  const found = line.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
  return found.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g, (_, double, single, escaped) =>
      String(double ?? single ?? escaped),
    ),
  );
}

/**
 * All values that options give, in order, whether as `--name=value` or as `--name value`.
 * `names` are without dashes; of one letter they have one dash.
 */
export function optionValues(argv: readonly string[], ...names: readonly string[]): string[] {
  const spelt = names.map((name) => (name.length === 1 ? `-${name}` : `--${name}`));
  return argv.flatMap((word, at) => {
    for (const name of spelt) {
      const next = argv[at + 1];
      if (word === name) return next === undefined || next.startsWith('-') ? [] : [next];
      if (word.startsWith(`${name}=`)) return [word.slice(name.length + 1)];
    }
    return [];
  });
}
