import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { TestDirectory } from '../../testing/directory.ts';

const sbin = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Where a program of the machine lies; undefined when it has none. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...sbin];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Why a test that needs the program is skipped here; empty where it is not. */
export function noProgram(name: string): string {
  return programPath(name) === undefined ? `skipped: no ${name}` : '';
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

/** The files of one test, and programs among them. */
export class TestPlace extends TestDirectory {
  constructor() {
    super('host');
  }

  /** A program for a PATH of the test's own; the folder is `bin`. */
  program(name: string, script: string): string {
    return this.write(join('bin', name), `#!/bin/sh\n${script}\n`, 0o755);
  }
}
