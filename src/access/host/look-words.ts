import type { Millis } from '../../lib/clock.ts';
import { loader, lookScript } from './look-script.ts';
import type { HostRequest } from './port.ts';
import { refuseUnlisted } from './programs.ts';

/** `head -c` must have room for the mark that it reads between two files. */
const leastBytes = 64;

/**
 * What is written to the host's standard input: the script, then the requests, a value a line.
 * Throws for a request that no collector may make.
 */
export function lookWords(
  requests: readonly HostRequest[],
  boundary: string,
  patienceMs: Millis,
): string {
  const lines = [loader, boundary, lookScript, boundary, seconds(patienceMs)];
  for (const request of requests) lines.push(...wordsOf(request));
  return `${[...lines, 'end'].join('\n')}\n`;
}

function wordsOf(request: HostRequest): readonly string[] {
  switch (request.kind) {
    case 'contents':
      return ['contents', limitOf(request.maxBytes), ...pathWords(request.paths)];
    case 'stats':
      return ['stats', ...pathWords(request.paths)];
    case 'run':
      refuseUnlisted(request.argv);
      return [
        'run',
        seconds(request.timeoutMs),
        limitOf(request.maxBytes),
        String(request.argv.length),
        ...request.argv,
      ];
  }
}

/** One byte more than is wanted, so that more is seen to be there. */
function limitOf(maxBytes: number): string {
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 0) {
    throw new Error(`a look may have ${maxBytes} bytes of nothing`);
  }
  return String(Math.max(leastBytes, maxBytes + 1));
}

/** Whole ones: busybox's `timeout` knows no others. */
function seconds(ms: Millis): string {
  if (!(ms > 0 && ms < 86_400_000)) throw new Error(`a look may not take ${ms} ms`);
  return String(Math.ceil(ms / 1000));
}

function pathWords(paths: readonly string[]): readonly string[] {
  const words = [String(paths.length)];
  for (const path of paths) {
    if (!/^\/[^\n\0]*$/.test(path)) throw new Error(`no path for a look: ${JSON.stringify(path)}`);
    if (path.includes('*')) words.push('glob', shellPattern(path));
    else words.push('literal', path);
  }
  return words;
}

/** A pattern in which `*` alone means something. Shells disagree on backslashes in patterns. */
function shellPattern(path: string): string {
  if (path.includes('\\')) throw new Error(`a pattern with a backslash: ${JSON.stringify(path)}`);
  return path.replace(/[?[]/g, '[$&]');
}

/** Says whether a path is one that was asked for. */
export function asked(paths: readonly string[]): (path: string) => boolean {
  const literal = new Set(paths.filter((path) => !path.includes('*')));
  const patterns = paths.filter((path) => path.includes('*')).map(patternOf);
  return (path) => literal.has(path) || patterns.some((pattern) => pattern.test(path));
}

/** As the shell matches: `*` takes no slash, and no dot at the start of a part. */
function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    const inner = part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\*+/g, '[^/]*');
    return part.startsWith('*') ? `(?!\\.)${inner}` : inner;
  });
  return new RegExp(`^${parts.join('/')}$`, 's');
}
