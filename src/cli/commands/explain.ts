import { accessOptions, bundleOption, checkOptions, hostOptions } from '../options.ts';
import type { CommandSpec } from '../spec.ts';

export const spec: CommandSpec = {
  name: 'explain',
  summary: 'tell all about one incident, finding or check',
  args: [
    {
      name: 'id',
      description: 'an incident (I-…), a finding (F-…) or a check (layer/name)',
    },
  ],
  options: [
    ...accessOptions,
    bundleOption,
    ...hostOptions.filter((each) => !each.flags.startsWith('--record')),
    { flags: '--report <file>', description: 'explain from an earlier report (--output json)' },
    ...checkOptions.filter((each) => each.flags.startsWith('--config')),
  ],
  notes: `Examples:
  evenkeel explain node/not-ready
  evenkeel explain I-3f9k2m1x --bundle incident.evenkeel.gz`,
  load: () => import('../run/explain.ts'),
};
