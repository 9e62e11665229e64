import type { Millis } from '../../lib/clock.ts';
import { minute } from '../../lib/time.ts';
import type { Host } from '../objects/host/host.ts';
import type { Look } from '../objects/host/look.ts';
import type { Unit } from '../objects/host/system.ts';
import type { Topology } from '../topology.ts';
import { exitCause } from './unit-log.ts';

/** What a unit does: `restarting` again and again, `hanging` in its start. */
export type UnitPhase = 'running' | 'starting' | 'hanging' | 'restarting' | 'failed' | 'stopped';

export const k3sUnitNames: readonly string[] = ['k3s.service', 'k3s-agent.service'];

/** A start of k3s has no time limit of its own: systemd lets it try for ever. */
const longStartMs: Millis = 5 * minute;

/** What ran for longer did not end for what keeps it from starting. */
const longRunMs: Millis = 5 * minute;

const isRestart = /Scheduled restart job/;
const isFailedExit = /Main process exited, code=exited, status=[1-9]/;

/** A unit that fails again and again is caught in between, while it seems to run. */
const restlessMs: Millis = minute;

/** The unit that runs k3s here: of two, the one that runs, else the one that would at boot. */
export function k3sUnit({ units }: Pick<Host, 'units'>): Look<Unit> {
  if (units.state !== 'known') return units;
  const [unit] = units.value
    .filter(({ name, loadState }) => k3sUnitNames.includes(name) && loadState !== 'not-found')
    .toSorted((a, b) => k3sUnitRank(a) - k3sUnitRank(b));
  return unit ? { state: 'known', value: unit } : { state: 'absent' };
}

const atWork = ['active', 'activating', 'reloading', 'deactivating'];

/** The lower, the more it is the one that runs k3s here. */
export function k3sUnitRank({
  activeState,
  unitFileState,
}: Pick<Unit, 'activeState' | 'unitFileState'>): number {
  if (atWork.includes(activeState)) return 0;
  return unitFileState?.startsWith('enabled') ? 1 : 2;
}

/** Whether k3s is, or may be, on this host: a mere hypervisor or proxy has none of its troubles. */
export function carriesK3s(host: Host, topology: Topology): boolean {
  if (topology.nodeOfHost.has(host.metadata.name)) return true;
  return k3sUnit(host).state !== 'absent';
}

/** `now` and the moments of the unit are by the same clock. */
export function unitPhase(unit: Unit, now: Millis, earlier?: Host['earlier']): UnitPhase {
  switch (unit.activeState) {
    case 'failed':
      return 'failed';
    case 'inactive':
      return 'stopped';
    case 'active':
    case 'reloading':
      return isRestless(unit, now, earlier) ? 'restarting' : 'running';
    default:
      if (unit.restarts >= 2 && !ranLong(unit, now)) return 'restarting';
      if (triesInVain(unit)) return 'restarting';
      return now - startOf(unit, now) > longStartMs ? 'hanging' : 'starting';
  }
}

/**
 * Whether its last start failed for what its own log names: then the next one fails as well, and
 * nobody need wait for it. Without a name, once is no loop.
 */
function triesInVain(unit: Unit): boolean {
  const { startedAt, exitedAt, log, restarts, subState } = unit;
  // Nobody but systemd itself has it wait for a restart, or counts one: this start was asked for.
  if (restarts === 0 && subState !== 'auto-restart') return false;
  // systemd forgets it at a boot, the journal does not: lines of an earlier one tell nothing.
  if (!exitedAt || !log.some(({ text }) => isFailedExit.test(text))) return false;
  if (startedAt && exitedAt - startedAt > longRunMs) return false;
  const { why } = exitCause(unit);
  return why !== 'unknown' && why !== 'server-unreachable' && why !== 'killed';
}

/** When what it does now began: between two tries its last start is an old one. */
function startOf({ startedAt, exitedAt, stateChangedAt }: Unit, now: Millis): Millis {
  const known = [startedAt, exitedAt, stateChangedAt].flatMap((at) => at ?? []);
  return known.length > 0 ? Math.max(...known) : now;
}

/**
 * Whether what ended last had run for long: then its counter, which starts anew only when somebody
 * starts the unit, is of other days. Its log is cut, so what it does not show proves nothing.
 */
function ranLong(unit: Unit, now: Millis): boolean {
  const { activeState, startedAt, exitedAt, log, restartedAt } = unit;
  if (startedAt && exitedAt && exitedAt > startedAt) return exitedAt - startedAt > longRunMs;
  // On its way down its main process is still there, or has ended just now.
  if (activeState === 'deactivating' && startedAt) return now - startedAt > longRunMs;
  const [latest, previous] = (restartedAt ?? []).toReversed();
  // Of the others that were counted the journal has nothing any more.
  if (latest !== undefined) return previous === undefined || latest - previous > longRunMs;
  const [restart, ...more] = log.filter(({ text }) => isRestart.test(text));
  const at = restart?.at;
  if (!at || more.length > 0) return false;
  return log.some((line) => (line.at ?? at) < at - longRunMs);
}

/** It runs, has just begun to, and did so before. */
function isRestless(unit: Unit, now: Millis, earlier: Host['earlier']): boolean {
  const before = earlier?.units.find(({ name }) => name === unit.name)?.restarts;
  if (before !== undefined && unit.restarts - before >= 2) return true;
  if (unit.restarts < 2 || now - (unit.activeSinceAt ?? 0) > restlessMs) return false;
  return (before !== undefined && unit.restarts > before) || !ranLong(unit, now);
}

/** Whether k3s runs here, for severities: undefined where that was not seen. */
export function isUp(host: Host, now: Millis): boolean | undefined {
  const unit = k3sUnit(host);
  if (unit.state !== 'known') return undefined;
  return unitPhase(unit.value, now, host.earlier) === 'running';
}
