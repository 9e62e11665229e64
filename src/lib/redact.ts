/**
 * Takes what looks like a secret out of text that a program wrote: logs and event messages.
 * It would rather take too much: a word lost is a nuisance, a password in a bundle is a leak.
 */
export function redact(text: string): string {
  return patterns.reduce(
    (kept, [pattern, replacement]) => kept.replace(pattern, replacement),
    text,
  );
}

const gone = '[redacted]';

const patterns: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host
  [/([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi, `$1:${gone}@`],
  // Authorization headers and their like
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${gone}`],
  // --secret-key …
  [/(--[\w-]*(?:pass|secret|token|key|credential)[\w-]*[ =])\s*\S+/gi, `$1${gone}`],
  // password=…, "token": "…"
  [
    /((?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;"'}]+)/gi,
    `$1${gone}`,
  ],
  // long runs that no person would write: keys, tokens, hashes
  [/\b(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])[\w+/=-]{32,}/gi, gone],
];
