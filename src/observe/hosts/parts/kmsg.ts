import type { FileStat } from '../../../access/host/port.ts';
import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, contentsOf, statsOf } from '../answers.ts';
import { joined, listOf, parseIni } from '../parse/ini.ts';
import type { Part } from '../part.ts';
import { timeRequests, timesOf } from '../times.ts';
import { unitFilesRequest } from '../unit-answers.ts';
import { mountsOf, mountsRequest } from './system.ts';

const path = '/dev/kmsg';

export const kmsgRequest = statsOf(path);
const makers = contentsOf(
  [
    ...['/etc', '/run', '/usr/local/lib'].map((base) => `${base}/tmpfiles.d/*.conf`),
    // Packages bring many, of which none but one of that name would.
    '/usr/lib/tmpfiles.d/*kmsg*.conf',
    '/etc/systemd/system/*.service',
    '/etc/rc.local',
  ],
  16 * 1024,
);

type Kmsg = Extract<Host['kmsg'], { state: 'known' }>['value'];

export const kmsg: Part<'kmsg'> = {
  part: 'kmsg',
  requests: () => [...timeRequests, mountsRequest, unitFilesRequest, kmsgRequest, makers],
  read: (answers, context) => {
    const stat = answers.stats(kmsgRequest)[0];
    const keptBy = keepers(answers);
    if (!stat) return { state: 'known', value: { type: 'missing', keptBy } };
    const { fromHost } = timesOf(answers, context);
    return {
      state: 'known',
      value: {
        type: typeOf(stat),
        ...(stat.device ? { device: stat.device } : {}),
        target: stat.target,
        dangling: stat.dangling,
        changedAt: fromHost(stat.modifiedAt),
        keptBy,
      },
    };
  },
};

function typeOf({ type }: FileStat): Kmsg['type'] {
  if (type === 'character') return 'device';
  return type === 'link' ? 'link' : 'other';
}

/** Whatever would make it again after a restart, as far as it can be seen from inside. */
function keepers(answers: Answers): string[] {
  const mounts = mountsOf(answers);
  const dev = mounts.findLast(({ target }) => target === '/dev');
  const units = answers.contents(unitFilesRequest).files;
  const others = answers.contents(makers).files;
  const k3sUnits = units.filter((file) => startsWithKmsg(file.text));
  const found: { readonly [name: string]: boolean } = {
    bind: mounts.some(({ target }) => target === path),
    devtmpfs: dev?.type === 'devtmpfs',
    'drop-in': k3sUnits.some((file) => file.path.includes('.d/')),
    unit: k3sUnits.some((file) => !file.path.includes('.d/')),
    tmpfiles: others.some((file) => file.path.includes('/tmpfiles.d/') && makesKmsg(file.text)),
    // Another unit of the administrator that makes it, directly or by a script of that name.
    service: others.some((file) => isMaker(file.path, file.text)),
    'rc-local': others.some(({ path: at, text }) => at === '/etc/rc.local' && mentions(text)),
  };
  return Object.keys(found).filter((name) => found[name]);
}

function startsWithKmsg(text: string): boolean {
  return listOf(parseIni(text), 'Service', 'ExecStartPre').some((each) => each.includes(path));
}

/** A line of tmpfiles.d that creates: a device, a link, a copy. `r` and `D` remove; `z` only adjusts. */
function makesKmsg(text: string): boolean {
  return joined(text).some((line) => /^[cbLCf][+!=~^-]*\s+"?\/dev\/kmsg"?(\s|$)/.test(line));
}

function isMaker(at: string, text: string): boolean {
  if (!at.endsWith('.service') || /\/k3s(-agent)?\.service$/.test(at)) return false;
  const parsed = parseIni(text);
  const commands = ['ExecStartPre', 'ExecStart', 'ExecStartPost'].flatMap((key) =>
    listOf(parsed, 'Service', key),
  );
  return commands.some((each) => each.includes(path) || /\S*\/\S*kmsg\S*/.test(each));
}

function mentions(script: string): boolean {
  return joined(script).some((line) => line.includes(path));
}
