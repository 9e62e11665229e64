import { open, rename, unlink } from 'node:fs/promises';
import { Problem } from './spec.ts';

/** Writes a whole file or none: under a temporary name, synced, then renamed. */
export async function writeWhole(file: string, content: string | Buffer): Promise<void> {
  const temporary = `${file}.part-${process.pid}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const why = reasons[code] ?? code;
    throw new Problem(
      `${file} could not be written: ${why}; nothing was left behind`,
      'choose another place with --out',
    );
  }
}

const reasons: { readonly [code: string]: string } = {
  ENOSPC: 'the disk is full',
  EACCES: 'no permission',
  EROFS: 'the file system is read-only',
  ENOENT: 'the directory does not exist',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
};
