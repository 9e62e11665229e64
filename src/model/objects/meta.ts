import * as z from 'zod';
import { redact } from '../../lib/redact.ts';

/**
 * The schemas in this folder are the projection: a field that is not named here never leaves the
 * collector, so it is neither in memory nor in a bundle. Absent and null mean the same to Kubernetes.
 */
export const text = z.string();
export const optional = <T extends z.ZodType>(schema: T): z.ZodOptional<z.ZodNullable<T>> =>
  schema.nullish();
/**
 * What a program wrote in its own words: it may hold a secret, so it is redacted on the way in, and
 * before it is cut, since half a password is one too.
 */
export const message: z.ZodType<string> = text.transform((said) =>
  redact(said.slice(0, 16_000)).slice(0, 2000),
);
export const texts = optional(z.record(text, text));

/** The parts of ObjectMeta that every check may rely on. */
export const meta = { name: text, namespace: optional(text) };
/** Only of kinds whose next one of the same name must not be taken for it. */
export const uid = optional(text);

export const ownerReferences = optional(
  z.array(z.object({ kind: text, name: text, uid: text, controller: optional(z.boolean()) })),
);

export const condition = z.object({
  type: text,
  status: text,
  reason: optional(text),
  message: optional(message),
  lastTransitionTime: optional(text),
});
export type Condition = z.infer<typeof condition>;

/** The condition of that type, if the object has it. */
export function conditionOf<C extends { readonly type: string }>(
  conditions: readonly C[] | null | undefined,
  type: string,
): C | undefined {
  return conditions?.find((each) => each.type === type);
}
