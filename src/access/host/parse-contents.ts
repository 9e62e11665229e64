import { WayProblem } from './failure.ts';
import type { Marks } from './marks.ts';
import type { FileContents, HostAnswer } from './port.ts';

type Denied = { readonly path: string; readonly problem: string };

/** An answer to `contents`. `head` was given a byte more than is wanted, or more where that is few. */
export function readContents(
  marks: Marks,
  isAsked: (path: string) => boolean,
  maxBytes: number,
): HostAnswer {
  const files: FileContents[] = [];
  const denied: Denied[] = [];
  for (;;) {
    const { letter, bytes } = marks.next();
    const text = bytes.toString('utf8');
    if (letter === 'R' && bytes.length === 0) return { kind: 'contents', files, denied };
    if (letter === 'D' && isAsked(text)) denied.push({ path: text, problem: 'Permission denied' });
    else if (letter === 'F') readBatch(marks, listed(text, isAsked), maxBytes, { files, denied });
    else throw new WayProblem('malformed', 'contents of what was not asked for');
  }
}

function listed(text: string, isAsked: (path: string) => boolean): readonly string[] {
  const paths = text.split('\n');
  if (paths.pop() !== '' || !paths.every(isAsked)) {
    throw new WayProblem('malformed', 'a list of files that were not asked for');
  }
  return paths;
}

function readBatch(
  marks: Marks,
  paths: readonly string[],
  maxBytes: number,
  into: { files: FileContents[]; denied: Denied[] },
): void {
  const read: Buffer[] = [];
  let piece = marks.next();
  while (piece.letter === 'B' && read.length < paths.length) {
    read.push(piece.bytes);
    piece = marks.next();
  }
  if (piece.letter !== 'X') throw new WayProblem('malformed', 'more contents than files');
  const [code, ...words] = marks.expect('E').toString('utf8').split('\n');
  // Only a `head` that was killed may owe something: else who knows which file it left out.
  const isKilled = /^(137|124|143)$/.test(code ?? '');
  if (!/^\d{1,3}$/.test(code ?? '') || (read.length < paths.length && !isKilled)) {
    throw new WayProblem('malformed', 'fewer contents than files');
  }
  const said = new Said(words);
  for (const [at, path] of paths.entries()) {
    const bytes = read[at];
    const problem = bytes ? said.of(path, bytes.length === 0) : 'not read in time';
    if (problem === gone) continue;
    if (problem !== undefined) into.denied.push({ path, problem });
    else if (bytes) into.files.push(contentsOf(path, bytes, maxBytes));
  }
}

function contentsOf(path: string, bytes: Buffer, maxBytes: number): FileContents {
  const text = bytes.subarray(0, maxBytes).toString('utf8');
  return { path, text, cut: bytes.length > maxBytes };
}

/** It was there when the shell looked, and no more when `head` did. */
const gone = 'No such file or directory';

/** What `head` had to say: a line for each file that it could not read. */
class Said {
  readonly #lines: readonly string[];

  constructor(lines: readonly string[]) {
    this.#lines = lines.filter((line) => line !== '');
  }

  of(path: string, isEmpty: boolean): string | undefined {
    if (this.#lines.length === 0) return undefined;
    const named = [`'${path}'`, `"${path}"`, ` ${path}:`];
    const line = this.#lines.find((each) => named.some((name) => each.includes(name)));
    if (line !== undefined) return problemIn(line);
    // A name that head writes in another manner: rather no answer than an empty one.
    return isEmpty && /[^\w@%+=:,./-]/.test(path) ? problemIn(this.#lines.join(' ')) : undefined;
  }
}

function problemIn(line: string): string {
  return /: ([^:]+)$/.exec(line)?.[1]?.trim() ?? line;
}
