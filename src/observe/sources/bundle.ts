import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Facet } from '../../model/facet.ts';
import { unknownReasons } from '../../model/facet.ts';
import { type FacetName, facetNames, isListFacet, recordFacets } from '../../model/facets.ts';
import type { Facets, Snapshot } from '../../model/snapshot.ts';
import { project } from '../project.ts';

/**
 * A bundle is gzipped NDJSON: a header, one line a facet, and an end line that counts them, so that
 * a file that was cut is noticed. It holds the projection only: what no check reads is not in it.
 */
export const bundleFormat = 'evenkeel-bundle';
export const bundleVersion = 1;

/** The most that a bundle may unpack to; 10,000 pods need about 30 MiB. */
const mostBytes = 512 * 1024 * 1024;

/** Why a file is not a bundle that can be read; `next` says what to do. */
export class BundleProblem extends Error {
  override readonly name = 'BundleProblem';
  readonly next: string;

  constructor(message: string, next: string, cause?: unknown) {
    super(message, { cause });
    this.next = next;
  }
}

const header = z.object({
  format: z.literal(bundleFormat),
  version: z.number(),
  cluster: z.object({ context: z.string(), server: z.string(), version: z.string().optional() }),
  at: z.number(),
  serverDate: z.number().optional(),
  namespaces: z.array(z.string()).optional(),
});

const scope = z.union([z.literal('cluster'), z.object({ namespaces: z.array(z.string()) })]);
const facetLine = z.object({
  facet: z.string(),
  state: z.discriminatedUnion('state', [
    z.object({
      state: z.literal('known'),
      value: z.unknown(),
      observedAt: z.number(),
      scope,
      rejected: z.array(z.object({ name: z.string(), problem: z.string() })),
    }),
    z.object({ state: z.literal('unknown'), reason: z.enum(unknownReasons), detail: z.string() }),
    z.object({ state: z.literal('absent') }),
  ]),
});
const endLine = z.object({ end: z.literal(true), facets: z.number() });

/** Packs a snapshot. The same snapshot gives the same bytes. */
export function packBundle(snapshot: Snapshot): Buffer {
  const { facets, ...rest } = snapshot;
  const lines = [JSON.stringify({ format: bundleFormat, version: bundleVersion, ...rest })];
  for (const name of facetNames) lines.push(JSON.stringify({ facet: name, state: facets[name] }));
  lines.push(JSON.stringify({ end: true, facets: facetNames.length }));
  return gzipSync(`${lines.join('\n')}\n`);
}

/** Unpacks a bundle; every item passes the same schema as when it was collected. */
export function unpackBundle(bytes: Buffer): Snapshot {
  const lines = unzip(bytes).split('\n').filter(Boolean).map(parseLine);
  const head = header.safeParse(lines[0]);
  if (!head.success) {
    throw new BundleProblem(
      'this is not a bundle: its first line is not a bundle header',
      'make one with: evenkeel bundle create',
    );
  }
  if (head.data.version !== bundleVersion) {
    throw new BundleProblem(
      `the bundle has version ${head.data.version}, this evenkeel reads version ${bundleVersion}`,
      'use the evenkeel that made it, or make a new one with: evenkeel bundle create',
    );
  }
  const end = endLine.safeParse(lines.at(-1));
  if (!end.success || end.data.facets !== lines.length - 2) throw truncated();
  const { format: _, version: __, ...rest } = head.data;
  return { ...rest, facets: facetsOf(lines.slice(1, -1)) } as Snapshot;
}

function unzip(bytes: Buffer): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes }).toString('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      const limit = `${mostBytes / 1024 / 1024} MiB`;
      throw new BundleProblem(
        `the bundle unpacks to more than ${limit}: it is not opened`,
        'make one with: evenkeel bundle create',
        error,
      );
    }
    if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR') {
      const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      if (gzip) throw truncated(error);
    }
    throw new BundleProblem(
      'this is not a bundle: it is not a gzip file',
      'make one with: evenkeel bundle create',
      error,
    );
  }
}

function truncated(cause?: unknown): BundleProblem {
  return new BundleProblem(
    'the bundle is damaged or was cut short',
    'copy it again and compare its checksum with the original’s, or make a new one',
    cause,
  );
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw truncated(error);
  }
}

/** A facet that the bundle does not have was not collected by the evenkeel that made it. */
function facetsOf(lines: readonly unknown[]): Facets {
  const facets: { [K in FacetName]?: Facet<unknown> } = {};
  for (const line of lines) {
    const parsed = facetLine.safeParse(line);
    if (!parsed.success) throw truncated(parsed.error);
    const { facet: name, state } = parsed.data;
    // One that a later version collects and no check of this one reads.
    if (!(facetNames as readonly string[]).includes(name)) continue;
    facets[name as FacetName] = state.state === 'known' ? checked(name as FacetName, state) : state;
  }
  for (const name of facetNames) {
    facets[name] ??= {
      state: 'unknown',
      reason: 'not-collected',
      detail: 'the bundle was made by an evenkeel that did not collect it',
    };
  }
  return facets as unknown as Facets;
}

type KnownLine = Extract<z.infer<typeof facetLine>['state'], { state: 'known' }>;

function checked(name: FacetName, state: KnownLine): Facet<unknown> {
  const { observedAt, scope: where } = state;
  if (isListFacet(name)) {
    const into = { items: [], rejected: [...state.rejected] };
    if (!Array.isArray(state.value)) throw truncated();
    project(name, state.value as unknown[], into);
    return { state: 'known', observedAt, scope: where, value: into.items, rejected: into.rejected };
  }
  const record = recordFacets[name].safeParse(state.value);
  if (!record.success) throw truncated(record.error);
  return { state: 'known', observedAt, scope: where, value: record.data, rejected: state.rejected };
}
