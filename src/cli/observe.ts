import packageJson from '../../package.json' with { type: 'json' };
import { KubeClient } from '../access/kube/client.ts';
import type { Connection } from '../access/kube/connection.ts';
import { loadConnection } from '../access/kube/kubeconfig.ts';
import type { Millis } from '../lib/clock.ts';
import { nearest } from '../lib/nearest.ts';
import { safeText } from '../lib/terminal-text.ts';
import type { FacetName } from '../model/facets.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { unpackBundle } from '../observe/sources/bundle.ts';
import { observeLive } from '../observe/sources/live.ts';
import { parseDuration } from './duration.ts';
import { defaultTimeout } from './options.ts';
import { readInput } from './read.ts';
import { type OptionValues, Problem, type Terminal } from './spec.ts';

/** The snapshot that the options ask for: of a bundle, or of a live cluster. */
export async function observe(
  options: OptionValues,
  terminal: Terminal,
  facets?: ReadonlySet<FacetName>,
): Promise<Snapshot> {
  const bundle = options['bundle'];
  if (typeof bundle === 'string') return await openBundle(bundle, options);
  const timeoutMs = timeoutOf(options);
  const { reader, connection } = await openCluster(options, terminal);
  const progress = progressLine(terminal, connection);
  try {
    const snapshot = await observeLive({
      reader,
      clock: terminal.clock,
      visitor: visitorOf(connection),
      signal: signalOf(timeoutMs, terminal),
      onFacet: progress.update,
      ...(facets ? { facets } : {}),
      namespaces: namespacesOf(options),
    });
    refuseUnknownNamespaces(snapshot);
    return snapshot;
  } finally {
    progress.end();
    reader.close();
    terminal.interrupted.throwIfAborted();
  }
}

async function openBundle(file: string, options: OptionValues): Promise<Snapshot> {
  for (const name of ['context', 'kubeconfig', 'namespace']) {
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

/** One line that overwrites itself on a terminal; elsewhere one line at the start. */
function progressLine(
  { stderr }: Terminal,
  connection: Connection,
): { update: (name: string, done: number, of: number) => void; end: () => void } {
  const where = safeText(`${connection.server} (context ${connection.context})`);
  if (!stderr.isTTY) {
    stderr.write(`collecting from ${where}\n`);
    return { update: () => undefined, end: () => undefined };
  }
  const clear = '\r\u001b[K';
  stderr.write(`collecting from ${where} …`);
  return {
    update: (name, done, of) => stderr.write(`${clear}collecting ${done}/${of}: ${name}`),
    end: () => stderr.write(clear),
  };
}
