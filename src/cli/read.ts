import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { shellQuote } from '../report/shell.ts';
import { Problem } from './spec.ts';

/** The largest file that is read: a device or a wrong path must not fill the memory. */
const mostBytes = 128 * 1024 * 1024;

/** A file that the user named; a mistake in it is the user's to mend. */
export async function readInput(file: string, what: string): Promise<Buffer> {
  const bytes = await readIfThere(file, what);
  if (bytes) return bytes;
  throw new Problem(
    `the ${what} ${file} cannot be read: there is no such file`,
    `see what is there with: ls -l ${shellQuote(dirname(file))}`,
  );
}

/** The same of a file that may be missing. */
export async function readIfThere(file: string, what: string): Promise<Buffer | undefined> {
  try {
    return await readAtMost(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === 'ENOENT') return undefined;
    throw new Problem(
      `the ${what} ${file} cannot be read: ${reasons[code] ?? code}`,
      `see what it is with: ls -ld ${shellQuote(file)}`,
    );
  }
}

async function readAtMost(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > mostBytes) throw Object.assign(new Error(), { code: 'EFBIG' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}

const reasons: { readonly [code: string]: string } = {
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
  EFBIG: `it is larger than ${mostBytes / 1024 / 1024} MiB`,
  ENOTDIR: 'a part of the path is not a directory',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links lead in a circle',
};
