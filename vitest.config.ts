import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { NoSkipsReporter } from './scripts/no-skips-reporter.ts';

/** Set where every part of the test bed is installed: nothing may be skipped, and coverage counts. */
const requireAll = Boolean(process.env['EVENKEEL_REQUIRE_ALL']);

const realNodes = 'test/nodes/**/*.test.ts';

function project(
  name: string,
  groupOrder: number,
  include: readonly string[],
  exclude: readonly string[],
): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      include: [...include],
      exclude: ['test/canary/**', ...exclude],
      pool: 'threads',
      isolate: false,
      testTimeout: 20_000,
      sequence: { groupOrder },
    },
  };
}

const thresholds = { lines: 90, branches: 85 };

export default defineConfig({
  test: {
    projects: [
      project(
        'parts',
        0,
        ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
        [realNodes],
      ),
      // The machine is theirs alone: they hold what a person is told against the clock.
      project('nodes', 1, [realNodes], []),
    ],
    reporters: ['default', new NoSkipsReporter({ requireAll })],
    coverage: {
      enabled: requireAll,
      provider: 'v8',
      include: ['src/checks/**/*.ts', 'src/diagnose/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.gen.ts'],
      reporter: [['text', { skipFull: true }]],
      thresholds: { 'src/checks/**/*.ts': thresholds, 'src/diagnose/**/*.ts': thresholds },
    },
  },
});
