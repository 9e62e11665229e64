import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const sbin = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Where a program of the machine lies; undefined when it has none. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...sbin];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Runs a program of the machine, and throws when it fails. */
export function execute(
  name: string,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): string {
  return execFileSync(programPath(name) ?? name, argv, { encoding: 'utf8', env, stdio: 'pipe' });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A directory for the files of one test. */
export class TestPlace {
  readonly directory = realpathSync(mkdtempSync(join(tmpdir(), 'evenkeel-host-')));

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

  /** A program for a PATH of the test's own; the folder is `bin`. */
  program(name: string, script: string): string {
    return this.write(join('bin', name), `#!/bin/sh\n${script}\n`, 0o755);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
