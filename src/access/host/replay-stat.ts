import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import type { FileStat } from './port.ts';
import { placeOf } from './replay-root.ts';

/** What a path of the recorded host is. */
export async function statOf(root: string, path: string): Promise<FileStat | undefined> {
  const place = await placeOf(root, path, false);
  if (place === undefined) return undefined;
  const facts = await lstat(place);
  const known: FileStat = {
    path,
    type: typeOf(facts),
    mode: facts.mode & 0o7777,
    uid: facts.uid,
    gid: facts.gid,
    sizeBytes: facts.size,
    modifiedAt: Math.floor(facts.mtimeMs / 1000) * 1000,
  };
  if (known.type !== 'link') return known;
  const dangling = (await placeOf(root, path, true)) === undefined;
  return { ...known, target: await readlink(place), dangling };
}

function typeOf(facts: Stats): FileStat['type'] {
  if (facts.isFile()) return 'file';
  if (facts.isDirectory()) return 'directory';
  if (facts.isSymbolicLink()) return 'link';
  if (facts.isSocket()) return 'socket';
  if (facts.isFIFO()) return 'fifo';
  if (facts.isCharacterDevice()) return 'character';
  return facts.isBlockDevice() ? 'block' : 'other';
}
