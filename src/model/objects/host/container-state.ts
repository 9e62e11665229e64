import type { Host } from './host.ts';
import type { Way } from './reach.ts';

/** What the hypervisor says of a container that does not run. */
export interface ContainerState {
  readonly state: 'stopped' | 'frozen';
  /** The way by which it says so. */
  readonly way: string;
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
  if (stopped) return { state: 'stopped', way: stopped.name, detail: stopped.detail ?? '' };
  const frozen = said('container-frozen');
  return frozen && { state: 'frozen', way: frozen.name, detail: frozen.detail ?? '' };
}
