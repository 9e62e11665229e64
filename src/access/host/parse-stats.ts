import { WayProblem } from './failure.ts';
import type { Marks } from './marks.ts';
import type { FileStat, HostAnswer } from './port.ts';

interface Link {
  readonly target: string;
  readonly dangling: boolean;
}

const types: { readonly [bits: number]: FileStat['type'] } = {
  0o140000: 'socket',
  0o120000: 'link',
  0o100000: 'file',
  0o060000: 'block',
  0o040000: 'directory',
  0o020000: 'character',
  0o010000: 'fifo',
};

/** An answer to `stats`. */
export function readStats(marks: Marks, isAsked: (path: string) => boolean): HostAnswer {
  const facts: FileStat[] = [];
  const links = new Map<string, Link>();
  for (;;) {
    const { letter, bytes } = marks.next();
    const text = bytes.toString('utf8');
    if (letter === 'R' && bytes.length === 0) {
      return { kind: 'stats', files: facts.map((each) => withLink(each, links)) };
    }
    if (letter === 'T') facts.push(...factsOf(text, isAsked));
    else if (letter === 'L') addLink(text, links);
    else throw new WayProblem('malformed', 'facts of files that were not asked for');
  }
}

function factsOf(text: string, isAsked: (path: string) => boolean): readonly FileStat[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new WayProblem('malformed', 'facts of a file break off');
  return lines.map((line) => {
    const found = /^([\da-f]+) (\d+) (\d+) (\d+) (-?\d+) ([\da-f]+) ([\da-f]+) (.*)$/.exec(line);
    const [, raw = '', uid, gid, size, modified, major = '', minor = '', path = ''] = found ?? [];
    if (!found || !isAsked(path)) throw new WayProblem('malformed', 'facts of no file asked for');
    const bits = Number.parseInt(raw, 16);
    const type = types[bits & 0o170000] ?? 'other';
    const device = { major: Number.parseInt(major, 16), minor: Number.parseInt(minor, 16) };
    return {
      path,
      type,
      mode: bits & 0o7777,
      uid: Number(uid),
      gid: Number(gid),
      sizeBytes: Number(size),
      modifiedAt: Number(modified) * 1000,
      ...(type === 'character' || type === 'block' ? { device } : {}),
    };
  });
}

function addLink(text: string, links: Map<string, Link>): void {
  const [, path, leads, target] = /^([^\n]+)\n([01])\n(.*)$/s.exec(text) ?? [];
  if (path === undefined || target === undefined) {
    throw new WayProblem('malformed', 'a link without its target');
  }
  links.set(path, { target: target.replace(/\n$/, ''), dangling: leads === '0' });
}

/** A link whose target could not be read, since it went away meanwhile, stays without. */
function withLink(facts: FileStat, links: ReadonlyMap<string, Link>): FileStat {
  const link = facts.type === 'link' ? links.get(facts.path) : undefined;
  return link ? { ...facts, ...link } : facts;
}
