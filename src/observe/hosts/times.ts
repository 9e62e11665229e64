import type { Millis } from '../../lib/clock.ts';
import { type Answers, contentsOf, needText, textIn } from './answers.ts';
import type { Seen } from './part.ts';

const started = contentsOf(['/proc/uptime', '/proc/1/stat', '/proc/self/stat']);

/** Asked first: what it says is of the moment at which the host said its hour. */
export const timeRequests = [started];

/** Clock ticks a second in /proc/<pid>/stat, on every architecture that k3s runs on. */
const ticks = 100;

/** What of the host's times means what by our own clock. */
export interface Times {
  /** Our own clock at the moment of the look. */
  readonly now: Millis;
  /** When the machine booted, or the container started. */
  readonly bootedAt: Millis;
  /** How long the machine itself runs, whatever a container says: its kernel's clocks count from there. */
  readonly machineUptimeMs: Millis;
  /** From the clock that counts microseconds since the machine booted, as systemd and the kernel's log use it. */
  readonly fromBoot: (micros: number) => Millis;
  /** From the host's wall clock. */
  readonly fromHost: (at: Millis) => Millis;
}

/**
 * /proc/uptime is the container's own where lxcfs makes it, else the machine's. What the kernel says
 * of a process is never the container's: a process that seems to begin after the present shows that
 * the uptime is not the machine's.
 */
export function timesOf(answers: Answers, { clock }: Pick<Seen, 'clock'>): Times {
  const contents = answers.contents(started);
  const uptimeMs = Number(needText(contents, '/proc/uptime').split(' ')[0]) * 1000;
  if (!Number.isFinite(uptimeMs)) throw new Error('/proc/uptime holds no number');
  const initMs = startOf(textIn(contents, '/proc/1/stat'));
  const reader = startOf(textIn(contents, '/proc/self/stat')) ?? 0;
  const offset = offsetOf(clock);
  const now = lookedAt(clock);
  const isOwn = reader > uptimeMs + 2000;
  const machineUptimeMs = Math.round(Math.max(uptimeMs, reader));
  const sinceInit = isOwn ? uptimeMs : uptimeMs - (initMs ?? 0);
  return {
    now,
    bootedAt: Math.round(now - sinceInit),
    machineUptimeMs,
    fromBoot: (micros) => Math.round(now - machineUptimeMs + micros / 1000),
    fromHost: (at) => Math.round(at - offset),
  };
}

/** Field 22 of /proc/<pid>/stat. The second one is a name that may hold anything, brackets included. */
export function startOf(stat: string | undefined): Millis | undefined {
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const start = Number(fields[19]);
  return Number.isFinite(start) ? (start * 1000) / ticks : undefined;
}

/** Milliseconds that the host's clock is ahead of ours at least and at most. */
export function offsetBounds({ sentAt, receivedAt, hostAt }: Seen['clock']): {
  readonly least: Millis;
  readonly most: Millis;
} {
  return { least: hostAt - receivedAt, most: hostAt - sentAt };
}

/** None, where the clocks may agree by what was measured; else what is likeliest. */
function offsetOf(clock: Seen['clock']): Millis {
  const { least, most } = offsetBounds(clock);
  return least <= 0 && most >= 0 ? 0 : (least + most) / 2;
}

/** When the look was, by our own clock. */
export function lookedAt(clock: Seen['clock']): Millis {
  return Math.round(clock.hostAt - offsetOf(clock));
}
