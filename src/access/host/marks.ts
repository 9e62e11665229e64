import { WayProblem } from './failure.ts';

/** What lies between the marks of a look's output, one after another. */
export class Marks {
  readonly #output: Buffer;
  readonly #mark: Buffer;
  #at = 0;

  constructor(output: Buffer, boundary: string) {
    this.#output = output;
    this.#mark = Buffer.from(`=${boundary}\0`);
  }

  /** The bytes up to the next mark, and its letter. */
  next(): { readonly letter: string; readonly bytes: Buffer } {
    const end = this.#output.indexOf(this.#mark, this.#at);
    if (end < 0) {
      const began = this.#at > 0;
      throw began
        ? new WayProblem('cut', 'the answer breaks off')
        : new WayProblem('malformed', `no answer, but ${sampleOf(this.#output)}`);
    }
    if (end === this.#at) throw new WayProblem('malformed', 'a mark without its letter');
    const bytes = this.#output.subarray(this.#at, end - 1);
    const letter = this.#output.toString('latin1', end - 1, end);
    this.#at = end + this.#mark.length;
    return { letter, bytes };
  }

  /** The bytes up to the next mark, which has this letter. */
  expect(letter: string): Buffer {
    const found = this.next();
    if (found.letter === letter) return found.bytes;
    throw new WayProblem('malformed', `the answer has ${found.letter} where ${letter} was due`);
  }
}

/** What a person may recognise: a banner, or an error of the login shell. */
function sampleOf(output: Buffer): string {
  if (output.length === 0) return 'nothing';
  const text = output.subarray(0, 2000).toString('utf8').trim();
  return text.split('\n').at(-1)?.trim() || 'blanks';
}
