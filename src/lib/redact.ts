/**
 * Takes what looks like a secret out of text that a program wrote: logs and event messages.
 * It would rather take too much: a word lost is a nuisance, a password in a bundle is a leak.
 * Programs write lines of any length: no pattern may look further ahead from each of its characters.
 */
export function redact(text: string): string {
  return patterns
    .reduce(
      (kept, [pattern, replacement]) => kept.replace(pattern, replacement),
      withoutTokens(text),
    )
    .replace(longRuns, withoutKeys);
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

/** Where a key lies is no secret: `--kubelet-client-key=/var/lib/rancher/k3s/server/tls/…`. */
const noFile = String.raw`(?!["']?\/(?:data|etc|home|mnt|opt|root|run|srv|tmp|usr|var)\/)`;

/** `open /etc/rancher/node/password: no such file or directory`: a path, and what became of it. */
const noError = String.raw`(?!(?:no such file|not a directory|is a directory|permission denied|operation not permitted|file exists|read-only file system|no space left|input\/output error)\b)`;

const patterns: readonly (readonly [RegExp, string])[] = [
  // One that was cut has no end.
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, gone],
  // scheme://user:password@host, whatever is in the password: up to the last @
  [/((?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/[^\s/:@]{0,500}):[^\s"'<>]{1,1000}@/gi, `$1:${gone}@`],
  // Authorization headers and their like
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${gone}`],
  // --secret-key …, k3s server --datastore-endpoint … --vpn-auth …
  [
    new RegExp(
      String.raw`((?<!-)--(?:[\w-]{0,60}(?:pass|secret|token|key|credential)[\w-]{0,60}|datastore-endpoint|vpn-auth)[ =])\s*(?=\S)${noFile}("[^"]*"|'[^']*'|\S+)`,
      'gi',
    ),
    `$1${gone}`,
  ],
  // k3s agent -t …: of other programs, as of mount and iptables, -t is no secret
  [/(?<=\bk3s\s+(?:server|agent)\b.{0,2000})(\s-t[ =])\s*("[^"]*"|'[^']*'|\S+)/g, `$1${gone}`],
  // K3S_TOKEN=…: a password may hold what ends other values
  [/\b(K3S_\w*(?:TOKEN|AUTH|ENDPOINT)\s*=\s*)("[^"]*"|'[^']*'|\S+)/g, `$1${gone}`],
  // password=…, "token": "…", and within a string \"token\":\"…\"
  [
    new RegExp(
      String.raw`((?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)(?:\\?["'])?\s*[:=]\s*)(?=\S)${noError}(\\"(?:(?!\\").)*\\"|"[^"]*"|'[^']*'|[^\s,;"'}]+)`,
      'gi',
    ),
    `$1${gone}`,
  ],
];

/** Long enough to be a key, a token or a hash; also what a path or a long name looks like. */
const longRuns = /(?<![\w+/=-])(?=[\w+/=-]*[a-z])[\w+/=-]{32,}/gi;

/** Kubernetes puts these into paths and names itself: what they name is what one must find. */
const uids =
  /(?<=pods?[/_]?|pvc-|pods\/[\w.-]+_[\w.-]+_)[\da-f]{8}(?:[-_][\da-f]{4}){3}[-_][\da-f]{12}/g;

/** Longer than what a Pod's name has at its end (`-774c6665dc-5c5pm`), shorter than any key. */
const keyLength = 16;

/** By its first names, which a key has by a rare chance only. A dot or a colon before them ends a run. */
const isPath = /^(?:[a-z]{2,}|\d{2,5})?\/[a-z]{2,}\//;

/** The run without what no person would write. Of a path only such names go, of anything else all. */
function withoutKeys(run: string): string {
  return run
    .split(/(?<==)(?=\/)/)
    .map((part) => {
      const names = isPath.test(part) ? part.split(/(?<!\/pods)\//) : [part];
      const odd = names.map(oddLength);
      if (odd.reduce((sum, length) => sum + length, 0) < keyLength) return part;
      // A slash may be the key's own: what is no plain name beside it may be a piece of it.
      return names.map((name, at) => (odd[at] || /[A-Z+=]/.test(name) ? gone : name)).join('/');
    })
    .join('');
}

/** How much of it is neither a word nor too short to matter. */
function oddLength(name: string): number {
  const pieces = name.replace(uids, '').split(/[/_+=-]/);
  return pieces
    .filter((piece) => piece.length > 3 && !words.some((word) => word.test(piece)))
    .reduce((sum, { length }) => sum + length, 0);
}

/** `provisioner`, `ConfigMap`, `KubeAPIServer`, `NodeIPs`, `STDOUT`; `containerd2`; `6443`. */
const words = [
  /^[a-z]*(?:[A-Z][a-z]{2,}|[A-Z]{2,}[a-z]{3,})*(?:[A-Z]+s?)?$/,
  /^[a-z]{3,12}\d{1,3}$/,
  /^\d{4}$/,
];
