import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { packBundle } from '../../src/observe/sources/bundle.ts';
import { documentSchema } from '../../src/report/schema.ts';
import { expectClear, expectProblem } from '../support/clear.ts';
import { evenkeel, type Ran } from '../support/cli.ts';
import { lease, node, pod } from '../support/objects.ts';
import { ago, type RawObject, snapshotOf } from '../support/snapshot.ts';

const root = mkdtempSync(join(tmpdir(), 'evenkeel-files-'));
let directory: string;
let count = 0;
beforeEach(() => {
  count += 1;
  directory = join(root, String(count));
  mkdirSync(directory);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const stuck = pod('stuck', { node: 'a', deleted: ago(7200) });
const other = pod('other', { node: 'a', deleted: ago(7200) });
const hosts = [node('a'), lease('a')];

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function audit(objects: readonly RawObject[], ...argv: readonly string[]): Promise<Ran> {
  const bundle = file('bundle.gz', packBundle(snapshotOf({ objects: [...hosts, ...objects] })));
  const ran = await evenkeel(['audit', '--bundle', bundle, ...argv], { cwd: directory });
  expectClear(ran);
  rmSync(bundle);
  return ran;
}

describe('--out', () => {
  test('writes what would have been printed, for its owner only', async () => {
    const out = join(directory, 'report.md');
    const printed = await audit([stuck], '--output', 'markdown');
    const ran = await audit([stuck], '--output', 'markdown', '--out', out);
    expect(ran).toEqual({ exitCode: 1, stdout: '', stderr: '' });
    expect(readFileSync(out, 'utf8')).toBe(printed.stdout);
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  test('keeps the mode of the file that it replaces, and a link a link', async () => {
    const real = file('real.json', 'old');
    chmodSync(real, 0o644);
    const link = join(directory, 'link.json');
    symlinkSync('real.json', link);
    await audit([stuck], '--output', 'json', '--out', link);
    expect(JSON.parse(readFileSync(real, 'utf8'))).toMatchObject({ schema: 'evenkeel/audit/v1' });
    expect(statSync(real).mode & 0o777).toBe(0o644);
    expect(readdirSync(directory).toSorted()).toEqual(['link.json', 'real.json']);
  });

  test.each([
    [
      'a directory that is not there',
      'none/report.json',
      /the directory does not exist; noth.*\n {2}next: make it with: mkdir -p /,
    ],
    ['a directory', '.', /it is a directory; nothing was left behind/],
    ['below a file', 'bundle.gz/report', /a part of the path is not a directory/],
    ['a name that is too long', 'x'.repeat(300), /the name is too long/],
  ])('%s', async (_, name, what) => {
    expectProblem(await audit([], '--out', `${directory}/${name}`), 2, what);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('a file system that takes no files', async () => {
    expectProblem(await audit([], '--out', '/proc/evenkeel-report'), 2, /could not be written: /);
  });

  test('a full disk; a device is written to, and stays what it is', async () => {
    expectProblem(
      await audit([], '--out', '/dev/full'),
      2,
      /the disk is full; .*\n {2}next: .*df -h/,
    );
    expect((await audit([], '--out', '/dev/null')).exitCode).toBe(0);
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    const left = readdirSync('/dev').filter((name) => name.includes('.part-'));
    expect(left).toEqual([]);
  });

  test('nothing is written when the audit comes to nothing', async () => {
    const out = join(directory, 'report.json');
    const ran = await evenkeel(['audit', '--bundle', file('b.gz', 'no bundle'), '--out', out]);
    expect(ran.exitCode).toBe(2);
    expect(existsSync(out)).toBe(false);
  });
});

describe('--baseline', () => {
  async function report(
    objects: readonly RawObject[],
    name: string,
    ...argv: string[]
  ): Promise<string> {
    const out = join(directory, name);
    await audit(objects, '--output', 'json', '--out', out, ...argv);
    return out;
  }

  function changesOf(path: string): { [name: string]: string | null } {
    const { findings, gone } = documentSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const events = findings.filter(({ check }) => check === 'workload/stuck-terminating');
    return Object.fromEntries([
      ...events.map(({ subject, change }) => [subject?.name ?? '', change] as const),
      ...(gone ?? []).map(({ subject, change }) => [subject, change] as const),
    ]);
  }

  test('tells what is new, goes on, is fixed and is back', async () => {
    const first = await report([stuck], 'first.json');
    expect(changesOf(first)).toEqual({ stuck: null });
    const second = await report([stuck, other], 'second.json', '--baseline', first);
    expect(changesOf(second)).toEqual({ stuck: 'ongoing', other: 'new' });
    const third = await report([other], 'third.json', '--baseline', second);
    expect(changesOf(third)).toEqual({ other: 'ongoing', 'Pod/default/stuck': 'fixed' });
    const fourth = await report([stuck, other], 'fourth.json', '--baseline', third);
    expect(changesOf(fourth)).toEqual({ other: 'ongoing', stuck: 'regressed' });
  });

  test.each([
    ['of text', 'hello', /is not a report of evenkeel: it is no JSON object/],
    ['that is empty', '', /is not a report of evenkeel/],
    ['that is another JSON', '{"kind":"PodList"}', /is not a report of evenkeel: schema/],
    ['of a later schema', '{"schema":"evenkeel/audit/v9"}', /is not a report of evenkeel: schema/],
    ['that was cut', '{"schema":"evenkeel/audit/v1","tool":', /is not a report of evenkeel/],
  ])('a file %s', async (_, content, what) => {
    const baseline = file('baseline.json', content);
    expectProblem(await audit([], '--baseline', baseline), 2, what);
    const explained = await evenkeel(['explain', 'F-00000000', '--report', baseline]);
    expectProblem(explained, 2, what);
  });

  test('a file that is missing, or a directory', async () => {
    const none = join(directory, 'none.json');
    expectProblem(
      await audit([], '--baseline', none),
      2,
      /none\.json cannot be read: there is no su/,
    );
    expectProblem(await audit([], '--baseline', directory), 2, /it is a directory/);
  });
});
