import { type Clock, systemClock } from '../../../lib/clock.ts';
import type { Host, HostPart } from '../../../model/objects/host/host.ts';
import { type HostOptions, type HostToLookAt, observeHost } from '../observe-host.ts';
import { type FakeHost, FakeReader } from './fake-host.ts';
import { lookAt } from './lxc-agent.ts';

/** A clock that stands still at the hour of the look. */
export const still: Clock = {
  ...systemClock,
  now: () => lookAt,
  monotonic: () => 0,
  sleep: () => new Promise(() => undefined),
};

/** Looks at a made-up host. */
export function look(
  host: FakeHost,
  options: Partial<HostOptions> & Partial<Omit<HostToLookAt, 'reader'>> = {},
): Promise<Host> {
  const { declared = { addresses: ['192.0.2.11'] }, haproxy, ...rest } = options;
  const reader = new FakeReader(host);
  const signal = new AbortController().signal;
  return observeHost(
    { reader, declared, haproxy },
    { clock: still, signal, timeoutMs: 8000, ...rest },
  );
}

/** One part of it, which must be known. */
export async function seen<K extends HostPart>(
  part: K,
  host: FakeHost,
  options: Parameters<typeof look>[1] = {},
): Promise<Extract<Host[K], { state: 'known' }>['value']> {
  const found = (await look(host, options))[part];
  if (found.state !== 'known') throw new Error(`${part}: ${JSON.stringify(found)}`);
  return found.value;
}
