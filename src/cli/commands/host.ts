import { accessOptions, hostOptions } from '../options.ts';
import type { ArgumentSpec, CommandSpec, OptionSpec } from '../spec.ts';

const names: ArgumentSpec = {
  name: '[host...]',
  description: 'names of machines, as evenkeel.yaml has them',
  completesHosts: true,
};

const options: readonly OptionSpec[] = [
  { flags: '--all', description: 'every machine of the file' },
  ...hostOptions.map((option) =>
    option.flags.startsWith('--hosts')
      ? { ...option, description: 'file with the section hosts (default: evenkeel.yaml)' }
      : option,
  ),
  ...accessOptions
    .filter((option) => option.flags.startsWith('--timeout'))
    .map((option) => ({ ...option, description: 'how long all of it may take (default: 60s)' })),
  {
    flags: '-o, --output <format>',
    description: 'format',
    choices: ['text', 'json'],
    default: 'text',
  },
];

const exits = `Exit codes:
  0  every machine answered
  1  some did not
  2  wrong usage or configuration
  3  none answered`;

export const spec: CommandSpec = {
  name: 'host',
  summary: 'look at machines below the nodes, without asking any cluster',
  commands: [
    {
      name: 'facts',
      summary: 'tell what is seen of machines: how reached, system, k3s, disks, network',
      args: [names],
      options,
      notes: `${exits}

Examples:
  evenkeel host facts k3s1
  evenkeel host facts --all --output json
  evenkeel host facts --all --record-baseline`,
      load: () => import('../run/host-facts.ts'),
    },
    {
      name: 'check',
      summary: 'run the checks that need nothing but a look at machines',
      args: [names],
      options: [
        ...options,
        {
          flags: '--fail-on <severity>',
          description: 'exit with 1 from this severity on (default: high)',
          choices: ['critical', 'high', 'medium', 'low'],
        },
      ],
      notes: `Exit codes:
  0  nothing at or over --fail-on
  1  something at or over --fail-on
  2  wrong usage or configuration
  3  no machine answered

Examples:
  evenkeel host check --all
  evenkeel host check k3s2 --interval 1m`,
      load: () => import('../run/host-check.ts'),
    },
  ],
};
