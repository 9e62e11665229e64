import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, run, Unseen } from '../answers.ts';
import { k3sSettings } from '../k3s-settings.ts';
import { rootsOf } from '../kubelet-roots.ts';
import { mountOf } from '../parse/mountinfo.ts';
import type { Part } from '../part.ts';
import { firstSpaces, spaceRequests } from '../space-answers.ts';
import { mountsOf, mountsRequest } from './system.ts';

type Used = Extract<Host['usage'], { state: 'known' }>['value'][number];

/** Below this share of free space, or of free inodes, it is worth to know what fills it. */
const littleFree = 0.15;
const mostEntries = 20;
/** What is smaller does not fill a disk. */
const leastBytes = 16 * 1024 * 1024;

export const usage: Part<'usage'> = {
  part: 'usage',
  requests: () => [mountsRequest, ...spaceRequests],
  more: (answers) => duRequests(answers),
  read: (answers) => {
    const requests = duRequests(answers);
    if (requests.length === 0) return { state: 'absent' };
    const ran = requests.map((request) => answers.ran(request));
    const said = ran.flatMap((answer) => (answer.kind === 'ran' ? [answer.stdout] : []));
    if (said.length === 0) throw new Unseen('timed-out', 'du did not end in time');
    return { state: 'known', value: largest(said.flatMap((text) => parseDu(text))) };
  },
};

/** Mount points that are nearly full. */
function nearlyFull(answers: Answers): ReadonlySet<string> {
  const full = [...firstSpaces(answers).byTarget].filter(([, space]) => {
    const { inodes, inodesFree, sizeBytes, availableBytes } = space;
    return (
      availableBytes < littleFree * sizeBytes || (inodesFree ?? 1) < littleFree * (inodes ?? 0)
    );
  });
  return new Set(full.map(([target]) => target));
}

/** What is asked together is seen together, or not at all: what is largest of all may take too long. */
interface Question {
  readonly folders: readonly string[];
  /** The sum of all stays well below the deadline of a host. */
  readonly timeoutMs: number;
}

/** `du` counts each file once: a folder stands before the one that it lies in. */
function questionsOf(answers: Answers): readonly Question[] {
  const { dataDir } = k3sSettings(answers);
  const pods = rootsOf(answers).map((root) => `${root}/pods`);
  return [
    { folders: [...pods, '/var/log/pods', '/var/log'], timeoutMs: 2000 },
    { folders: [`${dataDir}/storage`, `${dataDir}/server/db`], timeoutMs: 1000 },
    { folders: [`${dataDir}/agent/containerd`], timeoutMs: 1000 },
    {
      folders: ['/var/lib/longhorn', '/var/cache', '/var/tmp', '/tmp', '/root', '/home'],
      timeoutMs: 1000,
    },
  ];
}

/** `-x` stays on its file system; folders that lie on one that has room are left out. */
function duRequests(answers: Answers): ReturnType<typeof run>[] {
  const full = nearlyFull(answers);
  if (full.size === 0) return [];
  const mounts = mountsOf(answers);
  return questionsOf(answers).flatMap(({ folders, timeoutMs }) => {
    const lying = folders.filter(
      (folder) => full.has(mountOf(mounts, folder)?.target ?? '') && !isMissing(folder, answers),
    );
    if (lying.length === 0) return [];
    const argv = ['du', '-x', '-a', '-k', '-d', '1', ...lying];
    return run(argv, { timeoutMs, maxBytes: 128 * 1024 });
  });
}

/** A place of k3s that is not there at all needs no question, nor what would lie below it. */
function isMissing(folder: string, answers: Answers): boolean {
  return [...firstSpaces(answers).missing].some(
    (path) => folder === path || folder.startsWith(`${path}/`),
  );
}

/**
 * `4096\t/var/log/syslog` a line, in KiB. A folder comes after what lies in it, and would tell the same
 * again: it counts only when nothing of it was told.
 */
export function parseDu(text: string): Used[] {
  const lines = text.split('\n').flatMap((line) => {
    const [, size, path] = /^(\d{1,15})\t(\/.*)$/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, bytes: Number(size) * 1024 }];
  });
  const parents = new Set(lines.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
  return lines
    .filter(({ path }) => !parents.has(path))
    .map(({ path, bytes }) => {
      const podUid = podOf(path);
      return { path, bytes, ...(podUid === undefined ? {} : { podUid }) };
    });
}

/** `…/pods/<uid>` of the kubelet, `/var/log/pods/<namespace>_<name>_<uid>` of its logs. */
function podOf(path: string): string | undefined {
  return /\/pods\/(?:[^/]*_)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/.exec(
    path,
  )?.[1];
}

function largest(all: readonly Used[]): Used[] {
  return all
    .filter(({ bytes }) => bytes >= leastBytes)
    .toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1))
    .slice(0, mostEntries);
}
