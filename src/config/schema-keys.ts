import * as z from 'zod';

/**
 * The keys that a mapping may have at a path; none where the names are the user's own, and undefined
 * where the schema knows of no mapping.
 */
export function keysAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): readonly string[] | undefined {
  const [key, ...rest] = path;
  for (const form of formsOf(schema)) {
    if (form instanceof z.ZodRecord) {
      return key === undefined ? [] : keysAt(form.valueType, rest);
    }
    if (!(form instanceof z.ZodObject)) continue;
    const shape = shapeOf(form);
    if (key === undefined) return Object.keys(shape);
    const inner = shape[String(key)];
    return inner ? keysAt(inner, rest) : undefined;
  }
  return undefined;
}

export function shapeOf(mapping: z.ZodObject): { readonly [name: string]: z.core.$ZodType } {
  return mapping.shape;
}

/** What a value may be, without what is around it. */
export function formsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional) return formsOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap(formsOf);
  }
  return [schema];
}
