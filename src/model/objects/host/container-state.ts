import type { Host } from './host.ts';
import type { Way } from './reach.ts';

/** What the hypervisor says of a container that does not run. */
export interface ContainerState {
  readonly state: 'stopped' | 'frozen';
  /** The way by which it says so. */
  readonly way: string;
  /** What that way calls the container: `{ pct: '101', on: 'pve' }`; `here` is plain LXC on our own machine. */
  readonly container: { readonly [F in 'pct' | 'lxc' | 'here' | 'on']?: string };
  readonly detail: string;
}

/** Undefined: it runs, or it is no container, or nobody who would know was asked. */
export function containerState({
  reach,
  ways,
}: Pick<Host, 'reach' | 'ways'>): ContainerState | undefined {
  if (reach.state === 'answered') return undefined;
  const said = (outcome: Way['outcome']): Way | undefined =>
    ways.find((way) => way.outcome === outcome);
  const stopped = said('container-stopped');
  if (stopped) return { state: 'stopped', ...tellingOf(stopped) };
  const frozen = said('container-frozen');
  return frozen && { state: 'frozen', ...tellingOf(frozen) };
}

/** `pct 101 on pve`, `lxc web on this machine` */
function tellingOf({ name, detail }: Way): Omit<ContainerState, 'state'> {
  const [, transport = '', id = '', on] = /^(pct|lxc) (\S+) on (.+)$/.exec(name) ?? [];
  const there = on === undefined ? {} : { [transport]: id, on };
  const container = on === 'this machine' ? { here: id } : there;
  return { way: name, detail: detail ?? '', container };
}
