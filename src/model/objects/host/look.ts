import * as z from 'zod';
import { type UnknownReason, unknownReasons } from '../../facet.ts';
import { text } from '../meta.ts';

/** One part of what a look at a host may show: known, unknown with the reason, or not there at all. */
export function look<T extends z.ZodType>(
  value: T,
): z.ZodDiscriminatedUnion<
  [
    z.ZodObject<{ state: z.ZodLiteral<'known'>; value: T }>,
    z.ZodObject<{
      state: z.ZodLiteral<'unknown'>;
      reason: z.ZodEnum<{ [K in UnknownReason]: K }>;
      detail: z.ZodString;
    }>,
    z.ZodObject<{ state: z.ZodLiteral<'absent'> }>,
  ]
> {
  return z.discriminatedUnion('state', [
    z.object({ state: z.literal('known'), value }),
    z.object({ state: z.literal('unknown'), reason: z.enum(unknownReasons), detail: text }),
    z.object({ state: z.literal('absent') }),
  ]);
}

export type Look<T> =
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'unknown'; readonly reason: UnknownReason; readonly detail: string }
  | { readonly state: 'absent' };

/** The verdict of a check on a subject of which the deciding part was not seen. */
export function unseen({ reason, detail }: { reason: UnknownReason; detail: string }): {
  readonly verdict: 'unknown';
  readonly reason: UnknownReason;
  readonly detail: string;
} {
  return { verdict: 'unknown', reason, detail };
}
