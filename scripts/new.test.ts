import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

// It starts whole tools, which wait for their turn on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
afterAll(() => {
  vi.resetConfig();
});

const root = join(import.meta.dirname, '..');
const ours = [
  'docs/reference',
  'src',
  'scripts',
  'test/support',
  'test/catalogue',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const configs = ['biome.json', 'eslint.config.js'];
/** As long as an id may be, so that no line of the templates outgrows the formatter. */
const id = 'control-plane/an-example-with-the-longest-name-allowed';
const files = ['ts', 'test.ts'].map((extension) => `src/checks/${id}.${extension}`);

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'evenkeel-new-'));
  for (const path of [...ours, ...configs]) {
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

interface Run {
  readonly status: number | null;
  readonly text: string;
}

function run(program: string, ...args: readonly string[]): Run {
  const path = program === 'node' ? process.execPath : join(copy, 'node_modules/.bin', program);
  const env = { ...process.env, NO_COLOR: '1', EVENKEEL_REQUIRE_ALL: '' };
  const { status, stdout, stderr } = spawnSync(path, args, { cwd: copy, encoding: 'utf8', env });
  return { status, text: `${stdout}${stderr}` };
}

function scaffold(...args: readonly string[]): Run {
  return run('node', 'scripts/new.ts', ...args);
}

describe('npm run new check', () => {
  test('writes three files, takes the next code, registers the check and says what to do', () => {
    const { status, text } = scaffold('check', id);
    expect(text).toContain(`npx vitest run src/checks/${id}.test.ts`);
    expect(status).toBe(0);
    const read = (path: string): string => readFileSync(join(copy, path), 'utf8');
    expect(read(`src/checks/${id}.ts`)).toMatch(/code: 'EK3\d{3}',\n {2}id: 'control-plane\/an-ex/);
    expect(read(`src/checks/${id}.md`)).toMatch(/^# An example with the longest name allowed\n/);
    expect(read('src/checks/registry.gen.ts')).toContain(`./${id}.ts`);
    expect(run('node', 'scripts/generate.ts', '--check')).toEqual({ status: 0, text: '' });
    expect(scaffold('check', 'control-plane/second-example').status).toBe(0);
    const [first, second] = [id, 'control-plane/second-example'].map((each) =>
      Number(/EK3(\d{3})/.exec(read(`src/checks/${each}.ts`))?.[1]),
    );
    expect(second).toBe((first as number) + 1);
  });

  test('what it writes passes its tests, with one left to do', () => {
    const { status, text } = run('vitest', 'run', `src/checks/${id}.test.ts`);
    expect(text).toMatch(/Tests\s+3 passed \| 1 todo/);
    expect(status).toBe(0);
  });

  test('the catalogue has nothing against it', () => {
    const { text } = run('vitest', 'run', 'test/catalogue/registry.test.ts', '-t', id);
    expect(text).toMatch(/Tests\s+\d+ passed \| \d+ skipped/);
  });

  // Each tool looks at the new files only: this test is about them, not about the rest of the tree.
  test('what it writes is formatted and has nothing for the linter', () => {
    const formatted = run('biome', 'check', ...files);
    expect(formatted.text).toMatch(/^Checked 2 files in .*No fixes applied\.\n$/);
    expect(formatted.status).toBe(0);
    expect(run('eslint', ...files)).toEqual({ status: 0, text: '' });
  });

  test('what it writes has no type errors', () => {
    const include = files.map((path) => `./${path}`);
    const config = { extends: './tsconfig.json', include: [], files: include };
    writeFileSync(join(copy, 'tsconfig.new.json'), JSON.stringify(config));
    const { text } = run('tsc', '--noEmit', '--pretty', 'false', '-p', 'tsconfig.new.json');
    expect(text.split('\n').filter((line) => line.includes(id))).toEqual([]);
  });
});

test.each([
  ['no arguments', [], 'Usage: npm run new check'],
  ['an unknown kind', ['remedy', 'node/x'], 'Usage: npm run new check'],
  [
    'an unknown layer',
    ['check', 'storge/full'],
    'There is no layer "storge". Did you mean storage?',
  ],
  ['a name in capitals', ['check', 'node/NotReady'], '"NotReady" is not a name'],
  ['a name too deep', ['check', 'node/a/b'], '"a/b" is not a name'],
  ['no name', ['check', 'node'], '"" is not a name'],
  [
    'a check that exists',
    ['check', 'node/not-ready'],
    'src/checks/node/not-ready.ts exists already',
  ],
])('npm run new refuses %s', (_, args, sentence) => {
  const { status, text } = scaffold(...args);
  expect(text).toContain(sentence);
  expect(status).toBe(1);
});
