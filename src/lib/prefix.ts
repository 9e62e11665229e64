/**
 * Whether the first IPv4 prefix or address in a rule covers another: `10.0.0.0/8` covers
 * `10.42.0.0/16` and `10.1.2.3`. What is no IPv4 covers nothing.
 */
export function prefixCovers(rule: string, other: string): boolean {
  const outer = prefixIn(rule);
  const inner = prefixIn(other);
  if (!outer || !inner || outer.length > inner.length) return false;
  const shift = 2 ** (32 - outer.length);
  return Math.floor(outer.address / shift) === Math.floor(inner.address / shift);
}

interface Prefix {
  /** As one number. */
  readonly address: number;
  readonly length: number;
}

function prefixIn(text: string): Prefix | undefined {
  const found = /(?<![\d.])(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?(?![\d.])/.exec(text);
  if (!found) return undefined;
  const octets = found.slice(1, 5).map(Number);
  const length = Number(found[5] ?? 32);
  if (octets.some((each) => each > 255) || length > 32) return undefined;
  return { address: octets.reduce((sum, each) => sum * 256 + each, 0), length };
}
