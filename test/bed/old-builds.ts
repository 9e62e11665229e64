/** Takes old builds out of the bed's cache: each state of the sources leaves one behind. */
import {
  existsSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';

export interface Builds {
  /** The one that has just been made: an absolute path. */
  readonly current: string;
  /** What builds of its kind are called. */
  readonly kind: RegExp;
  /** Where a build lies while it is removed: a name that the next build takes away. */
  readonly removing: string;
}

const dayMs = 24 * 3600 * 1000;

/**
 * Removes the builds of one kind, beside the current one, that are neither in use nor younger than a
 * day: another clone of the repository may have made them, and still need them. Returns their names.
 */
export function removeOldBuilds({ current, kind, removing }: Builds): string[] {
  const cache = path.dirname(current);
  if (isBusy(cache)) return [];
  const builds = readdirSync(cache).filter((name) => kind.test(name));
  const inCache = (name: string): string => path.join(cache, name);
  const young = builds.map(inCache).filter((build) => ageMsOf(build) < dayMs);
  // One build may be a link to another, which stays for it.
  const kept = new Set([current, ...young].map(placeOf));
  const programs = runningPrograms();
  const old = builds.filter((name) => {
    const place = placeOf(inCache(name));
    return !kept.has(place) && !programs.some((file) => file.startsWith(`${place}${path.sep}`));
  });
  for (const name of old) remove(inCache(name), removing);
  return old;
}

/** A bed of real nodes does not tell of which build it is, nor a build which root it copies. */
function isBusy(cache: string): boolean {
  if (existsSync(path.join(cache, 'running/nodes/record.json'))) return true;
  return readdirSync(cache).some((name) => {
    const pid = /^\.building-(?:nodes-)?(\d+)$/.exec(name)?.[1];
    return pid !== undefined && existsSync(`/proc/${pid}`);
  });
}

function ageMsOf(build: string): number {
  return Date.now() - (lstatSync(build, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

function placeOf(build: string): string {
  // A link may lead nowhere.
  return existsSync(build) ? realpathSync(build) : build;
}

/** The files that processes run, as far as they are ours to see. */
function runningPrograms(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/exe`);
    } catch {
      return [];
    }
  });
}

/** Whoever looks for a build finds it whole or not at all. */
function remove(build: string, removing: string): void {
  try {
    renameSync(build, removing);
  } catch (error) {
    // Another build that ended just now was faster.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  rmSync(removing, { recursive: true, force: true });
}
