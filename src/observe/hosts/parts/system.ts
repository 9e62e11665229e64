import { type Answers, contentsOf, lineIn, needText, statsOf, textIn } from '../answers.ts';
import { parseEnvironment } from '../parse/k3s-config.ts';
import { type Mount, parseMountinfo } from '../parse/mountinfo.ts';
import type { Part } from '../part.ts';
import { timeRequests, timesOf } from '../times.ts';

export const mountsRequest = contentsOf(['/proc/self/mountinfo'], 1024 * 1024);

const kernel = '/proc/sys/kernel';
const files = contentsOf([
  `${kernel}/hostname`,
  `${kernel}/osrelease`,
  `${kernel}/random/boot_id`,
  '/etc/machine-id',
  '/etc/os-release',
  '/usr/lib/os-release',
  '/proc/self/uid_map',
  '/run/systemd/container',
]);
const environ = contentsOf(['/proc/1/environ'], 16 * 1024);
const markers = statsOf('/.dockerenv', '/run/.containerenv');

/** What every part that treats a container differently has to ask for. */
export const containerRequests = [files, environ, markers];

export const system: Part<'system'> = {
  part: 'system',
  requests: () => [...timeRequests, ...containerRequests, mountsRequest],
  read: (answers, context) => {
    const contents = answers.contents(files);
    const bootId = lineIn(contents, `${kernel}/random/boot_id`);
    const cgroupVersion = cgroupOf(mountsOf(answers));
    const release = textIn(contents, '/etc/os-release') ?? textIn(contents, '/usr/lib/os-release');
    return {
      state: 'known',
      value: {
        hostname: needText(contents, `${kernel}/hostname`).trim(),
        machineId: lineIn(contents, '/etc/machine-id'),
        ...(bootId ? { bootId } : {}),
        bootedAt: timesOf(answers, context).bootedAt,
        kernel: needText(contents, `${kernel}/osrelease`).trim(),
        os: parseEnvironment(release ?? '').get('PRETTY_NAME'),
        container: containerOf(answers),
        initialUserNamespace: isInitial(needText(contents, '/proc/self/uid_map')),
        ...(cgroupVersion ? { cgroupVersion } : {}),
      },
    };
  },
};

/** `none` on a machine of its own. Without root PID 1's environment is hidden, and systemd's note is not. */
export function containerOf(answers: Answers): string {
  const contents = answers.contents(files);
  const told = /(?:^|\0)container=([^\0]+)/.exec(
    answers.contents(environ).files.find(({ path }) => path === '/proc/1/environ')?.text ?? '',
  )?.[1];
  const noted = lineIn(contents, '/run/systemd/container');
  if (told || noted) return told ?? noted ?? '';
  const there = answers.stats(markers).map(({ path }) => path);
  if (there.includes('/.dockerenv')) return 'docker';
  if (there.includes('/run/.containerenv')) return 'podman';
  return /microsoft/i.test(lineIn(contents, `${kernel}/osrelease`) ?? '') ? 'wsl' : 'none';
}

export function mountsOf(answers: Answers): Mount[] {
  return parseMountinfo(needText(answers.contents(mountsRequest), '/proc/self/mountinfo'));
}

/** The whole range of ids, mapped to itself. */
function isInitial(map: string): boolean {
  return /^\s*0\s+0\s+4294967295\s*$/.test(map);
}

/** Hybrid is version 1: there the controllers are, and version 2 lies beside them with none. */
function cgroupOf(mounts: readonly Mount[]): 1 | 2 | undefined {
  const main = mounts.findLast(({ target }) => target === '/sys/fs/cgroup');
  if (main?.type === 'cgroup2') return 2;
  return mounts.some(({ type }) => type === 'cgroup') ? 1 : undefined;
}
