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

/** Options of k3s whose value is, or holds, a secret. */
const secrets =
  /(^|\s)(-t|--(?:[\w-]*token[\w-]*|datastore-endpoint|etcd-s3-(?:access-key|secret-key|session-token)|vpn-auth|[\w-]*pass(?:word|phrase)?))(=|\s+)("[^"]*"|'[^']*'|\S+)/g;

/** A command line without what it tells of secrets. */
export function withoutSecrets(line: string): string {
  return withoutTokens(line.replace(secrets, '$1$2$3[redacted]'));
}

/** k3s's own tokens, as a whole: `K10<hash>::server:<password>`, and the shorter ones of kubeadm's form. */
const tokens = /\bK10[0-9A-Za-z]+(?:::\S*)?|\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g;

/** For whatever k3s wrote. The rest is for `redact`. */
export function withoutTokens(text: string): string {
  return text.replace(tokens, '[redacted]');
}
