/** `npm run fix`: repairs what can be repaired without a thought. */
import { runSteps } from './steps.ts';

const failed = runSteps([
  {
    name: 'generated files',
    command: ['node', 'scripts/generate.ts'],
    repair: 'node scripts/generate.ts',
  },
  // Lint first: what it rewrites is formatted after.
  { name: 'lint', command: ['eslint', '--fix', '.'], repair: 'what is left, by hand' },
  {
    name: 'format and import order',
    command: ['biome', 'check', '--write', '--max-diagnostics=50', '.'],
    repair: 'what is left, by hand',
  },
]);
if (failed > 0) process.exitCode = 1;
