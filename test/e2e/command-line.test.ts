import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.gen.ts';
import { commands } from '../../src/cli/commands/registry.ts';
import type { CommandSpec } from '../../src/cli/spec.ts';
import { packBundle } from '../../src/observe/sources/bundle.ts';
import { documentSchema } from '../../src/report/schema.ts';
import { expectClear, expectProblem } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, type Ran } from '../support/cli.ts';
import { type EmulatedApi, serveWorld } from '../support/emulated-api.ts';
import { lease, node, pod } from '../support/objects.ts';
import { ago, snapshotOf, type World } from '../support/snapshot.ts';

/** One node is cordoned (low), a pod of each of two namespaces is stuck (high). */
const world: World = {
  objects: [
    node('a', {
      unschedulable: true,
      taints: [
        { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: ago(90_000) },
      ],
    }),
    lease('a'),
    pod('one', { namespace: 'media', node: 'a', deleted: ago(7200) }),
    pod('two', { namespace: 'web', node: 'a', deleted: ago(7200) }),
  ],
};

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-line-'));
const bundle = join(directory, 'world.gz');
let api: EmulatedApi;
let kubeconfig: string;

beforeAll(async () => {
  api = await serveWorld(world);
  kubeconfig = kubeconfigFor(api.url, directory);
  writeFileSync(bundle, packBundle(snapshotOf(world)));
});
afterAll(async () => {
  await api.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The words as a person types them, without any that hold a space. */
async function run(line: string, ...more: readonly string[]): Promise<Ran> {
  const argv = line.split(' ').filter(Boolean);
  return await evenkeel([...argv, ...more], { clock: api.clock, cwd: directory });
}

async function live(line: string): Promise<Ran> {
  return await run(line, '--kubeconfig', kubeconfig);
}

async function recorded(line: string): Promise<Ran> {
  return await run(line, '--bundle', bundle);
}

describe('help', () => {
  const all = commands.flatMap(function named(spec: CommandSpec): string[] {
    const below = (spec.commands ?? []).map((each) => `${spec.name} ${each.name}`);
    return [spec.name, ...below];
  });

  test.each(all)('of %s says what it does and takes', async (name) => {
    const ran = await run(`${name} --help`);
    expectClear(ran);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout).toMatch(new RegExp(`^Usage: evenkeel ${name} `));
    for (const line of ran.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('of the whole lists every command, and needs no cluster', async () => {
    const ran = await run('--help');
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    const names = [...commands.map(({ name }) => name), 'completion'];
    for (const name of names) expect(ran.stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  test('is what one gets for saying nothing, and that is no success', async () => {
    const { stdout } = await run('--help');
    expect(await run('')).toMatchObject({ exitCode: 2, stdout });
  });

  test('of audit and doctor names the exit codes', async () => {
    expect((await run('audit --help')).stdout).toContain('3  the cluster could not be observed');
    expect((await run('doctor --help')).stdout).toContain('1  something cannot be seen');
  });

  test('--version is the version', async () => {
    expect(await run('--version')).toMatchObject({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('what is misspelt is guessed', () => {
  test.each([
    ['adit', /unknown command 'adit'\n\(Did you mean audit\?\)/],
    ['completon', /Did you mean completion\?/],
    ['audit --chek x', /unknown option '--chek'\n\(Did you mean --check\?\)/],
    ['bundle creat', /Did you mean create\?/],
    ['audit --output xml', /Allowed choices are text, json, markdown/],
    ['audit --fail-on huge', /Allowed choices are critical, high, medium, low/],
    ['audit --fail-on', /argument missing/],
    ['audit much', /too many arguments/],
    ['explain', /missing required argument 'id'/],
    ['bundle inspect', /missing required argument 'file'/],
    ['bundle', /Usage: evenkeel bundle/],
  ])('%s', async (line, what) => {
    const ran = await run(line);
    expectClear(ran);
    expect(ran.stderr).toMatch(what);
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test.each([
    [
      'audit --check node/not-redy',
      /no check or layer node\/not-redy; did you mean node\/not-ready/,
    ],
    ['audit --check storag', /did you mean storage\?/],
    ['audit --check node --skip node/cordond', /did you mean node\/cordoned\?/],
    ['audit --skip zzzzzzzz', /there is no check or layer zzzzzzzz\n {2}next: .*evenkeel checks/],
    [
      'audit --timeout 5',
      /--timeout 5: not a duration .*\n {2}next: write for example --timeout 60s/,
    ],
    ['audit --timeout -1s', /not a duration/],
    ['audit --timeout 0s', /not a duration/],
    ['audit --timeout 99999h', /not a duration/],
    ['doctor --timeout soon', /not a duration/],
    ['explain node/not-redy', /node\/not-redy is no check .*; did you mean node\/not-ready\?/],
    ['explain media', /media is no check \(layer\/name\), incident \(I-…\) or finding \(F-…\)/],
    ['checks nod', /layers with checks are: .*node/],
  ])('%s', async (line, what) => {
    expectProblem(await run(line), 2, what);
  });

  test('a selection that leaves nothing is a mistake, not a success', async () => {
    expectProblem(await recorded('audit --check node --skip node'), 2, /no check is left/);
  });
});

describe('audit', () => {
  test.each([
    ['text', /^test · v1/],
    ['json', /^\{\n {2}"schema": "evenkeel\/audit\/v1"/],
    ['markdown', /^# Audit of `test`/],
  ])('--output %s', async (output, start) => {
    const ran = await live(`audit --output ${output}`);
    expectClear(ran);
    expect(ran.stdout).toMatch(start);
    expect(ran.stderr).toBe(`collecting from ${api.url} (context test)\n`);
  });

  test.each([
    ['critical', 0],
    ['high', 1],
    ['medium', 1],
    ['low', 1],
  ])('--fail-on %s', async (severity, exitCode) => {
    expect((await recorded(`audit --fail-on ${severity}`)).exitCode).toBe(exitCode);
  });

  test('--fail-on of what is only of low severity', async () => {
    expect((await recorded('audit --check node/cordoned')).exitCode).toBe(0);
    expect((await recorded('audit --check node/cordoned --fail-on medium')).exitCode).toBe(0);
    expect((await recorded('audit --check node/cordoned --fail-on low')).exitCode).toBe(1);
  });

  test('--check and --skip take ids, layers and lists of them', async () => {
    const ran = async (line: string): Promise<readonly string[]> => {
      const { stdout } = await recorded(`audit --output json ${line}`);
      return documentSchema.parse(JSON.parse(stdout)).works.checks.map(({ id }) => id);
    };
    const node = checks.filter(({ layer }) => layer === 'node').map(({ id }) => id);
    expect(await ran('--check node')).toEqual(node);
    expect(await ran('--check node/cordoned,node/pressure')).toEqual([
      'node/cordoned',
      'node/pressure',
    ]);
    expect(await ran('--check node/cordoned --check node/pressure')).toHaveLength(2);
    expect(await ran('--check node --skip node/cordoned')).toHaveLength(node.length - 1);
    expect(await ran('--skip node')).toHaveLength(checks.length - node.length);
  });

  test.each([
    ['--namespace media', ['media']],
    ['-n media', ['media']],
    ['--namespace media --namespace web', ['media', 'web']],
    ['--namespace web,media,web', ['media', 'web']],
  ])('%s stays within', async (line, namespaces) => {
    const { stdout } = await live(`audit --output json --check workload ${line}`);
    const report = documentSchema.parse(JSON.parse(stdout));
    expect(report.namespaces).toEqual(namespaces);
    const stuck = report.findings.flatMap((each) =>
      each.verdict === 'fail' && each.subject?.namespace ? [each.subject.namespace] : [],
    );
    expect(stuck.toSorted()).toEqual(namespaces);
  });

  test('a bundle of a cluster gives the report of that cluster', async () => {
    const file = join(directory, 'made.gz');
    expect((await live(`bundle create --out ${file}`)).exitCode).toBe(0);
    for (const output of ['text', 'markdown', 'json']) {
      const seen = await live(`audit --output ${output}`);
      const again = await run(`audit --output ${output} --bundle ${file}`);
      expect(again.stdout).toBe(seen.stdout);
      expect(again.exitCode).toBe(seen.exitCode);
      expect(again.stderr).toBe('');
    }
  });

  test.each(['--context x', '--namespace x', '--kubeconfig x'])(
    '%s excludes --bundle',
    async (line) => {
      expectProblem(await recorded(`audit ${line}`), 2, /and --bundle exclude each other/);
    },
  );

  test('Ctrl-C is 130 and a sentence', async () => {
    const interrupt = new AbortController();
    interrupt.abort(new Error('interrupted'));
    const argv = ['audit', '--kubeconfig', kubeconfig];
    const ran = await evenkeel(argv, { clock: api.clock, interrupted: interrupt.signal });
    expectClear(ran);
    expect(ran.exitCode).toBe(130);
    expect(ran.stderr).toMatch(/\nInterrupted\. Nothing was changed\.\n$/);
    expect(ran.stdout).toBe('');
  });
});

describe('explain', () => {
  test('a check, by its id or its code', async () => {
    const byId = await run('explain node/not-ready');
    expectClear(byId);
    expect(byId).toMatchObject({ exitCode: 0, stderr: '' });
    expect(byId.stdout).toContain('EK');
    const code = checks.find(({ id }) => id === 'node/not-ready')?.code ?? '';
    expect(await run(`explain ${code}`)).toEqual(byId);
  });

  test('every check', async () => {
    for (const { id } of checks) expectClear(await run(`explain ${id}`));
  });

  test('an incident and a finding, from a cluster, a bundle or a report', async () => {
    const report = join(directory, 'report.json');
    await recorded(`audit --output json --out ${report}`);
    const { stdout } = await recorded('audit --output json');
    const { findings, incidents } = documentSchema.parse(JSON.parse(stdout));
    for (const { id } of [...findings, ...incidents]) {
      const said = await recorded(`explain ${id}`);
      expectClear(said);
      expect(said.exitCode).toBe(0);
      expect((await run(`explain ${id} --report ${report}`)).stdout).toBe(said.stdout);
      expect((await live(`explain ${id}`)).exitCode).toBe(0);
    }
  });

  test.each(['F-00000000', 'I-00000000'])('%s, which is not there', async (id) => {
    expectProblem(await recorded(`explain ${id}`), 2, `there is no ${id} in this audit`);
  });
});
