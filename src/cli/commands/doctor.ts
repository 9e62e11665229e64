import { accessOptions } from '../options.ts';
import type { CommandSpec } from '../spec.ts';

export const spec: CommandSpec = {
  name: 'doctor',
  summary: 'tell what this machine, kubeconfig and account can and cannot see, and mend it',
  options: [
    ...accessOptions,
    {
      flags: '-o, --output <format>',
      description: 'format; yaml is the RBAC manifest alone, for kubectl apply -f -',
      choices: ['text', 'json', 'yaml'],
      default: 'text',
    },
  ],
  notes: `Exit codes:
  0  everything can be seen
  1  something cannot be seen
  2  wrong usage or configuration
  3  the cluster could not be observed

Example, run by somebody who may grant rights:
  evenkeel doctor --output yaml | kubectl apply -f -`,
  load: () => import('../run/doctor.ts'),
};
