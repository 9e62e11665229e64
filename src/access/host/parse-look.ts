import type { Millis } from '../../lib/clock.ts';
import { WayProblem } from './failure.ts';
import { asked } from './look-words.ts';
import { Marks } from './marks.ts';
import { readContents } from './parse-contents.ts';
import { readStats } from './parse-stats.ts';
import type { HostAnswer, HostRequest } from './port.ts';

export interface ParsedLook {
  readonly answers: readonly HostAnswer[];
  readonly hostAt: Millis;
  readonly user: string;
  readonly root: boolean;
}

/**
 * What a host printed, as answers. Throws a `WayProblem`: `malformed` when it is no answer to these
 * requests, `cut` when it begins as one and does not end.
 */
export function parseLook(
  output: Buffer,
  boundary: string,
  requests: readonly HostRequest[],
): ParsedLook {
  const marks = new Marks(output, boundary);
  marks.expect('S');
  const hello = helloOf(marks.expect('H').toString('utf8'));
  const answers = requests.map((request, at) => {
    if (marks.expect('A').toString('latin1') !== String(at)) {
      throw new WayProblem('malformed', 'the answers are out of order');
    }
    return answerTo(request, marks);
  });
  if (marks.expect('Z').length > 0) throw new WayProblem('malformed', 'more than the answers');
  return { answers, ...hello };
}

function helloOf(text: string): Pick<ParsedLook, 'hostAt' | 'user' | 'root'> {
  const [, uid, at, lacks, user] =
    /^(\d{1,10}) (\d{13,15})((?: [a-z]+)*)\n(\P{Cc}*)$/u.exec(text) ?? [];
  if (uid === undefined || at === undefined) {
    throw new WayProblem('malformed', 'the host does not say who we are there');
  }
  if (lacks) throw new WayProblem('no-program', `the host has no${lacks}`);
  return { hostAt: Number(at), user: user || uid, root: Number(uid) === 0 };
}

function answerTo(request: HostRequest, marks: Marks): HostAnswer {
  switch (request.kind) {
    case 'contents':
      return readContents(marks, asked(request.paths), request.maxBytes);
    case 'stats':
      return readStats(marks, asked(request.paths));
    case 'run':
      return readRun(marks, request);
  }
}

function readRun(marks: Marks, request: Extract<HostRequest, { kind: 'run' }>): HostAnswer {
  const output = marks.next();
  if (output.letter === 'N' && output.bytes.length === 0) return { kind: 'no-program' };
  if (output.letter !== 'O') throw new WayProblem('malformed', 'no output where one was due');
  const text = marks.expect('R').toString('utf8');
  const [, from = '', to = '', status, stderr = ''] =
    /^(\S*)\n(\S*)\n(\d{1,3})(?:\n(.*))?$/s.exec(text) ?? [];
  if (status === undefined) throw new WayProblem('malformed', 'a program without an exit code');
  const code = Number(status);
  if (wasKilled(code, from, to, request.timeoutMs)) return { kind: 'timed-out' };
  return {
    kind: 'ran',
    code,
    stdout: output.bytes.subarray(0, request.maxBytes).toString('utf8'),
    stderr,
    cut: output.bytes.length > request.maxBytes,
  };
}

/**
 * `timeout -s KILL` ends with 137, and where it kills the child only with 124. So may a program of
 * itself, but not just when its time is up.
 */
function wasKilled(code: number, from: string, to: string, timeoutMs: Millis): boolean {
  if (code !== 137 && code !== 124 && code !== 143) return false;
  const tookMs = (Number(to) - Number(from)) * 1000;
  const isKnown = from !== '' && to !== '' && Number.isFinite(tookMs);
  return !isKnown || tookMs >= timeoutMs - 50;
}
