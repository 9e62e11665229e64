// C0 and C1 controls would move the cursor or change colours; the bidirectional marks and overrides
// make a line read as something else than it is. Both are foreign text's way out of its place.
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/gu;

/** Foreign text on one line, without control characters, cut to `limit` UTF-16 units. */
export function plainText(text: string, limit: number): string {
  const line = text
    .slice(0, limit * 4)
    .replace(unsafe, ' ')
    .trim();
  if (line.length <= limit) return line;
  return `${line.slice(0, limit - 1).toWellFormed()}…`;
}
