import { type Answers, run, Unseen } from './answers.ts';
import { defaultDataDir, k3sSettings, settingsRequests } from './k3s-settings.ts';
import { defaultRoot, rootsOf } from './kubelet-roots.ts';
import { dfColumns, parseDf, type Space } from './parse/df.ts';

/** What of k3s lies where. */
export interface Place {
  readonly what: string;
  readonly path: string;
}

function placesAt(dataDir: string, roots: readonly string[]): readonly Place[] {
  return [
    { what: 'root', path: '/' },
    { what: 'logs', path: '/var/log' },
    ...roots.map((path) => ({ what: 'kubelet', path })),
    { what: 'containerd', path: `${dataDir}/agent/containerd` },
    { what: 'datastore', path: `${dataDir}/server/db` },
  ];
}

const usual = placesAt(defaultDataDir, [defaultRoot, `${defaultDataDir}/agent/kubelet`]);

/** By path, so that a file system that hangs elsewhere, as NFS may, is not touched. */
function dfOf(places: readonly Place[]): ReturnType<typeof run> {
  const paths = places.map(({ path }) => path);
  return run(['df', '-B', '1', dfColumns, ...paths], { timeoutMs: 2000, maxBytes: 64 * 1024 });
}

const first = dfOf(usual);

/** Asked in the first look, so that what is full can be looked into in the second. */
export const spaceRequests = [...settingsRequests, first];

/** For places that k3s is told to have elsewhere. */
export function moreSpaceRequests(answers: Answers): ReturnType<typeof run>[] {
  const moved = movedPlaces(answers);
  return moved.length > 0 ? [dfOf(moved)] : [];
}

/** Places as k3s is told to have them; who may not read its configuration sees the usual ones. */
export function placesOf(answers: Answers): readonly Place[] {
  try {
    return placesAt(k3sSettings(answers).dataDir, rootsOf(answers));
  } catch (error) {
    if (error instanceof Unseen) return usual;
    throw error;
  }
}

function movedPlaces(answers: Answers): readonly Place[] {
  return placesOf(answers).filter(({ path }) => !usual.some((each) => each.path === path));
}

/** By mount point, and the paths that are not there. */
export interface Spaces {
  readonly byTarget: ReadonlyMap<string, Space>;
  readonly missing: ReadonlySet<string>;
}

/** What the first look alone tells. */
export function firstSpaces(answers: Answers): Spaces {
  return spacesIn(answers, [first]);
}

export function spacesOf(answers: Answers): Spaces {
  return spacesIn(answers, [first, ...moreSpaceRequests(answers)]);
}

function spacesIn(answers: Answers, requests: readonly ReturnType<typeof run>[]): Spaces {
  const byTarget = new Map<string, Space>();
  const missing = new Set<string>();
  for (const request of requests) {
    const answer = answers.ran(request);
    if (answer.kind === 'timed-out') throw new Unseen('timed-out', 'df did not end in time');
    if (answer.kind === 'no-program') throw new Unseen('no-answer', 'there is no df');
    for (const [target, space] of parseDf(answer.stdout)) byTarget.set(target, space);
    for (const [, path] of answer.stderr.matchAll(/^df: '?(\/.*?)'?: No such file/gm)) {
      missing.add(path ?? '');
    }
  }
  return { byTarget, missing };
}
