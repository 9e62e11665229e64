import stringWidth from 'string-width';

// Controls, format characters (bidi, zero-width, tags), surrogates, private and unassigned code
// points, line separators and everything that a terminal may draw as nothing.
const unsafe = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const mark = /\p{M}/u;
const plain = /^[\x20-\x7e]*$/;
const named: { readonly [char: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** More marks than this on one letter are no language's; they would draw over the lines above. */
const mostMarks = 3;

/**
 * Foreign text that can neither move the cursor nor colour, hide, reorder or overdraw anything: what
 * could is spelled out (`\u{202e}`). The result has at most `limit` UTF-16 units, and making it safe
 * again changes nothing.
 */
export function safeText(text: string, limit = 1000): string {
  if (text.length <= limit && plain.test(text)) return text;
  let safe = '';
  // A mark with nothing before it would sit on whatever is printed in front of this text.
  let marks = mostMarks;
  for (const char of text) {
    const piece = isSafe(char, marks) ? char : escaped(char);
    if (safe.length + piece.length > limit) return clipped(safe, limit);
    safe += piece;
    if (!mark.test(char)) marks = piece === char && char !== ' ' ? 0 : mostMarks;
    else marks += 1;
  }
  return safe;
}

function isSafe(char: string, marks: number): boolean {
  return !unsafe.test(char) && !(mark.test(char) && marks >= mostMarks);
}

function escaped(char: string): string {
  return named[char] ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

function clipped(text: string, limit: number): string {
  if (text.length < limit) return `${text}…`;
  return `${text
    .slice(0, Math.max(0, limit - 1))
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}

/** Columns that safe text takes on a terminal. */
export function displayWidth(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function graphemes(text: string): string[] {
  return plain.test(text) ? [...text] : [...segmenter.segment(text)].map((each) => each.segment);
}

/** The beginning of safe text that fits into `width` columns, with an ellipsis where it was cut. */
export function truncate(text: string, width: number, ellipsis = '…'): string {
  if (displayWidth(text) <= width) return text;
  return take(graphemes(text), width - displayWidth(ellipsis)).join('') + ellipsis;
}

/** Both ends of a name are what tells it from its siblings: the middle goes. */
export function truncateMiddle(text: string, width: number, ellipsis = '…'): string {
  if (displayWidth(text) <= width) return text;
  const all = graphemes(text);
  const room = width - displayWidth(ellipsis);
  const end = take(all.toReversed(), Math.floor(room / 2)).reverse();
  const start = take(all, room - displayWidth(end.join('')));
  return start.join('') + ellipsis + end.join('');
}

function take(all: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const each of all) {
    used += displayWidth(each);
    if (used > width) break;
    taken.push(each);
  }
  return taken;
}

/** Safe text in lines of at most `width` columns; a word that is longer than a line is broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const piece of text.split(' ').flatMap((word) => pieces(word, width))) {
    const size = displayWidth(piece);
    if (line !== '' && used + 1 + size > width) {
      lines.push(line);
      line = '';
    }
    used = line === '' ? size : used + 1 + size;
    line = line === '' ? piece : `${line} ${piece}`;
  }
  return line === '' ? lines : [...lines, line];
}

function pieces(word: string, width: number): string[] {
  if (word === '') return [];
  if (displayWidth(word) <= width) return [word];
  let rest = graphemes(word);
  const cut: string[] = [];
  while (rest.length > 0) {
    const taken = take(rest, width);
    // A wide character in a column of one: over the edge, but never an endless loop.
    const count = Math.max(1, taken.length);
    cut.push(rest.slice(0, count).join(''));
    rest = rest.slice(count);
  }
  return cut;
}
