import { defineConfig } from 'vitest/config';
import { NoSkipsReporter } from './scripts/no-skips-reporter.ts';

/** Set where every part of the test bed is installed: nothing may be skipped, and coverage counts. */
const requireAll = Boolean(process.env['EVENKEEL_REQUIRE_ALL']);

const thresholds = { lines: 90, branches: 85 };

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['test/canary/**'],
    pool: 'threads',
    isolate: false,
    testTimeout: 20_000,
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
