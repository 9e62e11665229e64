/**
 * The schemas in src/model/objects are the projection: what is named there is kept in memory and
 * leaves the cluster in a bundle. So each field must earn its place: without it, a case fails.
 */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Check } from '../../src/model/check.ts';
import type { Known } from '../../src/model/facet.ts';
import { type ListFacetName, listFacets } from '../../src/model/facets.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { readCaseBook } from '../support/case-book.ts';
import { type CheckCase, type Outcome, outcomeOf } from '../support/cases.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { has, leafPaths, type Path, pathText, without } from './leaf-paths.ts';

/** A case that holds, ready to be run again. */
interface Ready {
  readonly check: Check;
  readonly each: CheckCase;
  readonly snapshot: Snapshot;
  readonly outcome: Outcome;
}

const { entries } = await readCaseBook();

const ready: readonly Ready[] = entries
  .flatMap(({ check, cases }) => cases.map((each) => ({ check, each })))
  .map(({ check, each }) => {
    const snapshot = snapshotOf(each.world);
    return { check, each, snapshot, outcome: outcomeOf(check, snapshot, each.options) };
  })
  // One that fails anyway notices nothing, and is red in its own test.
  .filter(({ each, outcome }) => holds(each, outcome));

/** What of a machine no check reads, `host facts` still shows. */
const shownWhole: readonly ListFacetName[] = ['hosts'];

/** Read by the diagnosis alone: see its ties. */
const ofTies: { readonly [facet: string]: readonly string[] } = {
  services: ['spec.ports[].nodePort'],
};

const projected = (Object.keys(listFacets) as ListFacetName[]).filter(
  (facet) => !shownWhole.includes(facet),
);

describe('every projected field is needed', () => {
  test.each(projected)('%s', (facet) => {
    const cases = ready.filter((it) => uses(it.check, facet) && itemsOf(it, facet).length > 0);
    const paths = leafPaths(listFacets[facet]).filter((path) => isProjected(path, facet, cases));
    const needed = paths.filter((path) => !ofTies[facet]?.includes(pathText(path)));
    const felt = needed.map((path) => ({
      path: pathText(path),
      ...whatNotices(path, facet, cases),
    }));
    const noCaseNotices = felt.filter(({ changed }) => !changed).map(({ path }) => path);
    const noCaseInsists = felt.filter((it) => it.changed && !it.failed).map(({ path }) => path);
    expect({ noCaseNotices, noCaseInsists }).toEqual({ noCaseNotices: [], noCaseInsists: [] });
  });
});

/** `changed`: some check says something else. `failed`: and its case would fail. */
interface Felt {
  readonly changed: boolean;
  readonly failed: boolean;
}

function whatNotices(path: Path, facet: ListFacetName, cases: readonly Ready[]): Felt {
  let changed = false;
  for (const it of cases) {
    if (!itemsOf(it, facet).some((item) => has(item, path))) continue;
    const outcome = outcomeOf(it.check, stripped(it.snapshot, facet, path), it.each.options);
    if (isDeepStrictEqual(outcome, it.outcome)) continue;
    if (!holds(it.each, outcome)) return { changed: true, failed: true };
    changed = true;
  }
  return { changed, failed: false };
}

/** After the projection: so what it derives (a digest, a summary) is a field like any other. */
function stripped(snapshot: Snapshot, name: ListFacetName, path: Path): Snapshot {
  const facet = snapshot.facets[name] as Known<readonly unknown[]>;
  const value = facet.value.map((item) => without(item, path));
  return { ...snapshot, facets: { ...snapshot.facets, [name]: { ...facet, value } } };
}

/** The same comparison as the case's own test makes. */
function holds({ says, judged }: CheckCase, { said, judged: wasJudged }: Outcome): boolean {
  if (said.length !== says.length) return false;
  if (judged !== undefined && judged !== wasJudged) return false;
  return says.every((expected, at) =>
    Object.entries(expected).every(([key, value]) =>
      isDeepStrictEqual(said[at]?.[key as keyof typeof expected], value),
    ),
  );
}

function uses({ reads, wants }: Check, facet: ListFacetName): boolean {
  return reads.includes(facet) || wants.includes(facet);
}

function itemsOf({ snapshot }: Ready, name: ListFacetName): readonly unknown[] {
  const facet = snapshot.facets[name];
  return facet.state === 'known' ? facet.value : [];
}

/** `kind` is ours, not the API's; objects of the cluster have no namespace to take away. */
function isProjected(path: Path, facet: ListFacetName, cases: readonly Ready[]): boolean {
  const text = pathText(path);
  if (text === 'kind') return false;
  if (text !== 'metadata.namespace') return true;
  return cases.some((it) => itemsOf(it, facet).some((item) => has(item, path)));
}
