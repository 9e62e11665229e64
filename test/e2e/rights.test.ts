import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.gen.ts';
import { type AuditDocument, documentSchema } from '../../src/report/schema.ts';
import { expectClear, expectProblem } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, type Ran } from '../support/cli.ts';
import { status } from '../support/emulated-answers.ts';
import { serveWorld } from '../support/emulated-api.ts';
import { lease, node, object, pod } from '../support/objects.ts';
import { ago, type World } from '../support/snapshot.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-rights-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const stuck = { node: 'a', deleted: ago(7200) };
const world: World = {
  objects: [
    node('a'),
    lease('a'),
    object('v1', 'Namespace', 'media'),
    object('v1', 'Namespace', 'web'),
    pod('one', { ...stuck, namespace: 'media' }),
    pod('two', { ...stuck, namespace: 'web' }),
  ],
};

/** Audits with an account to which the paths that match are forbidden. */
async function audited(
  forbidden: RegExp,
  ...argv: readonly string[]
): Promise<Ran & { report: AuditDocument }> {
  const api = await serveWorld(world, {
    instead: (url, response) => {
      if (!forbidden.test(url.pathname)) return false;
      status(response, 403, 'Forbidden', `${url.pathname} is forbidden`);
      return true;
    },
  });
  try {
    const kubeconfig = kubeconfigFor(api.url, directory, { namespace: 'media' });
    const ran = await evenkeel(['audit', '--output', 'json', '--kubeconfig', kubeconfig, ...argv], {
      clock: api.clock,
      cwd: directory,
    });
    expectClear(ran);
    return { ...ran, report: documentSchema.parse(JSON.parse(ran.stdout)) };
  } finally {
    await api.close();
  }
}

/** What the check of stuck pods says: of which pods, and what of it is not known. */
function stuckOf({ findings }: AuditDocument): { names: string[]; unknown: string[] } {
  const said = findings.filter(({ check }) => check === 'workload/stuck-terminating');
  return {
    names: said.flatMap(({ verdict, subject }) =>
      verdict === 'fail' ? (subject?.name ?? []) : [],
    ),
    unknown: said.flatMap(({ verdict, reason }) => (verdict === 'unknown' ? (reason ?? []) : [])),
  };
}

describe('an account that may not', () => {
  test.each([
    ['list nodes', /\/nodes$/, 'nodes'],
    ['list Secrets', /\/secrets$/, 'secrets'],
    ['list CRDs', /\/customresourcedefinitions$/, 'customresourcedefinitions'],
    ['list events', /\/events$/, 'events'],
  ])('%s: what needs them is unknown, the rest is judged', async (_, forbidden, facet) => {
    const { report } = await audited(forbidden);
    for (const { id, reads } of checks) {
      const summary = report.works.checks.find((each) => each.id === id);
      if (!(reads as readonly string[]).includes(facet)) continue;
      expect(summary, id).toMatchObject({ state: 'blind', judged: 0, well: 0 });
      expect(report.findings.find(({ check }) => check === id)).toMatchObject({
        verdict: 'unknown',
        reason: 'forbidden',
      });
    }
    if (facet !== 'nodes') expect(stuckOf(report).names.toSorted()).toEqual(['one', 'two']);
  });

  test('look beyond one namespace: that one is judged, the others are said to be unseen', async () => {
    const { report } = await audited(/^\/apis?\/(?!.*\/namespaces\/media\/|.*\/nodes$)/);
    expect(stuckOf(report)).toEqual({ names: ['one'], unknown: ['forbidden'] });
  });

  test('look anywhere but at namespaces themselves: each of them is asked', async () => {
    const { report } = await audited(/^\/api\/v1\/pods$/);
    expect(stuckOf(report)).toEqual({ names: ['one', 'two'], unknown: ['forbidden'] });
  });

  test('look anywhere: that is not well', async () => {
    const api = await serveWorld(world, {
      instead: (url, response) => {
        if (url.pathname === '/version') return false;
        status(response, 403, 'Forbidden', 'no');
        return true;
      },
    });
    try {
      const argv = ['audit', '--kubeconfig', kubeconfigFor(api.url, directory)];
      const ran = await evenkeel(argv, { clock: api.clock });
      expectProblem(ran, 3, /could not be observed: nothing of it/);
    } finally {
      await api.close();
    }
  });
});

test('a namespace that is not there is a mistake, not a cluster in good health', async () => {
  const api = await serveWorld(world);
  try {
    const argv = ['audit', '--kubeconfig', kubeconfigFor(api.url, directory), '-n', 'web,medi'];
    const ran = await evenkeel(argv, { clock: api.clock });
    expectProblem(ran, 2, /there is no namespace medi; did you mean media\?/);
    expect(ran.stderr).toContain('next: list them with: kubectl get namespaces');
  } finally {
    await api.close();
  }
});

describe('of two namespaces that were asked for', () => {
  const both = ['--namespace', 'media,web'];

  test('both may be seen', async () => {
    const { report } = await audited(/never/, ...both);
    expect(stuckOf(report)).toEqual({ names: ['one', 'two'], unknown: [] });
  });

  test('one may not: it is unknown, not well', async () => {
    const { report } = await audited(/\/namespaces\/web\//, ...both);
    expect(stuckOf(report)).toEqual({ names: ['one'], unknown: ['forbidden'] });
  });

  test('neither may', async () => {
    const { report } = await audited(/\/namespaces\/(web|media)\//, ...both);
    expect(stuckOf(report)).toEqual({ names: [], unknown: ['forbidden'] });
  });
});
