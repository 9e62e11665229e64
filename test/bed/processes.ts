/**
 * The processes of one run: started here, recorded by pid and start time, and ended for certain.
 *
 * A guard process holds a pipe to this one. When the pipe ends, because `end()` closed it or because
 * this process died in whatever way, the guard ends what the record lists and removes the run's
 * directory. Should the guard be killed too, the next run finds the record.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Bed, cacheRoot } from './build.ts';

export type Signal = 'SIGSTOP' | 'SIGCONT' | 'SIGTERM';

/** One started process. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  /** Path of the file that holds its standard output and standard error. */
  readonly log: string;
  alive(): boolean;
  signal(signal: Signal): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL after `graceMs` (5,000). Resolves when it is gone. */
  stop(graceMs?: number): Promise<void>;
}

/** The processes and the temporary directory of one run. */
export interface Run {
  readonly directory: string;
  /** Starts a process in the run's directory; throws when the program cannot be started. */
  start(name: string, program: string, argv: readonly string[]): Promise<Running>;
  /** Ends every process of the run and removes its directory. */
  end(): Promise<void>;
}

/** Names one process beyond doubt: its pid alone may belong to another one by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** "<boot id>:<ticks since boot>": with the pid it names one process for ever. */
  readonly startTime: string;
}

interface RunRecord {
  readonly owner: ProcessIdentity;
  readonly directory: string;
  readonly processes: ProcessIdentity[];
}

/** Makes the directory and the guard of a new run, after ending what dead runs left behind. */
export async function startRun(bed: Bed): Promise<Run> {
  const records = path.join(cacheRoot(), 'running');
  mkdirSync(records, { recursive: true });
  await endLeftovers(bed, records);
  const directory = mkdtempSync(path.join(realpathSync(tmpdir()), 'evenkeel-bed-'));
  const file = path.join(records, `${path.basename(directory)}.json`);
  const record: RunRecord = { owner: identify(process.pid), directory, processes: [] };
  writeRecord(file, record);
  const guard = startGuard(bed, file);
  return {
    directory,
    start: async (name, program, argv) => {
      const running = await startProcess(directory, name, program, argv);
      record.processes.push(identify(running.pid));
      writeRecord(file, record);
      return running;
    },
    end: async () => {
      guard.stdin?.end();
      await exitOf(guard);
    },
  };
}

/** The environment of every child: nothing of the caller's Kubernetes or proxy settings. */
export function childEnvironment(directory: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: directory, TMPDIR: directory };
}

async function startProcess(
  directory: string,
  name: string,
  program: string,
  argv: readonly string[],
): Promise<Running> {
  const log = path.join(directory, `${name}.log`);
  const output = openSync(log, 'a');
  const child = spawn(program, argv, {
    cwd: directory,
    env: childEnvironment(directory),
    stdio: ['ignore', output, output],
    // Its own session: a Ctrl-C in the terminal must reach us only, so that the order is ours.
    detached: true,
  });
  closeSync(output);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
  return runningProcess(name, log, child);
}

function runningProcess(name: string, log: string, child: ChildProcess): Running {
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${name} has no process id`);
  const alive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name,
    pid,
    log,
    alive,
    signal: (signal) => {
      child.kill(signal);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exitOf(child);
    },
    stop: async (graceMs = 5_000) => {
      if (!alive()) return;
      const gone = exitOf(child);
      child.kill('SIGTERM');
      // A stopped process acts on SIGTERM only after this.
      child.kill('SIGCONT');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

function startGuard(bed: Bed, file: string): ChildProcess {
  const guard = spawn(bed.reap, [file], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  const pipe = guard.stdin as (NodeJS.WritableStream & { unref?: () => void }) | null;
  // A guard that was killed is no error of the run: the next run reads the record.
  pipe?.on('error', () => {});
  pipe?.unref?.();
  return guard;
}

async function endLeftovers(bed: Bed, records: string): Promise<void> {
  for (const name of readdirSync(records)) {
    const file = path.join(records, name);
    const record = readRecord(file);
    if (record === undefined || isRunning(record.owner)) continue;
    const reaper = spawn(bed.reap, [file], { stdio: 'ignore' });
    await exitOf(reaper);
  }
}

function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve, reject) => {
    child.ref();
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
}

function writeRecord(file: string, record: RunRecord): void {
  // Readers see the old record or the new one, never half of one.
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 });
  renameSync(temporary, file);
}

function readRecord(file: string): RunRecord | undefined {
  if (!file.endsWith('.json')) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  } catch {
    // Removed between the listing and now: its own guard was faster.
    return undefined;
  }
}

/** Whether that very process is still there. */
export function isRunning(identity: ProcessIdentity): boolean {
  try {
    return identify(identity.pid).startTime === identity.startTime;
  } catch {
    return false;
  }
}

/** Throws when there is no such process. */
export function identify(pid: number): ProcessIdentity {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  // The second field is the command in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, startTime: `${boot}:${fields[19]}` };
}
