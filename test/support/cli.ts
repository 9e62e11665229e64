import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { haste } from './emulated-api.ts';
import { noon } from './snapshot.ts';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly clock?: Clock;
  readonly interrupted?: AbortSignal;
}

/** Runs the command line in this process and keeps what it says. */
export async function evenkeel(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const stdout = new Kept();
  const stderr = new Kept();
  const exitCode = await main(argv, {
    stdout,
    stderr,
    env: options.env ?? {},
    cwd: options.cwd ?? tmpdir(),
    clock: options.clock ?? systemClock,
    interrupted: options.interrupted ?? new AbortController().signal,
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Kept extends Writable {
  text = '';
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

/** It is always noon, and waiting takes a twentieth of its time. */
export const noonClock: Clock = {
  now: () => Date.parse(noon),
  monotonic: () => performance.now() * haste,
  sleep: (ms, signal) => systemClock.sleep(ms / haste, signal),
  deadline: (ms) => systemClock.deadline(ms),
};

/** A directory that is gone when the function has ended. */
export async function withDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'evenkeel-test-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Writes a kubeconfig with one cluster and a token; returns its path. */
export function kubeconfigFor(
  url: string,
  directory: string,
  token = 'made-for-this-test',
): string {
  const file = join(directory, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'tester' } }],
    clusters: [{ name: 'test', cluster: { server: url } }],
    users: [{ name: 'tester', user: { token } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
