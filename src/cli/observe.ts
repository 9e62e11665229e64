import packageJson from '../../package.json' with { type: 'json' };
import { KubeClient } from '../access/kube/client.ts';
import type { Connection } from '../access/kube/connection.ts';
import { loadConnection } from '../access/kube/kubeconfig.ts';
import type { Millis } from '../lib/clock.ts';
import { plural } from '../lib/format.ts';
import { nearest } from '../lib/nearest.ts';
import { safeText } from '../lib/terminal-text.ts';
import type { FacetName } from '../model/facets.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { unpackBundle } from '../observe/sources/bundle.ts';
import { observeLive } from '../observe/sources/live.ts';
import { parseDuration } from './duration.ts';
import type { GivenHosts } from './hosts/given.ts';
import { lookAtHosts } from './hosts/look.ts';
import { defaultTimeout } from './options.ts';
import { readInput } from './read.ts';
import { type OptionValues, Problem, type Terminal } from './spec.ts';

export interface ObserveOptions {
  /** Only these; undefined for all. */
  readonly facets?: ReadonlySet<FacetName> | undefined;
  /** The machines to look at meanwhile; undefined for none. */
  readonly hosts?: GivenHosts | undefined;
}

/** The snapshot that the options ask for: of a bundle, or of a live cluster and its machines. */
export async function observe(
  options: OptionValues,
  terminal: Terminal,
  { facets, hosts }: ObserveOptions = {},
): Promise<Snapshot> {
  const bundle = options['bundle'];
  if (typeof bundle === 'string') return await openBundle(bundle, options);
  const timeoutMs = timeoutOf(options);
  if (hosts) refuseLongInterval(hosts, timeoutMs);
  const { reader, connection } = await openCluster(options, terminal);
  const progress = progressLine(terminal, whereOf(connection, hosts));
  const signal = signalOf(timeoutMs, terminal);
  const { clock } = terminal;
  // A machine that hangs has its own deadline; the cluster does not wait for it, nor it for the cluster.
  const looking = hosts && lookAtHosts({ hosts, terminal, signal, onHost: progress.host });
  // Should the cluster fail first, this failure is nobody's.
  looking?.catch(() => undefined);
  try {
    const snapshot = await observeLive({
      reader,
      clock,
      visitor: visitorOf(connection),
      signal,
      onFacet: progress.facet,
      meanwhile: looking,
      ...(facets ? { facets } : {}),
      namespaces: namespacesOf(options),
    });
    refuseUnknownNamespaces(snapshot);
    return looking ? await withLook(snapshot, await looking) : snapshot;
  } finally {
    progress.end();
    reader.close();
    terminal.interrupted.throwIfAborted();
  }
}

async function withLook(
  snapshot: Snapshot,
  facet: Awaited<ReturnType<typeof lookAtHosts>>,
): Promise<Snapshot> {
  const { withHosts } = await import('../observe/hosts/shift.ts');
  return withHosts(snapshot, facet);
}

/** Looking twice takes as long as the interval, and both looks must be over in time. */
export function refuseLongInterval({ intervalMs = 0 }: GivenHosts, timeoutMs: Millis): void {
  if (intervalMs < timeoutMs) return;
  throw new Problem(
    '--interval is as long as --timeout, or longer: the second look would come too late',
    'give a longer --timeout, or a shorter --interval',
  );
}

async function openBundle(file: string, options: OptionValues): Promise<Snapshot> {
  for (const name of ['context', 'kubeconfig', 'namespace', 'hosts']) {
    if (options[name] === undefined) continue;
    throw new Problem(
      `--${name} and --bundle exclude each other: a bundle is of one cluster, as it was seen`,
      `leave out --${name}`,
    );
  }
  return unpackBundle(await readInput(file, 'bundle'));
}

/** The way into the cluster; nothing has been asked yet. */
export async function openCluster(
  options: OptionValues,
  terminal: Terminal,
): Promise<{ reader: KubeClient; connection: Connection }> {
  const connection = await loadConnection({
    env: terminal.env,
    clock: terminal.clock,
    ...(terminal.env['HOME'] ? { home: terminal.env['HOME'] } : {}),
    ...(typeof options['context'] === 'string' ? { context: options['context'] } : {}),
    ...(typeof options['kubeconfig'] === 'string' ? { kubeconfig: options['kubeconfig'] } : {}),
  });
  const reader = new KubeClient(connection, {
    version: packageJson.version,
    clock: terminal.clock,
  });
  return { reader, connection };
}

/** A misspelt namespace is empty, and an empty namespace looks well. */
function refuseUnknownNamespaces({ namespaces = [], facets }: Snapshot): void {
  const there = facets.namespaces.state === 'known' ? facets.namespaces.value : [];
  const names = there.map(({ metadata }) => metadata.name);
  const missing = namespaces.filter((name) => !names.includes(name));
  // No cluster has none: then the list is not to be trusted.
  if (names.length === 0 || missing.length === 0) return;
  const near = nearest(missing[0] ?? '', names);
  throw new Problem(
    `there is no namespace ${missing.join(', ')}${near ? `; did you mean ${near}?` : ''}`,
    'list them with: kubectl get namespaces',
  );
}

/** How long collecting may take; judged before anybody is asked anything. */
export function timeoutOf(options: OptionValues): Millis {
  return parseDuration(String(options['timeout'] ?? defaultTimeout), '--timeout');
}

export function signalOf(timeoutMs: Millis, { clock, interrupted }: Terminal): AbortSignal {
  return AbortSignal.any([interrupted, clock.deadline(timeoutMs)]);
}

function namespacesOf(options: OptionValues): readonly string[] | undefined {
  const given = options['namespace'];
  return Array.isArray(given) ? [...new Set(given as string[])].sort() : undefined;
}

function visitorOf(connection: Connection): Parameters<typeof observeLive>[0]['visitor'] {
  return {
    context: connection.context,
    user: connection.user,
    insecure: connection.insecure,
    ...(connection.namespace === undefined ? {} : { namespace: connection.namespace }),
    ...(connection.clientCertificate
      ? { clientCertificateNotAfter: connection.clientCertificate.notAfter }
      : {}),
  };
}

function whereOf({ server, context }: Connection, hosts: GivenHosts | undefined): string {
  const machines = hosts ? ` and ${plural(hosts.wanted.length, 'machine')} of ${hosts.file}` : '';
  return safeText(`${server} (context ${context})${machines}`);
}

export interface Progress {
  readonly facet: (name: string, done: number, of: number) => void;
  readonly host: (name: string, done: number, of: number) => void;
  readonly end: () => void;
}

/** One line that overwrites itself on a terminal; elsewhere one line at the start. */
export function progressLine({ stderr }: Pick<Terminal, 'stderr'>, where: string): Progress {
  if (!stderr.isTTY) {
    stderr.write(`collecting from ${where}\n`);
    return { facet: () => undefined, host: () => undefined, end: () => undefined };
  }
  const clear = '\r\u001b[K';
  let facets = '';
  let hosts = '';
  const draw = (): void => {
    const parts = [facets, hosts].filter((each) => each !== '').join(' · ');
    stderr.write(`${clear}collecting ${parts}`);
  };
  stderr.write(`collecting from ${where} …`);
  return {
    facet: (name, done, of) => {
      facets = `${done}/${of}: ${name}`;
      draw();
    },
    host: (name, done, of) => {
      hosts = `machines ${done}/${of}: ${safeText(name, 63)}`;
      draw();
    },
    end: () => stderr.write(clear),
  };
}
