import * as z from 'zod';
import type { Check } from '../model/check.ts';

/** One option of a check, as a person is told of it. */
export interface CheckOption {
  readonly name: string;
  /** As JSON. */
  readonly default: string;
  readonly description: string;
}

/** What `checks.options.<check>` takes. */
export function optionsOf(check: Check): readonly CheckOption[] {
  const { properties = {} } = z.toJSONSchema(check.options, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => {
    const { default: fallback, description } = typeof schema === 'object' ? schema : {};
    return { name, default: JSON.stringify(fallback), description: description ?? '' };
  });
}
