import type { HostRequest } from '../../access/host/port.ts';
import { type Answers, contentsOf, wholeNumber } from './answers.ts';
import { k3sProperties } from './k3s-settings.ts';

const slices = ['/sys/fs/cgroup', '/sys/fs/cgroup/systemd'].map(
  (base) => `${base}/system.slice/*.service/cgroup.procs`,
);
const processes = contentsOf(
  slices.flatMap((path) => ['k3s', 'k3s-agent', 'kubelet'].map((unit) => path.replace('*', unit))),
  16 * 1024,
);

/** What `kubeletProcess` needs in the first look. */
export const processRequests = [processes];

/** Containers outlive their k3s in its unit, one process each and more: k3s's own came first. */
const mostProcesses = 24;

/** Asks what runs in k3s's unit: in k3s the kubelet is a part of it, elsewhere it is a child. */
export function kubeletArgvRequests(answers: Answers): HostRequest[] {
  const request = commandsOf(answers);
  return request ? [request] : [];
}

function commandsOf(answers: Answers): ReturnType<typeof contentsOf> | undefined {
  const pids = pidsOf(answers);
  if (pids.length === 0) return undefined;
  const paths = pids.flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/stat`]);
  return contentsOf(paths, 16 * 1024);
}

function pidsOf(answers: Answers): number[] {
  const main = wholeNumber(k3sProperties(answers)?.get('MainPID')?.[0]);
  const inUnit = answers
    .contents(processes)
    .files.flatMap(({ text }) => text.split('\n'))
    .flatMap((line) => wholeNumber(line) ?? [])
    .toSorted((a, b) => a - b)
    .slice(0, mostProcesses);
  return [...new Set([...(main ? [main] : []), ...inUnit])];
}

/** A kubelet that is a process of its own, as it was started; undefined in k3s proper. */
export function kubeletProcess(
  answers: Answers,
): { readonly argv: readonly string[]; readonly stat: string | undefined } | undefined {
  const request = commandsOf(answers);
  if (!request) return undefined;
  const { files } = answers.contents(request);
  for (const { path, text } of files) {
    const argv = text.split('\0');
    if (!path.endsWith('/cmdline') || !isKubelet(argv)) continue;
    const stat = files.find((each) => each.path === path.replace(/cmdline$/, 'stat'));
    return { argv: argv.slice(0, -1), stat: stat?.text };
  }
  return undefined;
}

/** By its own name, or as the first word given to a binary of many names. */
function isKubelet([first = '', second = '']: readonly string[]): boolean {
  return /(^|\/)kubelet$/.test(first) || (/\/[\w.-]+$/.test(first) && second === 'kubelet');
}

/** Options as k3s writes them in `kubelet-arg`, `name=value`. */
export function kubeletArgv(answers: Answers): string[] {
  const argv = kubeletProcess(answers)?.argv ?? [];
  return argv.flatMap((word, at) => {
    if (!word.startsWith('--')) return [];
    const next = argv[at + 1];
    const alone = word.includes('=') || next === undefined || next.startsWith('-');
    return [alone ? word.slice(2) : `${word.slice(2)}=${next}`];
  });
}
