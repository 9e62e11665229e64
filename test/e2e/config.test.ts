import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { packBundle } from '../../src/observe/sources/bundle.ts';
import { documentSchema } from '../../src/report/schema.ts';
import { expectClear, expectProblem, looksLikeSlip } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, type Ran } from '../support/cli.ts';
import { serveWorld } from '../support/emulated-api.ts';
import { lease, node, pod } from '../support/objects.ts';
import { ago, snapshotOf, type World } from '../support/snapshot.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-config-'));
const usual = join(directory, 'evenkeel.yaml');
beforeEach(() => rmSync(usual, { recursive: true, force: true }));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const world: World = {
  objects: [
    node('a'),
    lease('a'),
    node('spare', { ready: 'Unknown', since: ago(7200) }),
    lease('spare', { renewed: ago(7230) }),
    pod('stuck', { namespace: 'media', node: 'a', deleted: ago(7200) }),
  ],
};
const bundle = join(directory, 'world.gz');
writeFileSync(bundle, packBundle(snapshotOf(world)));

async function audit(...argv: readonly string[]): Promise<Ran> {
  return await evenkeel(['audit', '--bundle', bundle, ...argv], { cwd: directory });
}

async function failing(...argv: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr } = await audit('--output', 'json', ...argv);
  expect(stderr).toBe('');
  const { findings } = documentSchema.parse(JSON.parse(stdout));
  return findings.flatMap(({ verdict, check }) => (verdict === 'fail' ? [check] : []));
}

describe('evenkeel.yaml', () => {
  test('is taken where one stands, or where it lies', async () => {
    expect(await failing()).toContain('workload/stuck-terminating');
    writeFileSync(usual, 'checks:\n  skip: [workload]\n');
    expect(await failing()).not.toContain('workload/stuck-terminating');
    const other = join(directory, 'other.yaml');
    writeFileSync(other, '{}');
    expect(await failing('--config', other)).toContain('workload/stuck-terminating');
  });

  test.each([
    '',
    '# nothing\n',
    '{}',
    '---\n',
    'audit:\n  # failOn: low\nchecks:\n  skip:\n  options:\n',
  ])('may say nothing: %j', async (text) => {
    writeFileSync(usual, text);
    expect((await audit()).exitCode).toBe(1);
  });

  test('sets the threshold, which the command line overrules', async () => {
    writeFileSync(usual, 'audit:\n  failOn: critical\nchecks:\n  skip: [node]\n');
    expect((await audit()).exitCode).toBe(0);
    expect((await audit('--fail-on', 'high')).exitCode).toBe(1);
  });

  test('sets the options of a check', async () => {
    expect(await failing('--check', 'node/not-ready')).toEqual(['node/not-ready']);
    writeFileSync(
      usual,
      'checks:\n  options:\n    node/not-ready:\n      optionalNodes: [spare]\n',
    );
    const { exitCode } = await audit('--check', 'node/not-ready');
    expect(exitCode).toBe(0);
  });

  test('sets namespaces and patience for a live cluster, and for no bundle', async () => {
    writeFileSync(usual, 'audit:\n  namespaces: [web]\n  timeout: 20s\n');
    expect(await failing()).toContain('workload/stuck-terminating');
    const api = await serveWorld(world);
    try {
      const argv = ['audit', '-o', 'json', '--kubeconfig', kubeconfigFor(api.url, directory)];
      const ran = await evenkeel(argv, { clock: api.clock, cwd: directory });
      expect(documentSchema.parse(JSON.parse(ran.stdout)).namespaces).toEqual(['web']);
    } finally {
      await api.close();
    }
  });
});

