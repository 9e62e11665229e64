import type { HostReader } from '../../access/host/port.ts';
import type { HostSettings } from '../../access/host/settings.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Facet } from '../../model/facet.ts';
import type { Host, HostPart } from '../../model/objects/host/host.ts';
import type { Terminal } from '../spec.ts';
import { readBaselines } from './baseline-file.ts';
import type { GivenHosts } from './given.ts';

export interface LookAt {
  readonly hosts: GivenHosts;
  readonly terminal: Pick<Terminal, 'env'> & { readonly clock: Clock };
  readonly signal: AbortSignal;
  /** Only these; undefined for all. */
  readonly parts?: ReadonlySet<HostPart>;
  /** Told as each machine ends, for a progress line. */
  readonly onHost?: (name: string, done: number, of: number) => void;
}

/** Looks at the machines that were asked for, all at the same time, each with its own deadline. */
export async function lookAtHosts(look: LookAt): Promise<Facet<readonly Host[]>> {
  const { hosts, signal, parts, onHost } = look;
  const { clock } = look.terminal;
  const { baselineFile: file } = hosts;
  const baselines = file === undefined ? undefined : await readBaselines(file);
  return await withReaders(look, async (readers) => {
    const { observeHosts } = await import('../../observe/hosts/observe-hosts.ts');
    return await observeHosts({
      readers: hosts.all.flatMap((settings) => {
        const reader = readers.get(settings.name);
        const isWanted = hosts.wanted.includes(settings.name);
        if (!reader || !isWanted) return [];
        return { reader, declared: declaredOf(settings), haproxy: settings.haproxy };
      }),
      clock,
      signal,
      timeoutMs: hosts.timeoutMs,
      baselines,
      intervalMs: hosts.intervalMs,
      parts,
      onHost,
    });
  });
}

/** Opens the ways to all machines for as long as the work takes. */
export async function withReaders<T>(
  { hosts, terminal }: Pick<LookAt, 'hosts' | 'terminal'>,
  work: (readers: ReadonlyMap<string, HostReader>) => Promise<T>,
): Promise<T> {
  // Only who looks at machines pays for the ssh client at start.
  const { openHosts } = await import('../../access/host/open.ts');
  const { clock, env } = terminal;
  const home = env['HOME'];
  const readers = openHosts(hosts.all, { clock, env, ...(home ? { home } : {}) });
  try {
    return await work(readers);
  } finally {
    await Promise.all([...readers.values()].map((reader) => reader.close()));
  }
}

function declaredOf(settings: HostSettings): Host['declared'] {
  const { node, hypervisor, switch: wiredTo, uplink, optional, ssh } = settings;
  return {
    node,
    hypervisor,
    switch: wiredTo,
    uplink,
    optional,
    addresses: ssh ? [ssh.address] : [],
  };
}
