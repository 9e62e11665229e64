import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A directory for the files of one test. */
export class TestDirectory {
  readonly directory: string;

  constructor(name: string) {
    this.directory = realpathSync(mkdtempSync(join(tmpdir(), `evenkeel-${name}-`)));
  }

  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** Gives the absolute path. */
  write(name: string, content: string, mode = 0o600): string {
    const file = this.path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
    return file;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
