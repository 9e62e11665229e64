import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** As Linux: more links than this are a circle. */
const mostLinks = 40;

/**
 * Where a path of the recorded host lies in the directory that stands for its root.
 * Links are followed as the host would: an absolute one stays within. The last part is not followed
 * unless asked for. Undefined when it leads nowhere.
 */
export async function placeOf(
  root: string,
  path: string,
  follow: boolean,
): Promise<string | undefined> {
  let done: string[] = [];
  const left = path.split('/').reverse();
  let links = 0;
  while (left.length > 0) {
    const part = left.pop() ?? '';
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const place = join(root, ...done, part);
    const target = await targetOf(place);
    if (target === undefined || (left.length === 0 && !follow)) {
      done.push(part);
      continue;
    }
    if (++links > mostLinks) return undefined;
    if (target.startsWith('/')) done = [];
    left.push(...target.split('/').reverse());
  }
  const place = join(root, ...done);
  return (await isThere(place)) ? place : undefined;
}

async function targetOf(place: string): Promise<string | undefined> {
  try {
    return await readlink(place);
  } catch {
    return undefined;
  }
}

async function isThere(place: string): Promise<boolean> {
  try {
    await lstat(place);
    return true;
  } catch {
    return false;
  }
}

/** The paths that a pattern stands for, in the order of a shell. `*` takes no dot at the start. */
export async function expand(root: string, pattern: string): Promise<readonly string[]> {
  let found = [''];
  for (const part of pattern.split('/').slice(1)) {
    if (!part.includes('*')) {
      found = found.map((path) => `${path}/${part}`);
      continue;
    }
    const source = part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\*+/g, '.*');
    const matching = new RegExp(`^${part.startsWith('*') ? '(?!\\.)' : ''}${source}$`, 's');
    const inEach = await Promise.all(
      found.map(async (path) => {
        const names = (await namesIn(root, path)).filter((name) => matching.test(name));
        return names.map((name) => `${path}/${name}`);
      }),
    );
    found = inEach.flat();
  }
  return found;
}

async function namesIn(root: string, path: string): Promise<readonly string[]> {
  const place = await placeOf(root, path, true);
  if (place === undefined) return [];
  try {
    return (await readdir(place)).sort();
  } catch {
    return [];
  }
}
