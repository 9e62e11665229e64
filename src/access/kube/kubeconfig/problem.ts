import { plainText } from '../../plain-text.ts';

const lengthLimit = 2000;

/** A place in a file; line and column count from 1. */
export interface Place {
  file: string;
  line?: number;
  column?: number;
}

/**
 * What is wrong with the way to the cluster.
 * `message` says where, what and why; `next` what to do, with a command that can be run.
 * Neither holds a secret, and there is no `cause`: parsers quote what they read.
 */
export class KubeconfigProblem extends Error {
  override readonly name = 'KubeconfigProblem';
  readonly next: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;

  constructor(place: Place | undefined, message: string, next: string) {
    const located = place === undefined ? message : `${placeText(place)}: ${message}`;
    // File names and names of entries are foreign text too.
    super(plainText(located, lengthLimit));
    this.next = plainText(next, lengthLimit);
    if (place === undefined) return;
    this.file = place.file;
    if (place.line !== undefined) this.line = place.line;
    if (place.column !== undefined) this.column = place.column;
  }
}

function placeText({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** A file name as an argument of a command that is meant to be pasted into a shell. */
export function shellWord(text: string): string {
  return /^[\w\-./:@%+=]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
