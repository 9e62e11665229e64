/** The record of the one bed of real nodes that may run: who owns it, and what it has made. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { identify, isRunning, type ProcessIdentity } from '../processes.ts';
import { type KernelSettings, readKernelSettings } from './kernel.ts';
import {
  type BedNode,
  bedDirectory,
  lxcPath,
  namespaceFile,
  namespaces,
  recordDirectory,
} from './layout.ts';

/** Everything that may exist of a bed. It is written before the first of it is made. */
export interface NodesRecord {
  readonly owner: ProcessIdentity;
  /** What the owner is, in words: a test run, or `npm run bed -- up`. */
  readonly title: string;
  readonly startedAt: string;
  readonly directory: string;
  readonly lxcPath: string;
  /** Names of LXC containers. */
  readonly containers: readonly string[];
  /** Names of network namespaces. Every process in one of them is the bed's. */
  readonly namespaces: readonly string[];
  /** Files that are attached to loop devices and mounted. */
  readonly images: readonly string[];
  /** What the bed's kubelets change, as it was before. */
  readonly kernel: KernelSettings;
  readonly nodes: readonly BedNode[];
  /** Set when every node is Ready. */
  readonly ready: boolean;
}

const file = (): string => path.join(recordDirectory(), 'record.json');

/** Takes the one place. Throws when the record of another bed is there. */
export function claim(nodes: readonly BedNode[], title: string): NodesRecord {
  const record: NodesRecord = {
    owner: identify(process.pid),
    title,
    startedAt: new Date().toISOString(),
    directory: bedDirectory(),
    lxcPath: lxcPath(),
    containers: nodes.map(({ lxcName }) => lxcName),
    namespaces: Object.values(namespaces),
    images: nodes.map(({ image }) => image),
    kernel: readKernelSettings(),
    nodes,
    ready: false,
  };
  assertFree(record.namespaces);
  mkdirSync(recordDirectory(), { recursive: true });
  const handle = openNew();
  writeFileSync(handle, JSON.stringify(record));
  closeSync(handle);
  return record;
}

/** A bed that another cache directory records has the same names: it must not be swept as ours. */
function assertFree(names: readonly string[]): void {
  const taken = names.filter((name) => existsSync(namespaceFile(name)));
  if (taken.length === 0) return;
  throw new Error(
    `network namespaces ${taken.join(', ')} are there, and ${file()} is not: ` +
      'a bed with another EVENKEEL_BED_CACHE has made them',
  );
}

/** Of two beds that start at the same moment only one can make the file. */
function openNew(): number {
  try {
    return openSync(file(), 'wx', 0o600);
  } catch (error) {
    throw new Error(`another bed of real nodes has just started: ${file()}`, { cause: error });
  }
}

/** Notes that the bed can be used. */
export function markReady(record: NodesRecord): void {
  // Readers see the old record or the new one, never half of one.
  const temporary = `${file()}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify({ ...record, ready: true }), { mode: 0o600 });
  renameSync(temporary, file());
}

/** The record that is there, whether its owner lives or not. */
export function readRecord(): NodesRecord | undefined {
  try {
    return JSON.parse(readFileSync(file(), 'utf8')) as NodesRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file()} cannot be read; look at it, and remove it`, { cause: error });
  }
}

export function ownerLives(record: NodesRecord): boolean {
  return isRunning(record.owner);
}

/** Path of the record, which the sweep removes last. */
export function recordFile(): string {
  return file();
}
