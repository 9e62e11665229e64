/** Runs the bed's own kubectl: no kubectl of the machine, no settings of its user. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Bed } from './build.ts';
import { childEnvironment } from './processes.ts';

export interface KubectlOptions {
  readonly stdin?: string;
  /** A user of the token file; default: the admin. */
  readonly user?: string;
  /** After this many milliseconds (120,000) it is killed, and `code` is -1. */
  readonly deadlineMs?: number;
}

export interface KubectlResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Resolves with any exit code; rejects only when the program cannot be started. */
export function runKubectl(
  bed: Bed,
  directory: string,
  kubeconfig: string,
  argv: readonly string[],
  { stdin = '', deadlineMs = 120_000 }: KubectlOptions,
): Promise<KubectlResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(bed.kube, ['kubectl', ...argv], {
      cwd: directory,
      env: {
        ...childEnvironment(directory),
        KUBECONFIG: kubeconfig,
        KUBECACHEDIR: path.join(directory, 'kubectl-cache'),
        KUBERC: 'off',
      },
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // kubectl may end without reading all of its input.
    child.stdin.on('error', () => {});
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
        code: code ?? -1,
      });
    });
    child.stdin.end(stdin);
  });
}
