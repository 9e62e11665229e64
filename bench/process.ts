/** Whole processes, measured from outside: wall time, processor time and peak memory. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly exitCode: number | null;
  readonly wallMs: number;
  /** Peak resident memory, MiB. */
  readonly peakMiB: number;
}

const pollMs = 5;

/** Runs a command to its end; what it prints is read and thrown away. Linux only. */
async function measure(argv: readonly string[]): Promise<Measured> {
  const [command = '', ...rest] = argv;
  const from = performance.now();
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
  let peakKiB = 0;
  // The kernel keeps the high-water mark itself, so a poll can be late but never too low by much.
  const poll = setInterval(() => {
    peakKiB = Math.max(peakKiB, highWater(child.pid));
  }, pollMs);
  child.stdout.resume();
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(poll);
  return { exitCode, wallMs: performance.now() - from, peakMiB: peakKiB / 1024 };
}

function highWater(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  } catch {
    // It has just ended.
    return 0;
  }
}

export interface Pair {
  readonly ours: Measured;
  readonly theirs: Measured;
}

/** Two commands in turn, so that what slows the machine slows both. */
export async function inTurn(
  ours: readonly string[],
  theirs: readonly string[],
  runs: number,
): Promise<readonly Pair[]> {
  await measure(ours);
  await measure(theirs);
  const pairs: Pair[] = [];
  for (let n = 0; n < runs; n++) {
    pairs.push({ ours: await measure(ours), theirs: await measure(theirs) });
  }
  return pairs;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[half - 1] ?? sorted[half], sorted[half]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
