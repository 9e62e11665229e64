import { accessOptions } from '../options.ts';
import type { CommandSpec } from '../spec.ts';

export const spec: CommandSpec = {
  name: 'hosts',
  summary: 'propose which machines evenkeel may look at, and try the ways to them',
  commands: [
    {
      name: 'discover',
      summary: "propose the section hosts of evenkeel.yaml from the cluster's nodes",
      options: [
        ...accessOptions.filter((option) => !option.flags.startsWith('-n')),
        {
          flags: '--hosts <file>',
          description: 'keep what stands in this file (default: evenkeel.yaml, if there is one)',
        },
        { flags: '--check', description: 'try the ways: which machines answer, as whom' },
        {
          flags: '--host-timeout <duration>',
          description: 'how long one machine may take (default: 8s)',
        },
        {
          flags: '-o, --output <format>',
          description: 'format (default: yaml; with --check: text)',
          choices: ['yaml', 'text', 'json'],
        },
      ],
      notes: `Exit codes:
  0  done; with --check: every machine answered
  1  with --check: some machine did not answer
  2  wrong usage or configuration
  3  the cluster could not be observed, and no machine is known

Examples:
  evenkeel hosts discover >> evenkeel.yaml
  evenkeel hosts discover --check
  evenkeel hosts discover --check --output json`,
      load: () => import('../run/hosts-discover.ts'),
    },
  ],
};
