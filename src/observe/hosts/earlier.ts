import type { HostReader } from '../../access/host/port.ts';
import type { Millis } from '../../lib/clock.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { type Answers, contentsOf, lineIn, wholeNumber } from './answers.ts';
import { Conversation, type Limits } from './conversation.ts';
import { linksOf, linksRequest } from './link-answers.ts';
import type { Seen } from './part.ts';
import { diskStatsRequest, writesIn } from './parts/disk-latency.ts';
import { statisticsOf } from './parts/interfaces.ts';
import { snmpRequest, tcpOf } from './parts/tcp.ts';
import { lookedAt } from './times.ts';
import { loadedUnits, shownUnits, showRequest } from './unit-answers.ts';

type Earlier = NonNullable<Host['earlier']>;

/** Counters of a host before the look that counts. */
export interface Before {
  readonly earlier: Earlier;
  readonly bootId: string | undefined;
  readonly writes: NonNullable<Seen['since']>['writes'];
}

const bootPath = '/proc/sys/kernel/random/boot_id';
export const bootRequest = contentsOf([bootPath]);

export function bootIdOf(answers: Answers): string | undefined {
  return lineIn(answers.contents(bootRequest), bootPath);
}

/**
 * Looks at counters, and waits until that is `intervalMs` ago. Rejects where nobody answers: who was
 * silent once is not asked again. Undefined where what was answered is of no use.
 */
export async function lookBefore(
  reader: HostReader,
  limits: Limits,
  intervalMs: Millis,
): Promise<Before | undefined> {
  const conversation = new Conversation(reader, limits);
  const requests = [bootRequest, linksRequest, snmpRequest, diskStatsRequest, showRequest];
  const look = await conversation.ask(requests);
  if (!look) return undefined;
  try {
    await limits.clock.sleep(Math.max(0, intervalMs - conversation.tookMs), limits.signal);
    return beforeOf(conversation.answers(), lookedAt(look.clock));
  } catch {
    return undefined;
  }
}

function beforeOf(answers: Answers, at: Millis): Before {
  const tcp = orNothing(() => tcpOf(answers));
  return {
    bootId: bootIdOf(answers),
    writes: orNothing(() => writesIn(answers)) ?? new Map(),
    earlier: {
      at,
      interfaces: (linksOf(answers) ?? []).map((link) => ({
        name: link.ifname,
        index: link.ifindex,
        carrierChanges: link.stats64?.tx.carrier_changes,
        statistics: statisticsOf(link),
      })),
      ...(tcp ? { tcp } : {}),
      units: loadedUnits(orNothing(() => shownUnits(answers))).map(([name, unit]) => ({
        name,
        restarts: wholeNumber(unit.get('NRestarts')?.[0]) ?? 0,
      })),
    },
  };
}

function orNothing<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch {
    return undefined;
  }
}
