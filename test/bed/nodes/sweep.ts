/**
 * Takes away everything that a record lists, in whatever state it was left, and nothing else.
 *
 * The guard runs it when the owner has gone, and the next start when there was no guard any more.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { restoreKernelSettings } from './kernel.ts';
import { mark, namespaceFile } from './layout.ts';
import { type NodesRecord, recordFile } from './record.ts';
import { run } from './run.ts';

/** Throws with all that could not be taken away; the record stays then. */
export async function sweep(record: NodesRecord): Promise<void> {
  assertOurs(record);
  const problems: string[] = [];
  const fenced = async (work: () => Promise<void>): Promise<void> => {
    await work().catch((error: unknown) => {
      problems.push(error instanceof Error ? error.message : String(error));
    });
  };
  await Promise.all(
    record.containers.map((name) => fenced(() => endContainer(record.lxcPath, name))),
  );
  for (const name of record.namespaces) await fenced(() => endNamespace(name));
  await fenced(() => unmountAll(record.directory));
  await fenced(async () => restoreKernelSettings(record.kernel));
  for (const image of record.images) await fenced(() => detach(image));
  // With a file system still mounted in it, the directory holds more than ours.
  if (mountsIn(record.directory).length === 0)
    rmSync(record.directory, { recursive: true, force: true });
  if (problems.length > 0)
    throw new Error(`some of the bed is left:\n  ${problems.join('\n  ')}\n(see ${recordFile()})`);
  rmSync(recordFile(), { force: true });
}

/** A record is a file that anything could have written: it must not name what is not ours. */
function assertOurs(record: NodesRecord): void {
  for (const name of [...record.containers, ...record.namespaces]) {
    if (!/^[a-z0-9-]+$/.test(name) || !name.startsWith(`${mark}-`))
      throw new Error(`${recordFile()} names ${name}, which is not the bed's`);
  }
  const directory = path.dirname(recordFile());
  for (const name of [record.directory, record.lxcPath, ...record.images]) {
    if (!path.resolve(name).startsWith(`${directory}${path.sep}`))
      throw new Error(`${recordFile()} names ${name}, which is not the bed's`);
  }
}

async function endContainer(lxcPath: string, name: string): Promise<void> {
  // An owner that died in the middle of a start leaves a start that goes on.
  for (const pid of processesOf((line) => line.startsWith(`lxc-start -P ${lxcPath} -n ${name} `)))
    kill(pid);
  if (existsSync(path.join(lxcPath, name, 'config'))) {
    // A frozen container does not die before it thaws.
    await run(['lxc-unfreeze', '-P', lxcPath, '-n', name], { timeoutMs: 10_000 });
    await run(['lxc-stop', '-P', lxcPath, '-n', name, '-k'], { timeoutMs: 30_000 });
  }
  // The monitor outlives its container for a moment, and a broken start leaves it alone.
  const title = `[lxc monitor] ${lxcPath} ${name}`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const monitors = processesOf((line) => line === title);
    if (monitors.length === 0) break;
    if (attempt === 50) for (const pid of monitors) kill(pid);
    await sleep(50);
  }
  removeControlGroups(name);
}

/** Ids of the processes whose command line is one that is looked for. */
function processesOf(wanted: (line: string) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return wanted(line.replaceAll('\0', ' ').trim());
      } catch {
        // Gone by now.
        return false;
      }
    });
}

/** Only one whose container was killed in the middle of something leaves these behind. */
function removeControlGroups(name: string): void {
  const root = '/sys/fs/cgroup';
  const controllers = existsSync(root) ? readdirSync(root) : [];
  for (const controller of ['', ...controllers]) {
    for (const kind of ['payload', 'monitor']) {
      removeTree(path.join(root, controller, `lxc.${kind}.${name}`));
    }
  }
}

function removeTree(directory: string): void {
  if (!existsSync(directory)) return;
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(path.join(directory, entry.name));
    }
    rmdirSync(directory);
  } catch {
    // A control group that is in use, or goes by itself, is not worth a failure.
  }
}

async function endNamespace(name: string): Promise<void> {
  const file = namespaceFile(name);
  if (!existsSync(file)) return;
  const { stdout } = await run(['ip', 'netns', 'pids', name]);
  const mine = readlinkSync('/proc/self/ns/net');
  for (const pid of stdout.split('\n').filter(Boolean).map(Number)) {
    // Should the name ever lead to the machine's own namespace, nobody is to be killed.
    if (networkOf(pid) !== mine) kill(pid);
  }
  const { code, stderr } = await run(['ip', 'netns', 'del', name]);
  if (code !== 0) throw new Error(stderr.trim());
}

function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in between is what we want.
  }
}

async function unmountAll(directory: string): Promise<void> {
  for (let attempt = 0; mountsIn(directory).length > 0; attempt += 1) {
    for (const mount of mountsIn(directory)) {
      // What still holds the file system after two seconds is none of ours, and lets go when it ends.
      const argv = attempt < 10 ? ['umount', mount] : ['umount', '--lazy', mount];
      const { code, stderr } = await run(argv);
      if (code !== 0 && attempt > 10) throw new Error(stderr.trim());
    }
    if (mountsIn(directory).length > 0) await sleep(200);
  }
}

/** Mount points below a directory, the deepest first. */
function mountsIn(directory: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((mount) => mount.startsWith(`${directory}${path.sep}`))
    .toReversed();
}

async function detach(image: string): Promise<void> {
  const { stdout } = await run(['losetup', '--noheadings', '--output=NAME', '--associated', image]);
  for (const device of stdout.split('\n').filter(Boolean)) {
    const { code, stderr } = await run(['losetup', '--detach', device.trim()]);
    if (code !== 0) throw new Error(stderr.trim());
  }
}
