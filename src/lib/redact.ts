/**
 * Takes what looks like a secret out of text that a program wrote: logs and event messages.
 * It would rather take too much: a word lost is a nuisance, a password in a bundle is a leak.
 */
export function redact(text: string): string {
  return patterns.reduce(
    (kept, [pattern, replacement]) => kept.replace(pattern, replacement),
    withoutTokens(text),
  );
}

/**
 * Only tokens that nodes join a cluster with, for text that must keep its long words: k3s's own, with
 * the password at its end (`K10<hash>::<user>:<password>`), and the short ones of kubeadm's form.
 */
export function withoutTokens(text: string): string {
  return text.replace(tokens, gone);
}

const gone = '[redacted]';

const tokens = /\bK10[0-9A-Za-z]+::\S+|\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g;

const patterns: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host
  [/([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi, `$1:${gone}@`],
  // Authorization headers and their like
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${gone}`],
  // --secret-key …, k3s server --datastore-endpoint … --vpn-auth …
  [
    /(--(?:[\w-]*(?:pass|secret|token|key|credential)[\w-]*|datastore-endpoint|vpn-auth)[ =])\s*("[^"]*"|'[^']*'|\S+)/gi,
    `$1${gone}`,
  ],
  // k3s agent -t …: of other programs, as of mount and iptables, -t is no secret
  [/(?<=\bk3s\s+(?:server|agent)\b.{0,2000})(\s-t[ =])\s*("[^"]*"|'[^']*'|\S+)/g, `$1${gone}`],
  // K3S_TOKEN=…: a password may hold what ends other values
  [/\b(K3S_\w*(?:TOKEN|AUTH|ENDPOINT)\s*=\s*)("[^"]*"|'[^']*'|\S+)/g, `$1${gone}`],
  // password=…, "token": "…"
  [
    /((?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;"'}]+)/gi,
    `$1${gone}`,
  ],
  // long runs that no person would write: keys, tokens, hashes
  [/\b(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])[\w+/=-]{32,}/gi, gone],
];
