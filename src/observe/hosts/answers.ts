import type { FileStat, HostAnswer, HostRequest } from '../../access/host/port.ts';
import type { UnknownReason } from '../../model/facet.ts';

type Contents = Extract<HostAnswer, { kind: 'contents' }>;
type Ran = Extract<HostAnswer, { kind: 'ran' | 'timed-out' | 'no-program' }>;

type ContentsRequest = Extract<HostRequest, { kind: 'contents' }>;
type StatsRequest = Extract<HostRequest, { kind: 'stats' }>;
type RunRequest = Extract<HostRequest, { kind: 'run' }>;

/** Thrown where a part cannot be told: it becomes unknown for that reason. */
export class Unseen extends Error {
  override readonly name = 'Unseen';
  readonly reason: UnknownReason;

  constructor(reason: UnknownReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** The answers of up to two looks, found by what was asked. */
export interface Answers {
  readonly contents: (request: ContentsRequest) => Contents;
  readonly stats: (request: StatsRequest) => readonly FileStat[];
  readonly ran: (request: RunRequest) => Ran;
}

/** What makes two requests the same. */
export function keyOf(request: HostRequest): string {
  return JSON.stringify(request);
}

/** `Unseen` stands for the answers of a look that failed. */
export function answersOf(found: ReadonlyMap<string, HostAnswer | Unseen>): Answers {
  const answerTo = (request: HostRequest): HostAnswer => {
    const answer = found.get(keyOf(request));
    if (answer === undefined) throw new Error(`nobody asked for ${keyOf(request).slice(0, 200)}`);
    if (answer instanceof Unseen) throw answer;
    return answer;
  };
  return {
    contents: (request) => {
      const answer = answerTo(request);
      if (answer.kind === 'contents') return answer;
      throw notAnAnswer(request, answer);
    },
    stats: (request) => {
      const answer = answerTo(request);
      if (answer.kind === 'stats') return answer.files;
      throw notAnAnswer(request, answer);
    },
    ran: (request) => {
      const answer = answerTo(request);
      if (answer.kind === 'contents' || answer.kind === 'stats') throw notAnAnswer(request, answer);
      return answer;
    },
  };
}

function notAnAnswer({ kind }: HostRequest, answer: HostAnswer): Unseen {
  return new Unseen('malformed', `the answer to a question for ${kind} was ${answer.kind}`);
}

/** The text of one file: undefined when it is not there, `Unseen` when it may not be read. */
export function textIn({ files, denied }: Contents, path: string): string | undefined {
  const refused = denied.find((each) => each.path === path);
  if (refused) throw new Unseen('forbidden', `${path}: ${refused.problem}`);
  return files.find((each) => each.path === path)?.text;
}

/** The text of a file that every machine has. */
export function needText(contents: Contents, path: string): string {
  const text = textIn(contents, path);
  if (text === undefined) throw new Unseen('no-answer', `there is no ${path}`);
  return text;
}

/** A file of one line, as /proc/sys and /sys have them; undefined also when it may not be read. */
export function lineIn({ files }: Contents, path: string): string | undefined {
  const text = files.find((each) => each.path === path)?.text.trim();
  return text === '' ? undefined : text;
}

/** A file of one whole number. */
export function numberIn(contents: Contents, path: string): number | undefined {
  return wholeNumber(lineIn(contents, path));
}

export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** Standard output of a program that went well; `Unseen` for whatever else became of it. */
export function outputOf(answer: Ran, program: string): string {
  if (answer.kind === 'timed-out') throw new Unseen('timed-out', `${program} did not end in time`);
  if (answer.kind === 'no-program') throw new Unseen('no-answer', `there is no ${program}`);
  // What is cut off ends the program that would go on writing.
  if (answer.code === 0 || answer.cut) return answer.stdout;
  const said = answer.stderr.trim().split('\n').at(-1) ?? '';
  const forbidden = /permission denied|not permitted|must be root|access denied/i.test(said);
  throw new Unseen(
    forbidden ? 'forbidden' : 'no-answer',
    `${program} ended with ${answer.code}${said ? `: ${said}` : ''}`,
  );
}

/** The same, where doing without it is fine. */
export function outputOr(answer: Ran): string | undefined {
  return answer.kind === 'ran' && (answer.code === 0 || answer.cut) ? answer.stdout : undefined;
}

export function contentsOf(paths: readonly string[], maxBytes = 4096): ContentsRequest {
  return { kind: 'contents', paths, maxBytes };
}

export function statsOf(...paths: readonly string[]): StatsRequest {
  return { kind: 'stats', paths };
}

export function run(
  argv: readonly string[],
  { timeoutMs = 2000, maxBytes = 256 * 1024 } = {},
): RunRequest {
  return { kind: 'run', argv, timeoutMs, maxBytes };
}
