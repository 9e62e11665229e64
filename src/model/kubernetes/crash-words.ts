/** What programs write of the failure that ends them. More telling kinds first. */
const words: readonly (readonly [string, RegExp])[] = [
  ['dns', /no such host|name resolution|could ?n[o']t resolve|lookup \S+ on \S+:53/i],
  ['dns', /getaddrinfo|NXDOMAIN|ENOTFOUND|EAI_AGAIN/],
  ['network-unreachable', /network is unreachable|no route to host|E(NET|HOST)UNREACH/i],
  ['timeout', /deadline ?exceeded|i\/o timeout|connection timed out|ETIMEDOUT/i],
  ['refused', /connection refused|ECONNREFUSED/i],
  ['config', /no such file or directory|ENOENT|executable file not found/i],
  ['config', /invalid config|failed to (load|parse|read) .*config|cookie_secret/i],
  ['config', /(unknown|unrecognized|invalid) (flag|option)|flag provided but not defined/i],
  ['config', /(missing|required) (required )?(environment|env|config|secret|setting)/i],
  [
    'config',
    /(environment variable|env var|secret|config(map| file)?|setting)s?\b.* (not (set|found)|missing|required|undefined)/i,
  ],
];

/** The last line that says something decides: what came before it, the program survived. */
export function kindOfFailure(lines: readonly string[]): string {
  for (const line of lines.toReversed()) {
    const found = words.find(([, pattern]) => pattern.test(line));
    if (found) return found[0];
  }
  return 'error';
}
