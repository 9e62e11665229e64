import * as z from 'zod';
import { minute } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { refOf } from '../../model/ref.ts';

/** Timers whose work is to watch this node. */
const timers = ['evenkeel-watch.timer', 'k3s-node-watcher.timer'];

export const check = defineCheck({
  code: 'EK1007',
  id: 'host/watcher-silent',
  title: 'Node watcher does not run',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [],
  options: z.object({
    silentMs: z
      .number()
      .default(6 * minute)
      .describe('how long ago its last run may be: three periods of its timer'),
  }),
  subjects: ({ hosts }) =>
    hosts.filter((host) => host.units.state === 'unknown' || watcherOf(host) !== undefined),
  judge(host, { now }, { silentMs }) {
    if (host.units.state === 'unknown') return unseen(host.units);
    const timer = watcherOf(host);
    if (!timer) return undefined;
    const job = jobOf(host, timer);
    const ranAt = job?.exitedAt ?? job?.startedAt ?? undefined;
    const isLate = ranAt !== undefined && now - ranAt > silentMs;
    const why = whyOf(timer, job, isLate);
    if (!why) return undefined;
    const to = why === 'late' ? (ranAt ?? now) + silentMs : (timer.stateChangedAt ?? now);
    const unit = why === 'failing' ? (job ?? timer) : timer;
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to },
      facts: {
        name: host.metadata.name,
        timer: timer.name,
        why,
        state: unit.activeState,
        ...(ranAt === undefined ? {} : { ranAt, forMs: now - ranAt }),
      },
      evidence: [
        {
          object: refOf(host),
          field: `units[${unit.name}].activeState`,
          value: unit.activeState,
          at: to,
        },
      ],
    };
  },
});

function watcherOf({ units }: Host): Unit | undefined {
  if (units.state !== 'known') return undefined;
  return units.value.find(
    ({ name, loadState }) => timers.includes(name) && loadState !== 'not-found',
  );
}

/** The service that the timer starts. */
function jobOf({ units }: Host, { name }: Unit): Unit | undefined {
  const job = name.replace(/\.timer$/, '.service');
  return units.state === 'known' ? units.value.find((each) => each.name === job) : undefined;
}

function whyOf(
  timer: Unit,
  job: Unit | undefined,
  isLate: boolean,
): 'inactive' | 'failing' | 'late' | undefined {
  if (timer.activeState !== 'active') return 'inactive';
  if (job?.activeState === 'failed') return 'failing';
  return isLate ? 'late' : undefined;
}
