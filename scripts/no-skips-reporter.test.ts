import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { titled } from '../test/support/titled.ts';

// It starts whole tools, which wait for their turn on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
afterAll(() => {
  vi.resetConfig();
});

const root = join(import.meta.dirname, '..');
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'evenkeel-reporter-'));
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

interface Run {
  readonly status: number | null;
  readonly text: string;
  readonly lastLine: string | undefined;
}

/** Runs vitest on one file of tests, with the reporter. */
function runTests({ requireAll, tests }: { requireAll: boolean; tests: readonly string[] }): Run {
  const reporter = join(root, 'scripts/no-skips-reporter.ts');
  const config = [
    `import { NoSkipsReporter } from ${JSON.stringify(reporter)};`,
    `const reporters = ['default', new NoSkipsReporter({ requireAll: ${requireAll} })];`,
    `export default { test: { pool: 'threads', reporters } };`,
  ];
  writeFileSync(join(project, 'vitest.config.ts'), config.join('\n'));
  const source = ["import { expect, test } from 'vitest';", ...tests];
  writeFileSync(join(project, 'some.test.ts'), source.join('\n'));
  const program = join(root, 'node_modules/.bin/vitest');
  const options = {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  } as const;
  const { status, stdout, stderr } = spawnSync(program, ['run'], options);
  return { status, text: `${stdout}${stderr}`, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

const pass = "test('fine', () => {});";
const fail = "test('broken', () => expect(1).toBe(2));";
const skip = "test('needs a part', (context) => context.skip('skipped: no Go toolchain'));";
const todo = "test.todo('some day');";

describe('the last line is the result', () => {
  test('all passed', () => {
    const run = runTests({ requireAll: true, tests: [pass] });
    expect(run).toMatchObject({ status: 0, lastLine: '1 passed, 0 failed' });
  });

  test('a set-up that failed is a failure, whatever became of its tests', () => {
    const broken =
      "import { beforeAll } from 'vitest'; beforeAll(() => { throw new Error('no bed'); });";
    const run = runTests({ requireAll: true, tests: [broken, pass] });
    expect(run.status).not.toBe(0);
    expect(run.lastLine).toMatch(/^0 passed, 1 failed(, 1 skipped)?$/);
  });

  test('one failed', () => {
    const run = runTests({ requireAll: false, tests: [pass, fail] });
    expect(run).toMatchObject({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  test('a file that cannot be loaded is a failure, though it has no tests', () => {
    const run = runTests({ requireAll: false, tests: ["throw new Error('unreadable');"] });
    expect(run).toMatchObject({ status: 1, lastLine: '0 passed, 1 failed' });
  });

  test('a skipped test is well where parts may be missing', () => {
    const run = runTests({ requireAll: false, tests: [pass, skip, todo] });
    expect(run).toMatchObject({ status: 0, lastLine: '1 passed, 0 failed, 2 skipped' });
    expect(run.text).toContain('1 × skipped: no Go toolchain');
  });

  test('a skipped test fails where all parts are there, with its reason', () => {
    const run = runTests({ requireAll: true, tests: [pass, skip] });
    expect(run).toMatchObject({ status: 1, lastLine: '1 passed, 0 failed, 1 skipped' });
    expect(run.text).toContain('some.test.ts\n  needs a part: skipped: no Go toolchain');
  });

  test('a reason in a title is told once, as it was written', () => {
    const skipped = ['one', 'two'].map((name) => titled(name, 'skipped: no compiler (for cgo)'));
    const suite = titled('all', 'skipped: no sshd');
    const tests = [
      "import { describe } from 'vitest';",
      `test('${titled('fine', '')}', () => {});`,
      ...skipped.map((title) => `test.skip('${title}', () => {});`),
      `describe.skip('${suite}', () => test('three', () => {}));`,
    ];
    const { status, text } = runTests({ requireAll: false, tests });
    expect(status).toBe(0);
    expect(text.match(/^.* × .*$/gm)).toEqual([
      '2 × skipped: no compiler (for cgo)',
      '1 × skipped: no sshd',
    ]);
    const all = runTests({ requireAll: true, tests });
    expect(all.text).toContain('  one (skipped: no compiler (for cgo))\n');
    expect(all.text).toContain('  all (skipped: no sshd) > three\n');
  });

  test('a title that says skipped of a test that ran fails the run', () => {
    const tests = ["test('fine (skipped: no sh)', () => {});"];
    const run = runTests({ requireAll: false, tests });
    expect(run).toMatchObject({ status: 1, lastLine: '1 passed, 0 failed' });
    expect(run.text).toContain('  fine (skipped: no sh)\n');
  });

  test('what is still to be written counts as skipped', () => {
    const run = runTests({ requireAll: true, tests: [pass, todo] });
    expect(run).toMatchObject({ status: 1, lastLine: '1 passed, 0 failed, 1 skipped' });
    expect(run.text).toContain('some day: still to be written');
  });
});
