/** `npm run check`: everything that must hold of the tree, short of running its tests. */
import { runSteps } from './steps.ts';

const failed = runSteps([
  {
    name: 'generated files',
    command: ['node', 'scripts/generate.ts', '--check'],
    repair: 'npm run fix',
  },
  {
    name: 'format and import order',
    command: ['biome', 'check', '--max-diagnostics=50', '.'],
    repair: 'npm run fix',
  },
  {
    name: 'lint',
    command: ['eslint', '--max-warnings=0', '.'],
    repair: 'npm run fix, then by hand; npx eslint . shows what is left',
  },
  {
    name: 'types',
    command: ['tsc', '--noEmit', '--pretty', 'false'],
    repair: 'by hand; npx tsc shows what is left',
  },
  {
    name: 'import rules',
    command: ['node', 'scripts/cruise.ts'],
    repair: 'by hand; node scripts/cruise.ts shows what is left',
  },
  {
    name: 'unused code',
    command: ['knip', '--no-progress', '--no-config-hints'],
    repair: 'remove what nothing uses; npx knip shows what is left',
  },
]);
if (failed > 0) process.exitCode = 1;
