import type { Clock, Millis } from '../../lib/clock.ts';
import { byText } from '../../lib/order.ts';
import type { Facet } from '../../model/facet.ts';
import type { Baseline, Host, HostPart } from '../../model/objects/host/host.ts';
import { type HostToLookAt, observeHost } from './observe-host.ts';

export interface HostsOptions {
  readonly readers: readonly HostToLookAt[];
  readonly clock: Clock;
  /** Ends the collection: hosts that have not answered by then are silent. */
  readonly signal: AbortSignal;
  /** Of each host, all its looks together; 8 s. */
  readonly timeoutMs?: Millis | undefined;
  /** Only these; undefined for all. */
  readonly parts?: Iterable<HostPart> | undefined;
  /** Look twice, that far apart, for rates: fills `earlier`. */
  readonly intervalMs?: Millis | undefined;
  /** What was well once, by host. */
  readonly baselines?: ReadonlyMap<string, Baseline> | undefined;
  /** Told as each host ends, for a progress line. */
  readonly onHost?: ((name: string, done: number, of: number) => void) | undefined;
}

const usualTimeoutMs: Millis = 8000;

/** Each is a connection and a few processes of ours. */
const atATime = 32;

/**
 * Looks at all hosts, each within its own deadline: one that fails hides no other. Moments are by our
 * own clock; `withHosts` makes them the API server's.
 */
export async function observeHosts(options: HostsOptions): Promise<Facet<readonly Host[]>> {
  const { readers, clock, onHost } = options;
  const parts = options.parts && new Set(options.parts);
  const hosts: Host[] = [];
  const waiting = [...readers];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const host = await observeHost(next, {
        clock,
        signal: options.signal,
        timeoutMs: options.timeoutMs ?? usualTimeoutMs,
        parts,
        intervalMs: options.intervalMs,
        baseline: options.baselines?.get(next.reader.name),
      });
      hosts.push(host);
      onHost?.(host.metadata.name, hosts.length, readers.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, readers.length) }, work));
  return {
    state: 'known',
    value: hosts.toSorted((a, b) => byText(a.metadata.name, b.metadata.name)),
    observedAt: clock.now(),
    scope: 'cluster',
    rejected: [],
  };
}
