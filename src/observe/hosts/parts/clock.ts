import { type Answers, outputOr, run, statsOf } from '../answers.ts';
import type { Part } from '../part.ts';
import { offsetBounds } from '../times.ts';
import { activeUnits, showRequest } from '../unit-answers.ts';
import { containerOf, containerRequests } from './system.ts';

const noted = statsOf('/run/systemd/timesync/synchronized');
const kernel = run(['timedatectl', 'show', '--property=NTPSynchronized'], { maxBytes: 4096 });
const chrony = run(['chronyc', '-c', 'tracking'], { maxBytes: 4096 });

const keepers: readonly (readonly [unit: string, keeper: string])[] = [
  ['systemd-timesyncd.service', 'systemd-timesyncd'],
  ['chrony.service', 'chrony'],
  ['chronyd.service', 'chrony'],
  ['ntp.service', 'ntpd'],
  ['ntpd.service', 'ntpd'],
  ['ntpsec.service', 'ntpd'],
];

export const clock: Part<'clock'> = {
  part: 'clock',
  requests: () => [...containerRequests, showRequest, noted, kernel, chrony],
  read: (answers, context) => {
    const keeper = keeperOf(answers);
    const synchronised = isSynchronised(answers, keeper);
    return {
      state: 'known',
      value: {
        offsetMs: offsetBounds(context.clock),
        ...(synchronised === undefined ? {} : { synchronised }),
        ...(keeper === undefined ? {} : { keeper }),
      },
    };
  },
};

function keeperOf(answers: Answers): string | undefined {
  // Where systemd was not seen, the offset is still worth to be told.
  const active = orElse(() => activeUnits(answers), new Set<string>());
  const found = keepers.find(([unit]) => active.has(unit))?.[1];
  return found ?? (containerOf(answers) === 'none' ? undefined : 'host');
}

/**
 * By who keeps it, else by the kernel, which a container shares with its machine. chrony leaves the
 * kernel's mark alone unless it is told otherwise, so its own word comes first.
 */
function isSynchronised(answers: Answers, keeper: string | undefined): boolean | undefined {
  if (keeper === 'chrony') {
    const leap = outputOr(answers.ran(chrony))?.trim().split(',').at(-1);
    if (leap === 'Normal' || leap === 'Insert second' || leap === 'Delete second') return true;
    if (leap === 'Not synchronised') return false;
  }
  if (keeper === 'systemd-timesyncd' && answers.stats(noted).length > 0) return true;
  const said = outputOr(answers.ran(kernel))?.trim();
  if (said === 'NTPSynchronized=yes') return true;
  return said === 'NTPSynchronized=no' ? false : undefined;
}

function orElse<T>(tell: () => T, otherwise: T): T {
  try {
    return tell();
  } catch {
    return otherwise;
  }
}
