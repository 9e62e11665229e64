/** What the head of a list's body says about the next page. */
export type ScannedToken =
  | { state: 'found'; token: string }
  /** The metadata was read to its end and names no next page. */
  | { state: 'last' }
  /** The head does not tell; the parsed body will. */
  | { state: 'elsewhere' }
  /** The head ends too early; ask again with more of it. */
  | { state: 'more' };

const lexeme = /[\s]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|([-+.\w]+))/y;

/**
 * Finds `metadata.continue` at the head of a list without parsing the list.
 * The API server writes `metadata` before `items` for typed lists and for Tables, so that the next
 * page can be asked for while this one is still arriving; for custom resources it comes last.
 * The parsed body stays the authority: a caller compares.
 */
export function scanContinueToken(head: string): ScannedToken {
  const lexemes = new Lexemes(head);
  if (lexemes.next() !== '{') return lexemes.ended ? { state: 'more' } : { state: 'elsewhere' };
  for (;;) {
    const key = lexemes.next();
    const colon = lexemes.next();
    const value = lexemes.next();
    if (colon !== ':' && colon !== undefined) return { state: 'elsewhere' };
    if (value === undefined && lexemes.ended) return { state: 'more' };
    if (key === '"metadata"' && value === '{') return scanMetadata(lexemes);
    if (!isScalar(value)) return { state: 'elsewhere' };
    const end = lexemes.next();
    if (end !== ',') return lexemes.ended ? { state: 'more' } : { state: 'elsewhere' };
  }
}

function scanMetadata(lexemes: Lexemes): ScannedToken {
  for (;;) {
    const key = lexemes.next();
    if (key === '}') return { state: 'last' };
    const colon = lexemes.next();
    const value = lexemes.next();
    const end = lexemes.next();
    if (end === undefined && lexemes.ended) return { state: 'more' };
    if (colon !== ':' || !isScalar(value)) return { state: 'elsewhere' };
    if (key === '"continue"') return tokenOf(value);
    if (end === '}') return { state: 'last' };
    if (end !== ',') return { state: 'elsewhere' };
  }
}

function tokenOf(literal: string): ScannedToken {
  try {
    const token: unknown = JSON.parse(literal);
    if (typeof token !== 'string') return { state: 'elsewhere' };
    return token === '' ? { state: 'last' } : { state: 'found', token };
  } catch {
    return { state: 'elsewhere' };
  }
}

function isScalar(value: string | undefined): value is string {
  return value !== undefined && !'{}[],:'.includes(value);
}

class Lexemes {
  ended = false;
  #position = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next lexeme; undefined at the end of the text (`ended`) or at what is not JSON. */
  next(): string | undefined {
    if (this.ended) return undefined;
    lexeme.lastIndex = this.#position;
    const match = lexeme.exec(this.#text);
    if (match === null) {
      this.ended = this.#isCutShort();
      return undefined;
    }
    this.#position = lexeme.lastIndex;
    return match[1] ?? match[2] ?? match[3];
  }

  #isCutShort(): boolean {
    const rest = this.#text.slice(this.#position).trimStart();
    return rest === '' || rest.startsWith('"');
  }
}
