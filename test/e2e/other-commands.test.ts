import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.gen.ts';
import type { FacetName } from '../../src/model/facets.ts';
import { unpackBundle } from '../../src/observe/sources/bundle.ts';
import { expectClear, expectProblem } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, type Ran } from '../support/cli.ts';
import { serveWorld } from '../support/emulated-api.ts';
import { node, object } from '../support/objects.ts';
import type { World } from '../support/snapshot.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-others-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function against(world: World, ...argv: readonly string[]): Promise<Ran> {
  const api = await serveWorld(world);
  try {
    const kubeconfig = kubeconfigFor(api.url, directory, { namespace: 'media' });
    return await evenkeel([...argv, '--kubeconfig', kubeconfig], {
      clock: api.clock,
      cwd: directory,
    });
  } finally {
    await api.close();
  }
}

const home: World = { objects: [node('a'), object('v1', 'Namespace', 'media')] };

function denied(...deny: readonly FacetName[]): World {
  return { ...home, deny };
}

describe('checks', () => {
  test('lists every check with what it reads', async () => {
    const ran = await evenkeel(['checks']);
    expectClear(ran);
    expect(ran.exitCode).toBe(0);
    for (const { id, title } of checks) {
      expect(ran.stdout).toContain(id);
      expect(ran.stdout).toContain(title);
    }
  });

  test('as data', async () => {
    const { stdout } = await evenkeel(['checks', '--output', 'json']);
    const listed = JSON.parse(stdout) as {
      id: string;
      code: string;
      reads: string[];
      either?: string[];
    }[];
    expect(listed.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
    expect(listed.filter(({ code }) => !/^EK\d+$/.test(code))).toEqual([]);
    expect(listed.filter(({ reads, either = [] }) => [...reads, ...either].length === 0)).toEqual(
      [],
    );
  });

  test('as a table', async () => {
    const { stdout } = await evenkeel(['checks', '--output', 'markdown']);
    const rows = stdout.trimEnd().split('\n');
    expect(rows).toHaveLength(checks.length + 2);
    const columns = rows.map((row) => row.split('|').length);
    expect(new Set(columns).size).toBe(1);
  });

  test('of one layer', async () => {
    const { stdout } = await evenkeel(['checks', 'storage', '--output', 'json']);
    const layers = (JSON.parse(stdout) as { layer: string }[]).map(({ layer }) => layer);
    expect(new Set(layers)).toEqual(new Set(['storage']));
  });
});

describe('bundle', () => {
  test('create says what it wrote; inspect says what is in it', async () => {
    const file = join(directory, 'home.gz');
    const made = await against(denied('events'), 'bundle', 'create', '--out', file);
    expectClear(made);
    expect(made.stdout).toMatch(new RegExp(`^${file} \\(\\d+ KiB\\)\\n$`));
    const inspected = await evenkeel(['bundle', 'inspect', file]);
    expectClear(inspected);
    expect(inspected.stdout).toMatch(/^cluster {3}test at http:\/\/127\.0\.0\.1:\d+, v1\.36/);
    expect(inspected.stdout).toMatch(/^nodes +known +1$/m);
    expect(inspected.stdout).toMatch(/^events +unknown +forbidden: .*\/api\/v1\/events/m);
    const json = JSON.parse(
      (await evenkeel(['bundle', 'inspect', file, '-o', 'json'])).stdout,
    ) as object;
    expect(json).toMatchObject({ cluster: { context: 'test' }, at: '2026-03-01T12:00:00.000Z' });
  });

  test('create names the file itself, in the working directory', async () => {
    const { stdout } = await against(home, 'bundle', 'create');
    expect(stdout).toMatch(/^evenkeel-test-20260301T1200\.evenkeel\.gz \(/);
    const file = join(directory, 'evenkeel-test-20260301T1200.evenkeel.gz');
    expect(unpackBundle(readFileSync(file)).facets.nodes).toMatchObject({ state: 'known' });
  });

  test('what the server does not serve is absent, not unknown', async () => {
    const file = join(directory, 'absent.gz');
    await against({ ...home, missing: ['httproutes'] }, 'bundle', 'create', '--out', file);
    const { stdout } = await evenkeel(['bundle', 'inspect', file]);
    expect(stdout).toMatch(/^httproutes +absent +not installed$/m);
  });
});

describe('doctor', () => {
  test('is content with an account that sees everything', async () => {
    const ran = await against(home, 'doctor');
    expectClear(ran);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/^account {5}tester$/m);
    expect(ran.stdout).toContain('Everything that an audit asks for can be seen.');
  });

  test('names what cannot be seen, what that costs, and the rules that would mend it', async () => {
    const ran = await against(denied('secrets', 'nodes'), 'doctor');
    expectClear(ran);
    expect(ran.exitCode).toBe(1);
    // Long lines hang below their value.
    const whole = ran.stdout.replace(/\n {12}(?=\S)/g, ' ');
    expect(whole).toMatch(
      /^cannot see {2}nodes: may not list nodes \(core\); unknown: .*node\/not-ready/m,
    );
    expect(whole).toMatch(/^can see .*pods/m);
    expect(ran.stdout).toContain('evenkeel doctor --output yaml | kubectl apply -f -');
  });

  test('--output yaml is the manifest alone', async () => {
    const ran = await against(denied('nodes'), 'doctor', '--output', 'yaml');
    expect(ran.stdout).toMatch(/^apiVersion: rbac\.authorization\.k8s\.io\/v1\n/);
    expect(ran.stdout).toContain('nodes');
    expect((await against(home, 'doctor', '--output', 'yaml')).stdout).toBe('');
  });

  test('--output json is the same as data', async () => {
    const { stdout } = await against(denied('nodes'), 'doctor', '--output', 'json');
    const found = JSON.parse(stdout) as { missing: object[]; manifest: string };
    expect(found.missing).toMatchObject([{ resource: 'nodes', verb: 'list' }]);
    expect(found.manifest).toContain('ClusterRole');
  });

  test('says of a server that does not know us how to be known', async () => {
    const ran = await against({ ...home, access: { outcome: 'unauthorized' } }, 'doctor');
    expectProblem(ran, 3, /does not know who we are \(HTTP 401\)/);
    expect(ran.stderr).toContain("next: See who you are there with 'kubectl auth whoami'");
  });
});
