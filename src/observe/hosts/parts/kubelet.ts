import type { FileStat } from '../../../access/host/port.ts';
import { byText } from '../../../lib/order.ts';
import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, statsOf, Unseen, wholeNumber } from '../answers.ts';
import { k3sProperties, k3sSettings, settingsRequests } from '../k3s-settings.ts';
import { kubeletArgvRequests, kubeletProcess, processRequests } from '../kubelet-process.ts';
import { rootsOf, runningRoot } from '../kubelet-roots.ts';
import type { Part, Seen } from '../part.ts';
import { startOf, timeRequests, timesOf } from '../times.ts';

type Tree = Extract<Host['kubelet'], { state: 'known' }>['value']['trees'][number];

export const kubelet: Part<'kubelet'> = {
  part: 'kubelet',
  requests: () => [...timeRequests, ...settingsRequests, ...processRequests],
  more: (answers) => [...kubeletArgvRequests(answers), treesRequest(answers)],
  read: (answers, context) => {
    const settings = k3sSettings(answers);
    const stats = answers.stats(treesRequest(answers));
    const roots = rootsOf(answers).filter((root) => stats.some(({ path }) => path === root));
    const own = kubeletProcess(answers);
    const unit = k3sProperties(answers);
    const running = own !== undefined || wholeNumber(unit?.get('MainPID')?.[0]) !== 0;
    if (!settings.installed && !own && roots.length === 0) return { state: 'absent' };
    // Its directories are root's alone: to us every one of them looks empty.
    if (!context.root && roots.length > 0) {
      throw new Unseen('forbidden', `only root sees what lies below ${roots.join(', ')}`);
    }
    const isUp = running && (own !== undefined || unit !== undefined);
    return {
      state: 'known',
      value: {
        ...(isUp ? { root: runningRoot(answers), startedAt: startedAt(answers, context) } : {}),
        running: isUp,
        trees: roots.map((root) => treeOf(root, stats)),
      },
    };
  },
};

function treesRequest(answers: Answers): ReturnType<typeof statsOf> {
  return statsOf(
    ...rootsOf(answers).flatMap((root) => [
      root,
      `${root}/pods/*`,
      `${root}/plugins/*/*.sock`,
      `${root}/plugins_registry/*`,
    ]),
  );
}

function treeOf(root: string, stats: readonly FileStat[]): Tree {
  const below = (folder: string): FileStat[] =>
    stats.filter(({ path }) => path.startsWith(`${root}/${folder}/`));
  const drivers = below('plugins')
    .filter(({ type }) => type === 'socket')
    .map(({ path }) => path.split('/').at(-2) ?? '');
  const registry = below('plugins_registry')
    .filter(({ type }) => type === 'socket')
    .map(({ path }) => (path.split('/').at(-1) ?? '').replace(/(-reg)?\.sock$/, ''));
  const unique = [...new Set(drivers)].toSorted(byText);
  return {
    path: root,
    pods: below('pods').filter(({ type }) => type === 'directory').length,
    drivers: unique,
    registered: unique.filter((driver) => registry.includes(driver)),
  };
}

function startedAt(answers: Answers, context: Seen): number | undefined {
  const times = timesOf(answers, context);
  const began = startOf(kubeletProcess(answers)?.stat);
  if (began !== undefined) return times.fromBoot(began * 1000);
  const micros = k3sProperties(answers)?.get('ExecMainStartTimestampMonotonic')?.[0];
  return wholeNumber(micros) ? times.fromBoot(Number(micros)) : undefined;
}
