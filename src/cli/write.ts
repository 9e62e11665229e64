import { open, realpath, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { shellQuote } from '../report/shell.ts';
import { Problem } from './spec.ts';

/**
 * Writes a whole file or none: under a temporary name, synced, then renamed. A link stays a link,
 * and what is no file, such as a pipe or /dev/null, is written to and never replaced.
 */
export async function writeWhole(
  file: string,
  content: string | Buffer,
  elsewhere = 'choose another place with --out',
): Promise<void> {
  try {
    const there = await stat(file).catch(ifMissing);
    if (there?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (there && !there.isFile()) return await writeFile(file, content);
    const target = there ? await realpath(file) : file;
    await replace(target, content, there ? there.mode & 0o777 : 0o600);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const { why, next } = reasons[code] ?? { why: code || String(error) };
    throw new Problem(
      `${file} could not be written: ${why}; nothing was left behind`,
      next?.(shellQuote(dirname(file))) ?? elsewhere,
    );
  }
}

async function replace(file: string, content: string | Buffer, mode: number): Promise<void> {
  const temporary = `${file}.part-${process.pid}`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

interface Reason {
  readonly why: string;
  readonly next?: (directory: string) => string;
}

const full: Reason['next'] = (directory) => `see how full it is with: df -h ${directory}`;

const reasons: { readonly [code: string]: Reason } = {
  ENOSPC: { why: 'the disk is full', next: full },
  EDQUOT: { why: 'your quota of the disk is used up', next: full },
  EACCES: { why: 'no permission' },
  EPERM: { why: 'no permission' },
  EROFS: { why: 'the file system is read-only' },
  ENOENT: {
    why: 'the directory does not exist',
    next: (directory) => `make it with: mkdir -p ${directory}`,
  },
  ENOTDIR: { why: 'a part of the path is not a directory' },
  EISDIR: { why: 'it is a directory' },
  ENAMETOOLONG: { why: 'the name is too long' },
  ELOOP: { why: 'its symbolic links lead in a circle' },
  EPIPE: { why: 'nobody reads it any more' },
};
