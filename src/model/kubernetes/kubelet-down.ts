import type { Millis } from '../../lib/clock.ts';
import { containerState } from '../objects/host/container-state.ts';
import type { Host } from '../objects/host/host.ts';
import { k3sUnit, unitPhase } from './k3s-unit.ts';

/** How a host shows that no kubelet runs on it now, whatever the API still says. */
export type KubeletDown = 'unit-down' | 'container-stopped' | 'container-frozen';

/**
 * Proof, not silence: undefined where the kubelet runs, may run, or was not seen.
 * `since` is when it ended at the latest; null where nothing tells.
 */
export function kubeletDown(
  host: Host | undefined,
  now: Millis,
): { readonly proof: KubeletDown; readonly since: Millis | null } | undefined {
  if (!host) return undefined;
  const container = containerState(host);
  if (container) return { proof: `container-${container.state}`, since: null };
  const unit = k3sUnit(host);
  if (unit.state !== 'known') return undefined;
  const phase = unitPhase(unit.value, now, host.earlier);
  if (phase === 'running' || phase === 'starting') return undefined;
  // While it tries again, a kubelet of it may speak for a moment.
  const ends = [unit.value.exitedAt, unit.value.stateChangedAt].flatMap((at) => at ?? []);
  return { proof: 'unit-down', since: ends.length > 0 ? Math.min(...ends) : null };
}
