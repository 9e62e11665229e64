import picocolors from 'picocolors';
import { displayWidth, safeText, truncateMiddle, wrap } from '../lib/terminal-text.ts';
import type { Severity } from '../model/severity.ts';

export interface TextOptions {
  /** Columns of the terminal. Fewer than 30 are treated as 30. */
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
}

export type Tone = Severity | 'plain' | 'strong' | 'dim' | 'good' | 'doubt' | 'command' | 'heading';

type Glyphs = { readonly [name in keyof typeof unicodeGlyphs]: string };

const unicodeGlyphs = {
  branch: '├─ ',
  last: '└─ ',
  pipe: '│  ',
  gap: '   ',
  bullet: '• ',
  ellipsis: '…',
  full: '█',
  maybe: '▒',
  empty: '░',
};

const asciiGlyphs: Glyphs = {
  branch: '|- ',
  last: '`- ',
  pipe: '|  ',
  gap: '   ',
  bullet: '* ',
  ellipsis: '...',
  full: '#',
  maybe: '?',
  empty: '.',
};

/** What our own words use beyond ASCII. */
const ascii: { readonly [char: string]: string } = { '…': '...', '·': '-', '–': '-', '×': 'x' };

/** How text is drawn on one terminal: everything that is printed goes through here and is made safe. */
export interface Look {
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly glyphs: Glyphs;
  readonly paint: (tone: Tone, text: string) => string;
}

export function lookOf({ width, colour, unicode }: TextOptions): Look {
  const c = picocolors.createColors(colour);
  const tones: { readonly [T in Tone]: (text: string) => string } = {
    critical: (text) => c.bold(c.red(text)),
    high: c.red,
    medium: c.yellow,
    low: c.cyan,
    info: c.dim,
    plain: String,
    strong: c.bold,
    dim: c.dim,
    good: c.green,
    doubt: c.yellow,
    command: c.cyan,
    heading: (text) => c.bold(c.underline(text)),
  };
  return {
    width: Number.isFinite(width) ? Math.max(30, Math.floor(width)) : 80,
    colour,
    unicode,
    glyphs: unicode ? unicodeGlyphs : asciiGlyphs,
    paint: (tone, text) => (text === '' ? '' : tones[tone](text)),
  };
}

/** Foreign or own text as this terminal can show it. */
export function shown(look: Look, text: string): string {
  const safe = safeText(text, 2000);
  if (look.unicode) return safe;
  return safe.replaceAll(
    /[^\x20-\x7e]/gu,
    (char) => ascii[char] ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A name no wider than the room it has. */
export function shortName(look: Look, name: string, room = 48): string {
  const most = Math.max(12, Math.min(room, Math.floor(look.width * 0.6)));
  return truncateMiddle(shown(look, name), most, look.glyphs.ellipsis);
}

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

export interface Block {
  /** Before the first line, and before the others. Our own words and glyphs only. */
  readonly first?: string | readonly Span[];
  readonly rest?: string;
  readonly tone?: Tone;
}

/** One paragraph, wrapped between its prefix and the right edge. */
export function block(look: Look, text: string, options: Block = {}): string[] {
  const { first = '', tone = 'plain' } = options;
  const head: readonly Span[] = typeof first === 'string' ? [{ text: first, tone: 'dim' }] : first;
  const indent = head.reduce((sum, span) => sum + displayWidth(span.text), 0);
  const rest = options.rest ?? ' '.repeat(indent);
  const room = look.width - Math.max(indent, displayWidth(rest));
  const lines = wrap(shown(look, text), Math.max(2, room));
  const lead = head.map((span) => look.paint(span.tone, span.text)).join('');
  if (lines.length === 0) return indent > 0 ? [lead] : [];
  return lines.map((line, at) => {
    return (at === 0 ? lead : look.paint('dim', rest)) + look.paint(tone, line);
  });
}

/** A command on a line of its own, whole however long it is: it is there to be copied. */
export function commandLine(look: Look, command: string, indent = 4): string {
  return ' '.repeat(indent) + look.paint('command', safeText(command, 4000));
}

export function heading(look: Look, text: string): string[] {
  return ['', ...block(look, text, { tone: 'heading' })];
}

/** A word of ours in a column of its own before the text. */
export function labelled(
  look: Look,
  label: string,
  text: string,
  options: { readonly column: number; readonly tone?: Tone; readonly labelTone?: Tone },
): string[] {
  const { column, tone = 'plain', labelTone = 'dim' } = options;
  const blank = { text: ' '.repeat(Math.max(1, column - label.length)), tone: 'plain' } as const;
  const first = [{ text: `  ${label}`, tone: labelTone }, blank];
  return block(look, text, { first, rest: ' '.repeat(column + 2), tone });
}
