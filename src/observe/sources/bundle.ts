import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Facet } from '../../model/facet.ts';
import { unknownReasons } from '../../model/facet.ts';
import { type FacetName, facetNames, isListFacet, recordFacets } from '../../model/facets.ts';
import type { Facets, Snapshot } from '../../model/snapshot.ts';
import { hostsNotAsked } from '../hosts-not-asked.ts';
import { project } from '../project.ts';

/**
 * A bundle is gzipped NDJSON: a header, one line a facet, and an end line that counts them, so that
 * a file that was cut is noticed. It holds the projection only: what no check reads is not in it.
 */
const bundleFormat = 'evenkeel-bundle';
const bundleVersion = 1;

/** The most that a bundle may unpack to; 10,000 pods need about 30 MiB. */
const mostBytes = 128 * 1024 * 1024;

/** One a facet; later versions may have more of them. */
const mostLines = 1000;

/** The most objects and arrays in one line: a few bytes of JSON each, and many more in memory. */
const mostContainers = 5_000_000;

/** Why a file is not a bundle that can be read; `next` says what to do. */
export class BundleProblem extends Error {
  override readonly name = 'BundleProblem';
  readonly next: string;

  constructor(message: string, next: string, cause?: unknown) {
    super(message, { cause });
    this.next = next;
  }
}

const stamp = z.object({ format: z.literal(bundleFormat), version: z.number() });

/** What a Date can hold. */
const moment = z.number().min(-8.64e15).max(8.64e15);

const header = z.object({
  cluster: z.object({ context: z.string(), server: z.string(), version: z.string().optional() }),
  at: moment,
  serverDate: moment.optional(),
  namespaces: z.array(z.string()).optional(),
});

const scope = z.union([z.literal('cluster'), z.object({ namespaces: z.array(z.string()) })]);
const facetLine = z.object({
  facet: z.string(),
  state: z.discriminatedUnion('state', [
    z.object({
      state: z.literal('known'),
      value: z.unknown(),
      observedAt: moment,
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
  const [first, ...others] = linesOf(unzip(bytes));
  const head = headerOf(first);
  const lines = others.map(parseLine);
  const end = endLine.safeParse(lines.pop());
  if (!end.success || end.data.facets !== lines.length) throw truncated();
  return { ...head, facets: facetsOf(lines) };
}

/** Before the other lines are read: those of another version may mean something else. */
function headerOf(line: Buffer | undefined): Omit<Snapshot, 'facets'> {
  const given = line && isJson(line) ? parseLine(line) : undefined;
  const stamped = stamp.safeParse(given);
  if (!stamped.success) throw notOne('its first line is not a bundle header');
  const { version } = stamped.data;
  if (version !== bundleVersion) {
    throw new BundleProblem(
      `the bundle has version ${version}, this evenkeel reads version ${bundleVersion}`,
      'use the evenkeel that made it, or make a new one with: evenkeel bundle create',
    );
  }
  const head = header.safeParse(given);
  if (!head.success) throw truncated(head.error);
  return head.data;
}

/** Whether it may be an object at all: what is no bundle is often no text either. */
function isJson(line: Buffer): boolean {
  return line[0] === 0x7b && line.at(-1) === 0x7d;
}

function unzip(bytes: Buffer): Buffer {
  if (bytes.length === 0) throw notOne('it is empty');
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(`more than ${mostBytes / 1024 / 1024} MiB`, error);
    }
    if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR') {
      const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      if (gzip) throw truncated(error);
    }
    throw notOne('it is not a gzip file', error);
  }
}

const another = 'make one with: evenkeel bundle create';

function notOne(why: string, cause?: unknown): BundleProblem {
  return new BundleProblem(`this is not a bundle: ${why}`, another, cause);
}

function tooLarge(what: string, cause?: unknown): BundleProblem {
  return new BundleProblem(`the bundle unpacks to ${what}: it is not opened`, another, cause);
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from);
    const to = newline < 0 ? bytes.length : newline;
    if (to > from) lines.push(bytes.subarray(from, to));
    if (lines.length > mostLines) throw tooLarge('more lines than a bundle has');
    from = to + 1;
  }
  return lines;
}

function truncated(cause?: unknown): BundleProblem {
  return new BundleProblem(
    'the bundle is damaged or was cut short',
    'copy it again and compare its checksum with the original’s, or make a new one',
    cause,
  );
}

function parseLine(line: Buffer): unknown {
  if (containers(line) > mostContainers) throw tooLarge('more objects than a cluster has');
  try {
    return JSON.parse(line.toString('utf8'));
  } catch (error) {
    throw truncated(error);
  }
}

/** Brackets within strings count as well: it is a bound, no measure. */
function containers(line: Buffer): number {
  let count = 0;
  // By index: an iterator would take longer over it than the parser does.
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === 0x7b || line[at] === 0x5b) count += 1;
  }
  return count;
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
  facets.hosts ??= hostsNotAsked;
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
