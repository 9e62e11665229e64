import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.gen.ts';
import type { FacetName } from '../../src/model/facets.ts';
import { collectors } from '../../src/observe/collectors/registry.gen.ts';
import { type AuditDocument, documentSchema } from '../../src/report/schema.ts';
import { expectClear, looksLikeSlip } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, type Ran } from '../support/cli.ts';
import { json } from '../support/emulated-answers.ts';
import { serveWorld } from '../support/emulated-api.ts';
import { lease, node, pod } from '../support/objects.ts';
import type { World } from '../support/snapshot.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-objects-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const world: World = { objects: [node('a'), lease('a'), pod('good', { node: 'a' })] };

/** Audits the world while the lists of one resource are whatever the test says. */
async function audited(resource: string, list: unknown): Promise<Ran & { report: AuditDocument }> {
  const ends = new RegExp(`/v\\d[^/]*/(namespaces/[^/]+/)?${resource}$`);
  const api = await serveWorld(world, {
    instead: (url, response) => {
      if (!ends.test(url.pathname)) return false;
      json(response, list);
      return true;
    },
  });
  try {
    const argv = ['audit', '--output', 'json', '--kubeconfig', kubeconfigFor(api.url, directory)];
    const ran = await evenkeel(argv, { clock: api.clock, cwd: directory });
    expectClear(ran);
    return { ...ran, report: documentSchema.parse(JSON.parse(ran.stdout)) };
  } finally {
    await api.close();
  }
}

/** Every check that reads the facet says that it could not, or not wholly. */
function expectUnknown({ findings, works }: AuditDocument, facet: FacetName, detail: RegExp): void {
  for (const { id, reads } of checks) {
    if (!reads.includes(facet)) continue;
    const state = works.checks.find((each) => each.id === id)?.state;
    const said = findings.find((each) => each.check === id && each.subject === null);
    if (state === 'absent') continue;
    expect(said, id).toMatchObject({ verdict: 'unknown', reason: 'malformed' });
    expect(said?.detail, id).toMatch(detail);
  }
}

function listOf(...items: readonly unknown[]): object {
  return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items };
}

const { apiVersion: _, kind: __, ...good } = pod('bad', { node: 'a' });

describe('a pod', () => {
  const items: readonly (readonly [string, unknown, RegExp])[] = [
    ['whose spec is a string', { ...good, spec: 'hello' }, /default\/bad .*\(spec: /],
    ['without status', { ...good, status: undefined }, /default\/bad .*\(status: /],
    [
      'whose labels are a list',
      { ...good, metadata: { ...good.metadata, labels: ['a', 'b'] } },
      /default\/bad .*\(metadata\.labels: /,
    ],
    [
      'whose number of restarts is text',
      { ...good, status: { containerStatuses: [{ name: 'c', ready: true, restartCount: '3' }] } },
      /default\/bad .*restartCount: /,
    ],
    ['that is null', null, /an object without metadata .*\(object: /],
    ['that is a list', [good], /an object without metadata/],
    ['that is text', 'pod', /an object without metadata/],
    ['without a name', { ...good, metadata: { namespace: 'default' } }, /metadata\.name: /],
    ['whose name is a number', { ...good, metadata: { name: 5 } }, /unnamed .*metadata\.name: /],
    [
      'of which a condition is null',
      { ...good, status: { conditions: [null] } },
      /status\.conditions\.0: /,
    ],
  ];

  test.each(items)('%s is not judged, and not forgotten', async (_name, item, detail) => {
    const { report, exitCode } = await audited('pods', listOf(item));
    expectUnknown(report, 'pods', detail);
    expect(exitCode).toBe(0);
  });

  test('that makes no sense hides no other', async () => {
    const {
      apiVersion: _a,
      kind: _k,
      ...other
    } = pod('stuck', { deleted: '2026-03-01T08:00:00Z' });
    const { report } = await audited('pods', listOf(null, other, { ...good, spec: 5 }));
    expectUnknown(report, 'pods', /an object without metadata and 1 more could not be read/);
    const stuck = report.findings.filter(({ subject }) => subject?.name === 'stuck');
    expect(stuck.map(({ verdict }) => verdict)).toContain('fail');
  });
});

describe('a list', () => {
  test('of nothing is empty: Go writes it as null', async () => {
    const { report, exitCode } = await audited('pods', { ...listOf(), items: null });
    expect(exitCode).toBe(0);
    expect(report.unknown.filter(({ detail }) => detail.includes('pods'))).toEqual([]);
  });

  test.each([
    ['that is one pod', { kind: 'Pod', ...good }],
    ['without items', { kind: 'PodList', metadata: {} }],
    ['whose items are an object', { ...listOf(), items: { 0: good } }],
    ['that is an array', [good]],
    ['that is null', null],
    ['that is text', 'pods'],
  ])('%s is not known', async (_name, list) => {
    const { report } = await audited('pods', list);
    expectUnknown(report, 'pods', /the answer is JSON, but not a list/);
  });

  test('whose next page is the page itself ends', async () => {
    const again = { ...listOf(good), metadata: { continue: 'again' } };
    const { report } = await audited('pods', again);
    expectUnknown(report, 'pods', /the next page is this page again/);
  });
});

describe('whatever a list holds', () => {
  const resources = collectors.flatMap(({ facet, rights }) =>
    rights.filter(({ verb }) => verb === 'list').map(({ resource }) => [facet, resource] as const),
  );

  test.each(resources)('of %s: it is judged, or said to be unreadable', async (facet, resource) => {
    const items = fc.array(fc.jsonValue(), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(items, fc.boolean(), async (given, isTable) => {
        fc.pre(!looksLikeSlip(JSON.stringify(given)));
        const rows = given.map((object) => ({ cells: [], object }));
        const table = { kind: 'Table', metadata: {}, rows };
        const list = isTable && facet === 'secrets' ? table : listOf(...given);
        const { report, exitCode } = await audited(resource, list);
        // Without its own name no object is one.
        expectUnknown(report, facet, /could not be read/);
        expect([0, 1]).toContain(exitCode);
      }),
      { numRuns: 8 },
    );
  });
});
