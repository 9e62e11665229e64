import { join } from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, describe, expect, test, vi } from 'vitest';

// It starts whole tools, which wait for their turn on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
afterAll(() => {
  vi.resetConfig();
});

/** The linter's canary: a later block of eslint.config.js silently replaces an earlier one's rule. */
const root = join(import.meta.dirname, '..');
const linter = new ESLint({ cwd: root });

/** Rules that a text breaks, were it in that file. The file must exist: typed rules need its place. */
async function broken(path: string, ...lines: readonly string[]): Promise<(string | null)[]> {
  const [result] = await linter.lintText(lines.join('\n'), { filePath: join(root, path) });
  return [...new Set(result?.messages.map(({ ruleId }) => ruleId))];
}

const hidden = [
  ['Date.now', 'export const at: number = Date.now();', 'no-restricted-properties'],
  ['new Date()', 'export const at: number = new Date().getTime();', 'no-restricted-syntax'],
  ['performance', 'export const at: number = performance.now();', 'no-restricted-globals'],
  ['setTimeout', 'setTimeout(() => undefined, 1);', 'no-restricted-globals'],
  [
    'timers',
    "import { setTimeout } from 'node:timers';\nsetTimeout(() => 1);",
    'no-restricted-imports',
  ],
  ['Math.random', 'export const dice: number = Math.random();', 'no-restricted-properties'],
] as const;

describe('time and randomness', () => {
  test.each(hidden)(
    '%s is refused in src',
    async (_, text, rule) => {
      expect(await broken('src/lib/time.ts', text)).toContain(rule);
    },
    60_000,
  );

  test.each(hidden)('%s is let through the doors and in tests', async (_, text, rule) => {
    expect(await broken('src/lib/clock.ts', text)).not.toContain(rule);
    expect(await broken('test/support/snapshot.ts', text)).not.toContain(rule);
  });
});

const slack = [
  ['a floating promise', 'Promise.resolve(1);', '@typescript-eslint/no-floating-promises'],
  ['any', 'export const x: any = 1;', '@typescript-eslint/no-explicit-any'],
  [
    'no return type',
    'export const f = () => 1;',
    '@typescript-eslint/explicit-module-boundary-types',
  ],
  ['a default export', 'export default 1;', 'no-restricted-syntax'],
  ['no reason', '// eslint-disable-next-line no-eval\neval("");', 'evenkeel/suppression-reason'],
  ['an idle suppression', '// eslint-disable-next-line no-eval -- because\nexport {};', null],
  ['a long file', '//\n'.repeat(301), 'max-lines'],
  [
    'an open switch',
    "export function f(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n  }\n}",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  [
    'a promise as a condition',
    'export function f(p: Promise<number>): number {\n  return p ? 1 : 2;\n}',
    '@typescript-eslint/no-misused-promises',
  ],
  [
    'awaiting a value',
    'export async function f(): Promise<number> {\n  return await 1;\n}',
    '@typescript-eslint/await-thenable',
  ],
  [
    'a type imported as a value',
    "import { ESLint } from 'eslint';\nexport let x: ESLint;",
    '@typescript-eslint/consistent-type-imports',
  ],
] as const;

test.each(slack)('%s is refused', async (_, text, rule) => {
  expect(await broken('src/lib/time.ts', text)).toContain(rule);
});

test('a long function is refused in src, and not in its tests', async () => {
  const text = `export function f(): void {\n${'  f();\n'.repeat(41)}}`;
  expect(await broken('src/lib/time.ts', text)).toContain('max-lines-per-function');
  expect(await broken('src/lib/redact.test.ts', text)).not.toContain('max-lines-per-function');
});
