import { accessOptions, hostOptions } from '../options.ts';
import type { CommandSpec } from '../spec.ts';

export const spec: CommandSpec = {
  name: 'bundle',
  summary: 'record everything an audit needs in one file, or look into one',
  commands: [
    {
      name: 'create',
      summary: 'record the cluster in one compressed file; no secret is ever in it',
      options: [
        ...accessOptions,
        ...hostOptions.filter((each) => !each.flags.startsWith('--record')),
        {
          flags: '--out <file>',
          description: 'file to write (default: evenkeel-<context>-<time>.evenkeel.gz)',
        },
      ],
      load: () => import('../run/bundle-create.ts'),
    },
    {
      name: 'inspect',
      summary: 'tell what a bundle holds',
      args: [{ name: 'file', description: 'the bundle' }],
      options: [
        {
          flags: '-o, --output <format>',
          description: 'format',
          choices: ['text', 'json'],
          default: 'text',
        },
      ],
      load: () => import('../run/bundle-inspect.ts'),
    },
  ],
};
