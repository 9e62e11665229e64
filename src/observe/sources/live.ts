import { KubeFailure, type KubeFailureKind } from '../../access/kube/failure.ts';
import type { KubeReader } from '../../access/kube/port.ts';
import type { Clock, Millis } from '../../lib/clock.ts';
import type { Facet } from '../../model/facet.ts';
import { type FacetName, type FacetValues, facetNames } from '../../model/facets.ts';
import type { Access } from '../../model/objects/cluster.ts';
import type { ClusterIdentity, Facets, Snapshot } from '../../model/snapshot.ts';
import type { CollectContext, Collector } from '../collector.ts';
import { collectors } from '../collectors/registry.gen.ts';
import { hostsNotAsked } from '../hosts-not-asked.ts';
import { facetOfFailure } from '../unknown.ts';
import { gitVersionOf } from '../version.ts';

/** Who we are to the API server, as far as it is no secret. */
export interface Visitor {
  readonly context: string;
  readonly user: string;
  readonly namespace?: string | undefined;
  readonly insecure: boolean;
  readonly clientCertificateNotAfter?: Millis | undefined;
}

export interface LiveOptions {
  readonly reader: KubeReader;
  readonly clock: Clock;
  readonly visitor: Visitor;
  readonly namespaces?: readonly string[] | undefined;
  /** Only these, and what they need; undefined for all. */
  readonly facets?: ReadonlySet<FacetName>;
  /** Ends the collection; whatever is not there by then is unknown. */
  readonly signal: AbortSignal;
  /** What goes on meanwhile: the second look at the Leases waits for it, so that they tell of all that time. */
  readonly meanwhile?: Promise<unknown> | undefined;
  /** Told as each facet ends, for a progress line. */
  readonly onFacet?: (name: FacetName, done: number, of: number) => void;
}

/** Started before the others: the longest list, and the one that others wait for. */
const early: readonly FacetName[] = ['nodes', 'pods'];

/** Facets that wait for all others before their second look. */
const late: ReadonlySet<FacetName> = new Set(['leases']);

/** Looks at a live cluster once: every collector at the same time, each with its own deadline. */
export async function observeLive(options: LiveOptions): Promise<Snapshot> {
  const { reader, clock, namespaces } = options;
  const knock = await knockOn(options);
  const seen = knock.failed ? {} : await collectAll(options);
  // Whatever became of the API server: machines are looked at by somebody else, or by nobody.
  const facets = { ...all(knock.failed ?? notCollected), hosts: hostsNotAsked, ...seen };
  const cluster: ClusterIdentity = {
    context: options.visitor.context,
    server: reader.server,
    ...(knock.version === undefined ? {} : { version: knock.version }),
  };
  const at = clock.now();
  const date = reader.serverDate();
  return {
    cluster,
    at,
    ...(date ? { serverDate: date.server + (at - date.local) } : {}),
    ...(namespaces ? { namespaces } : {}),
    facets: { ...facets, access: knock.access } as unknown as Facets,
  };
}

interface Knock {
  readonly access: Facet<Access>;
  readonly version?: string;
  /** Set when nothing else need be asked. */
  readonly failed?: Facet<never>;
}

/** `/version` is open to whoever is known at all: its answer tells what our credentials are worth. */
async function knockOn({ reader, clock, visitor, signal }: LiveOptions): Promise<Knock> {
  const base = {
    server: reader.server,
    user: visitor.user,
    insecure: visitor.insecure,
    clientCertificateNotAfter: visitor.clientCertificateNotAfter,
  };
  const known = (value: Access): Facet<Access> => ({
    state: 'known',
    value,
    observedAt: clock.now(),
    scope: 'cluster',
    rejected: [],
  });
  try {
    const version = gitVersionOf(await reader.get('/version', { signal }));
    return { access: known({ ...base, outcome: 'ok' }), ...(version ? { version } : {}) };
  } catch (error) {
    const failure = facetOfFailure(error);
    const failed =
      failure.state === 'unknown'
        ? failure
        : ({
            state: 'unknown',
            reason: 'malformed',
            detail: 'no Kubernetes API answers there',
          } as const);
    const kind = error instanceof KubeFailure ? error.kind : 'timed-out';
    const access = known({
      ...base,
      outcome: outcomeOf[kind] ?? 'malformed',
      detail: failed.detail,
    });
    // A server that merely refuses to tell its version may still show the rest.
    return kind === 'forbidden'
      ? { access: known({ ...base, outcome: 'ok' }) }
      : { access, failed };
  }
}

