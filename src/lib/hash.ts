/**
 * FNV-1a over UTF-16 code units, 52 bits, as eleven base-36 digits at most.
 * Short and stable names for findings and incidents; not for anything that must resist an attacker.
 */
export function shortHash(text: string, length = 8): string {
  let high = 0x811c9dc5;
  let low = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193) >>> 0;
    low = Math.imul(low ^ (unit + i), 0x85ebca6b) >>> 0;
  }
  const mixed = (high * 0x100000 + (low >>> 12)).toString(36);
  return mixed.padStart(length, '0').slice(-length);
}
