import { accessOptions, bundleOption, checkOptions, hostOptions, outOption } from '../options.ts';
import type { CommandSpec } from '../spec.ts';

export const spec: CommandSpec = {
  name: 'audit',
  summary: 'look at a cluster once and name the cause of what is broken',
  options: [
    ...accessOptions,
    bundleOption,
    ...checkOptions,
    ...hostOptions,
    {
      flags: '-o, --output <format>',
      description: 'format of the report',
      choices: ['text', 'json', 'markdown'],
      default: 'text',
    },
    outOption,
    {
      flags: '--fail-on <severity>',
      description: 'exit with 1 from this severity on (default: high)',
      choices: ['critical', 'high', 'medium', 'low'],
    },
    {
      flags: '--baseline <file>',
      description: 'an earlier report (--output json): tells what is new, fixed or back',
    },
  ],
  notes: `Exit codes:
  0  nothing at or over --fail-on
  1  something at or over --fail-on
  2  wrong usage or configuration
  3  the cluster could not be observed, nor any machine

Examples:
  evenkeel audit
  evenkeel audit --context home --namespace media
  evenkeel audit --hosts evenkeel.yaml --interval 30s
  evenkeel audit --output json --out today.json --baseline yesterday.json`,
  load: () => import('../run/audit.ts'),
};
