import { checks } from '../../checks/registry.gen.ts';
import type { Check } from '../../model/check.ts';

/** The checks that need nothing but a look at machines. */
export const machineChecks: readonly Check[] = checks.filter(
  ({ reads }) => reads.length > 0 && reads.every((facet) => facet === 'hosts'),
);