describe('mistakes in it', () => {
  test('are all shown at once, each with its place and what would be right', async () => {
    const lines = [
      'audit:',
      '  failon: high',
      '  namespaces: media',
      '  timeout: soon',
      'cheks:',
      '  skip: []',
      'checks:',
      '  skip: 5',
    ];
    writeFileSync(usual, lines.join('\n'));
    const ran = await audit();
    expectProblem(ran, 2, /evenkeel\.yaml has 5 mistakes:/);
    for (const said of [
      /evenkeel\.yaml:2:3: audit: unknown key failon; did you mean failOn\?/,
      /evenkeel\.yaml:3:15: audit\.namespaces: .*array/,
      /evenkeel\.yaml:4:12: audit\.timeout: not a duration, such as 60s or 2m/,
      /evenkeel\.yaml:5:1: unknown key cheks; did you mean checks\?/,
      /evenkeel\.yaml:8:9: checks\.skip: .*array/,
    ]) {
      expect(ran.stderr).toMatch(said);
    }
  });

  test('in names and options of checks as well', async () => {
    const lines = [
      'checks:',
      '  skip: [nod, node/cordoned]',
      '  options:',
      '    node/not-redy: {}',
      '    node/not-ready:',
      '      optionalNodes: [spare]',
      '      optionalNode: [spare]',
      '    node/cordoned:',
      '      maintenanceNodes: spare',
    ];
    writeFileSync(usual, lines.join('\n'));
    const ran = await audit();
    expectProblem(ran, 2, /has 4 mistakes:/);
    for (const said of [
      /yaml:2:10: there is no check or layer nod; did you mean node\?/,
      /yaml:4:5: there is no check node\/not-redy; did you mean node\/not-ready\?/,
      /yaml:7:7: node\/not-ready: unknown key optionalNode; did you mean optionalNodes\?/,
      /yaml:9:25: node\/cordoned: maintenanceNodes: .*array/,
    ]) {
      expect(ran.stderr).toMatch(said);
    }
  });

  test.each([
    ['broken YAML', 'audit: {failOn: high\n', /yaml:\d+:\d+: not valid YAML: /],
    ['a list', '- audit\n', /yaml:1:1: the file: .*object/],
    ['text', 'hello', /yaml:1:1: the file: /],
    ['two documents', '{}\n---\n{}\n', /yaml:2:1: .*there is more than one document/],
    ['an alias of nothing', 'audit: *gone\n', /yaml:\d+:\d+: /],
    ['aliases that grow', grown(), /yaml:\d+:\d+: /],
    ['brackets without end', '['.repeat(20_000), /yaml:\d+:\d+: /],
    ['two megabytes', `# ${'x'.repeat(2 ** 21)}`, /yaml:1:1: it is too large/],
  ])('%s', async (_, text, what) => {
    writeFileSync(usual, text);
    expectProblem(await audit(), 2, what);
  });

  test('a directory of its name', async () => {
    mkdirSync(usual);
    expectProblem(await audit(), 2, /evenkeel\.yaml cannot be read: it is a directory/);
  });

  test('a file that was named and is not there', async () => {
    expectProblem(await audit('--config', join(directory, 'none')), 2, /there is no such file/);
  });

  test('any text at all', async () => {
    const words = fc.constantFrom(
      'audit:',
      'checks:',
      '  failOn: high',
      '  skip: [node]',
      '  options:',
      '    node/not-ready:',
      '  timeout: 5s',
      '  - a',
      '&a',
      '*a',
      '<<: *a',
      '? b',
      '__proto__: {}',
      '"',
      '{',
      '- ',
      '\t',
      '...',
      '    constructor: 1',
      '  namespaces:',
      '!!set {a}',
      '1: 2',
      'null: null',
      '---',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(words, { maxLength: 20 }).map((lines) => lines.join('\n')),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.jsonValue().map((value) => JSON.stringify({ checks: value })),
      fc
        .jsonValue()
        .map((value) => JSON.stringify({ checks: { options: { 'node/not-ready': value } } })),
    );
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        fc.pre(!looksLikeSlip(given));
        writeFileSync(usual, given);
        const ran = await audit();
        expectClear(ran);
        if (ran.exitCode === 2) expectProblem(ran, 2, /evenkeel\.yaml/);
        else expect([0, 1]).toContain(ran.exitCode);
      }),
      { numRuns: 200 },
    );
  });
});

/** Nine levels of nine: a billion laughs. */
function grown(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const below = level === 0 ? '"ha"' : `*a${level - 1}`;
    return `  a${level}: &a${level} [${Array.from({ length: 9 }, () => below).join(', ')}]`;
  });
  return `audit:\n${levels.join('\n')}\n`;
}
