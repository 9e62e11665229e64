import type { Unknown } from '../model/facet.ts';

/** The machines under the nodes, where nobody said how to reach them. */
export const hostsNotAsked: Unknown = {
  state: 'unknown',
  reason: 'not-collected',
  detail: 'the machines were not looked at (--hosts evenkeel.yaml)',
};
