import type { Millis } from '../lib/clock.ts';
import { second } from '../lib/time.ts';
import type { Explains } from '../model/check.ts';
import type { Fail, Past } from '../model/finding.ts';
import { machineOf } from '../model/hosts.ts';
import type { Topology } from '../model/topology.ts';

type Fault = Fail | Past;

/** Clocks of components differ by a little, and Kubernetes' times are whole seconds. */
export const skewMs: Millis = 5 * second;

/**
 * Time refutes only when the intervals are disjoint the wrong way: the effect certainly began before
 * the cause could have, or certainly later than the cause can reach.
 */
export function timeAllows(
  cause: Fault,
  effect: Fault,
  rule: Pick<Explains, 'within' | 'lead'>,
  topology: Topology,
): boolean {
  const slackMs = slackBetween(cause, effect, topology);
  const { from } = cause.onset;
  if (from !== null && effect.onset.to + (rule.lead ?? 0) + slackMs < from) return false;
  const lastGood = effect.onset.from;
  if (lastGood === null) return true;
  if (cause.verdict !== 'past') return lastGood <= cause.onset.to + rule.within + slackMs;
  // "For as long as it lasts" was over when it ended.
  const after = rule.within === Infinity ? 0 : rule.within;
  return lastGood <= cause.endedAt + after + slackMs;
}

/**
 * Whether the effect may have begun after a cause that works only while it lasts had ended. Both may
 * have overlapped, and nothing says that they did.
 */
export function mayBeTooLate(
  cause: Fault,
  effect: Fault,
  rule: Pick<Explains, 'within'>,
  topology: Topology,
): boolean {
  if (cause.verdict !== 'past' || rule.within !== Infinity) return false;
  return effect.onset.to > cause.endedAt + slackBetween(cause, effect, topology);
}

/** By how much the times of two faults may be off against each other. */
function slackBetween(cause: Fault, effect: Fault, topology: Topology): Millis {
  const machines = new Set([machineOf(cause.subject), machineOf(effect.subject)]);
  // What one machine says of itself is by one clock, however wrong that is.
  if (machines.size === 1) return skewMs;
  return [...machines].reduce((sum, name) => sum + clockDoubtMs(name, topology), skewMs);
}

/** A host's moments were shifted by what was measured of its clock: they are as good as that. */
function clockDoubtMs(name: string | undefined, topology: Topology): Millis {
  const clock = name === undefined ? undefined : topology.hosts.get(name)?.clock;
  if (clock?.state !== 'known') return 0;
  const { least, most } = clock.value.offsetMs;
  return Math.max(0, most - least);
}
