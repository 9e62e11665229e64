import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Pair } from '../../src/access/kube/testing/certificates.ts';
import { main } from '../../src/cli/main.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
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

/** Waiting takes a twentieth of its time. */
const haste = 20;

/** It is always noon; time passes as it does, and waiting is short. */
export const noonClock: Clock = {
  now: () => Date.parse(noon),
  monotonic: () => performance.now(),
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

export interface KubeconfigShape {
  /** Name of the user entry. */
  readonly user?: string;
  readonly token?: string;
  readonly client?: Pair;
  /** PEM. */
  readonly authority?: string;
  readonly namespace?: string;
}

/** Writes a kubeconfig with one cluster and one user; returns its path. */
export function kubeconfigFor(url: string, directory: string, shape: KubeconfigShape = {}): string {
  const { user = 'tester', client, authority, namespace } = shape;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const credentials = client
    ? {
        'client-certificate-data': base64(client.certificate),
        'client-key-data': base64(client.key),
      }
    : { token: shape.token ?? 'made-for-this-test' };
  const ca = authority === undefined ? {} : { 'certificate-authority-data': base64(authority) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [
      { name: 'test', context: { cluster: 'test', user, ...(namespace && { namespace }) } },
    ],
    clusters: [{ name: 'test', cluster: { server: url, ...ca } }],
    users: [{ name: user, user: credentials }],
  };
  const file = join(directory, 'kubeconfig');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
