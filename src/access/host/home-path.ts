import { join } from 'node:path';

/** `~/` stands for the home, as in a shell; nothing else is expanded. */
export function withHome(file: string, home: string | undefined): string {
  return home !== undefined && file.startsWith('~/') ? join(home, file.slice(2)) : file;
}
