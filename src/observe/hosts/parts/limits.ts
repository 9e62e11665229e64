import { inotifyHolders } from '../../../access/host/port.ts';
import type { Host } from '../../../model/objects/host/host.ts';
import {
  type Answers,
  contentsOf,
  lineIn,
  numberIn,
  run,
  Unseen,
  wholeNumber,
} from '../answers.ts';
import type { Part } from '../part.ts';

type Limits = Extract<Host['limits'], { state: 'known' }>['value'];

const conntrack = '/proc/sys/net/netfilter/nf_conntrack';
const inotify = '/proc/sys/fs/inotify/max_user';
const cgroups = ['/sys/fs/cgroup', '/sys/fs/cgroup/pids'];

/** Settings that k3s, the kubelet or its network need, or that a repair would change. */
const sysctls = [
  'fs.inotify.max_queued_events',
  'kernel.keys.root_maxbytes',
  'kernel.keys.root_maxkeys',
  'kernel.panic',
  'kernel.panic_on_oops',
  'net.bridge.bridge-nf-call-iptables',
  'net.ipv4.conf.all.forwarding',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv4.ip_forward',
  'net.ipv6.conf.all.forwarding',
  'user.max_user_namespaces',
  'vm.max_map_count',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
];

const files = contentsOf([
  `${conntrack}_count`,
  `${conntrack}_max`,
  `${inotify}_instances`,
  `${inotify}_watches`,
  '/proc/sys/fs/file-nr',
  '/proc/sys/kernel/pid_max',
  '/proc/loadavg',
  '/proc/meminfo',
  ...cgroups.flatMap((base) => [`${base}/pids.current`, `${base}/pids.max`]),
  ...sysctls.map(pathOf),
]);

const instances = run(inotifyHolders, { timeoutMs: 2000, maxBytes: 128 * 1024 });

export const limits: Part<'limits'> = {
  part: 'limits',
  requests: () => [files, instances],
  read: (answers, { root }) => {
    const contents = answers.contents(files);
    if (contents.files.length === 0) throw new Unseen('no-answer', 'there is nothing in /proc');
    const [open, , most] = (lineIn(contents, '/proc/sys/fs/file-nr') ?? '').split(/\s+/);
    const memory = lineIn(contents, '/proc/meminfo') ?? '';
    const held = root ? instancesOf(answers) : undefined;
    const found: Omit<Limits, 'sysctls'> = {
      conntrackCount: numberIn(contents, `${conntrack}_count`),
      conntrackMax: numberIn(contents, `${conntrack}_max`),
      inotifyInstancesMax: numberIn(contents, `${inotify}_instances`),
      inotifyWatchesMax: numberIn(contents, `${inotify}_watches`),
      inotifyInstances: held,
      filesOpen: wholeNumber(open),
      filesMax: wholeNumber(most),
      ...pidsOf(answers),
      memoryTotalBytes: kibOf(memory, 'MemTotal'),
      memoryAvailableBytes: kibOf(memory, 'MemAvailable'),
    };
    const seen = sysctls.flatMap((name) => {
      const value = lineIn(contents, pathOf(name));
      return value === undefined ? [] : [[name, value] as const];
    });
    return { state: 'known', value: { ...found, sysctls: Object.fromEntries(seen) } };
  },
};

function pathOf(sysctl: string): string {
  return `/proc/sys/${sysctl.replaceAll('.', '/')}`;
}

/** A container's own count and limit where it has them, else the machine's threads and its greatest id. */
function pidsOf(answers: Answers): Pick<Limits, 'pidsCount' | 'pidsMax'> {
  const contents = answers.contents(files);
  for (const base of cgroups) {
    const pidsCount = numberIn(contents, `${base}/pids.current`);
    const pidsMax = numberIn(contents, `${base}/pids.max`);
    if (pidsCount !== undefined && pidsMax !== undefined) return { pidsCount, pidsMax };
  }
  const threads = /^\S+ \S+ \S+ \d+\/(\d+) /.exec(lineIn(contents, '/proc/loadavg') ?? '')?.[1];
  return {
    pidsCount: wholeNumber(threads),
    pidsMax: numberIn(contents, '/proc/sys/kernel/pid_max'),
  };
}

function kibOf(memory: string, name: string): number | undefined {
  const kib = wholeNumber(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(memory)?.[1]);
  return kib === undefined ? undefined : kib * 1024;
}

/**
 * Of the user that holds most: the limit is each user's own. Processes that end meanwhile make `find`
 * end with an error; systemd alone holds some, so that none at all is no answer.
 */
function instancesOf(answers: Answers): number | undefined {
  const answer = answers.ran(instances);
  const users = answer.kind === 'ran' ? answer.stdout.split('\n') : [];
  const counts = new Map<string, number>();
  for (const user of users) {
    if (/^\d+$/.test(user)) counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return counts.size === 0 ? undefined : Math.max(...counts.values());
}