const outcomeOf: { readonly [K in KubeFailureKind]?: Access['outcome'] } = {
  unauthorized: 'unauthorized',
  'client-certificate': 'client-certificate',
  'certificate-expired': 'certificate-expired',
  'certificate-untrusted': 'certificate-untrusted',
  refused: 'refused',
  'timed-out': 'timed-out',
  cancelled: 'timed-out',
  reset: 'reset',
  unreachable: 'unreachable',
  'unknown-host': 'unknown-host',
  'server-error': 'server-error',
  throttled: 'server-error',
};

type AnyFacets = { [K in FacetName]?: Facet<unknown> };

const notCollected: Facet<never> = {
  state: 'unknown',
  reason: 'not-collected',
  detail: 'no check that was run asks for it',
};

function all(facet: Facet<never>): AnyFacets {
  return Object.fromEntries(facetNames.map((name) => [name, facet]));
}

/** The collectors of these facets, of what those need, and of what a refusal falls back on. */
function chosen(facets: ReadonlySet<FacetName> | undefined): readonly Collector[] {
  if (!facets) return collectors.toSorted(earlyFirst);
  const wanted = new Set<FacetName>([...facets, 'namespaces']);
  for (const { facet, needs } of collectors) {
    if (facets.has(facet)) for (const need of needs ?? []) wanted.add(need);
  }
  return collectors.filter(({ facet }) => wanted.has(facet)).toSorted(earlyFirst);
}

function earlyFirst(a: Collector, b: Collector): number {
  const rank = ({ facet }: Collector): number => (early.includes(facet) ? 0 : 1);
  return rank(a) - rank(b);
}

async function collectAll(options: LiveOptions): Promise<AnyFacets> {
  const pending = new Map<FacetName, Promise<Facet<unknown>>>();
  let done = 0;
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  const context: Omit<CollectContext, 'signal'> = {
    reader: options.reader,
    clock: options.clock,
    namespaces: options.namespaces,
    settled,
    facet: async <K extends FacetName>(name: K) =>
      (await (pending.get(name) ?? notCollected)) as Facet<FacetValues[K]>,
    fallbackNamespaces: async () => {
      const namespaces = await context.facet('namespaces');
      if (namespaces.state !== 'known') return [options.visitor.namespace ?? 'default'];
      return namespaces.value.map((each) => each.metadata.name).slice(0, mostNamespaces);
    },
  };
  // Registered before any runs, so that one may wait for another whatever their order.
  const start = Promise.withResolvers<void>();
  const running = chosen(options.facets);
  for (const collector of running) {
    const run = start.promise
      .then(() => collectOne(collector, context, options.signal))
      .then((facet) => {
        done += 1;
        options.onFacet?.(collector.facet, done, running.length);
        return facet;
      });
    pending.set(collector.facet, run);
  }
  start.resolve();
  await Promise.all([...pending].filter(([name]) => !late.has(name)).map(([, run]) => run));
  // Its failure is told by whoever it belongs to.
  await options.meanwhile?.catch(() => undefined);
  settle();
  const facets: AnyFacets = {};
  for (const [name, run] of pending) facets[name] = await run;
  return facets;
}

/** An account that may list namespaces but nothing in them is not asked about a thousand of them. */
const mostNamespaces = 50;

async function collectOne(
  collector: Collector,
  context: Omit<CollectContext, 'signal'>,
  signal: AbortSignal,
): Promise<Facet<unknown>> {
  const own = AbortSignal.any([signal, context.clock.deadline(collector.deadlineMs)]);
  try {
    return await collector.collect({ ...context, signal: own });
  } catch (error) {
    return facetOfFailure(error);
  }
}
