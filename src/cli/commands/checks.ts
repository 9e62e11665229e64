import type { CommandSpec } from '../spec.ts';

export const spec: CommandSpec = {
  name: 'checks',
  summary: 'list every check: layer, kind, severity, what it reads, what it explains',
  args: [{ name: '[layer]', description: 'only the checks of this layer' }],
  options: [
    {
      flags: '-o, --output <format>',
      description: 'format',
      choices: ['text', 'json', 'markdown'],
      default: 'text',
    },
  ],
  load: () => import('../run/checks.ts'),
};
