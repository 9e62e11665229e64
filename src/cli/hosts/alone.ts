import type { Config } from '../../config/config.ts';
import { plural } from '../../lib/format.ts';
import { byText } from '../../lib/order.ts';
import { safeText } from '../../lib/terminal-text.ts';
import { type Facet, listed } from '../../model/facet.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { progressLine, refuseLongInterval, signalOf, timeoutOf } from '../observe.ts';
import { withConfig } from '../options.ts';
import { exitCodes, type OptionValues, type Terminal } from '../spec.ts';
import { type GivenHosts, hostsWanted } from './given.ts';
import { lookAtHosts } from './look.ts';

export interface LookedAt {
  readonly hosts: GivenHosts;
  readonly config: Config;
  readonly facet: Facet<readonly Host[]>;
  /** By name. */
  readonly seen: readonly Host[];
}

/** A look at machines for its own sake: no cluster is asked. */
export async function lookAlone(
  names: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<LookedAt> {
  const { hosts, config } = await hostsWanted(names, options, terminal);
  const timeoutMs = timeoutOf(withConfig(options, config));
  refuseLongInterval(hosts, timeoutMs);
  const where = `${plural(hosts.wanted.length, 'machine')} of ${hosts.file}`;
  const progress = progressLine(terminal, safeText(where));
  try {
    const signal = signalOf(timeoutMs, terminal);
    const facet = await lookAtHosts({ hosts, terminal, signal, onHost: progress.host });
    const seen = listed(facet).toSorted((a, b) => byText(a.metadata.name, b.metadata.name));
    return { hosts, config, facet, seen };
  } finally {
    progress.end();
    terminal.interrupted.throwIfAborted();
  }
}

/** Whether all, some or none of them answered. */
export function exitOfReach(seen: readonly Host[]): number {
  const silent = seen.filter(({ reach }) => reach.state === 'silent').length;
  if (silent === 0) return exitCodes.ok;
  return silent === seen.length ? exitCodes.notObserved : exitCodes.findings;
}
