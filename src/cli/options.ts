import type { Config } from '../config/config.ts';
import type { OptionSpec, OptionValues } from './spec.ts';

export const defaultTimeout = '60s';

/** Where to look: shared by every command that needs a cluster or a bundle. */
export const accessOptions: readonly OptionSpec[] = [
  { flags: '--context <name>', description: 'context of the kubeconfig' },
  {
    flags: '--kubeconfig <file>',
    description: 'kubeconfig file (default: KUBECONFIG, ~/.kube/config, k3s)',
  },
  {
    flags: '-n, --namespace <name>',
    description: 'stay within this namespace; may be repeated',
    repeatable: true,
  },
  {
    flags: '--timeout <duration>',
    description: `how long collecting may take (default: ${defaultTimeout})`,
  },
];

export const bundleOption: OptionSpec = {
  flags: '--bundle <file>',
  description: 'look at a recorded bundle instead of a live cluster',
};

export const defaultHostTimeout = '8s';

/** How long one machine may take, and whether it is looked at twice. */
const hostLookOptions: readonly OptionSpec[] = [
  {
    flags: '--host-timeout <duration>',
    description: `how long one machine may take (default: ${defaultHostTimeout})`,
  },
  {
    flags: '--interval <duration>',
    description: 'look twice, so far apart, to tell what is rising',
  },
  {
    flags: '--record-baseline',
    description: 'remember the machines that are well, to compare with later',
  },
];

/** The machines below the nodes, beside the cluster. */
export const hostOptions: readonly OptionSpec[] = [
  {
    flags: '--hosts <file>',
    description: 'look at the machines too: the section hosts of this evenkeel.yaml',
  },
  ...hostLookOptions,
];

/** Which checks, and how they are set. */
export const checkOptions: readonly OptionSpec[] = [
  {
    flags: '--check <id>',
    description: 'run only this check or layer; may be repeated',
    repeatable: true,
    completesChecks: true,
  },
  {
    flags: '--skip <id>',
    description: 'leave out this check or layer; may be repeated',
    repeatable: true,
    completesChecks: true,
  },
  {
    flags: '--config <file>',
    description: 'configuration (default: evenkeel.yaml, if there is one)',
  },
];

export const outOption: OptionSpec = {
  flags: '--out <file>',
  description: 'write to this file instead of the terminal',
};

/** What the command line leaves open is taken from the configuration, then from the default. */
export function withConfig(given: OptionValues, { audit = {} }: Config): OptionValues {
  return {
    ...given,
    timeout: given['timeout'] ?? audit.timeout ?? defaultTimeout,
    failOn: given['failOn'] ?? audit.failOn,
    // A bundle is of whatever it was made of.
    namespace: given['namespace'] ?? (given['bundle'] === undefined ? audit.namespaces : undefined),
  };
}
