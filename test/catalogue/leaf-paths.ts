import * as z from 'zod';

/** Keys from an item down to one field; `[]` stands for every element of an array. */
export type Path = readonly string[];

const every = '[]';

/** Every field that a schema lets through. Maps and lists of plain values count as one. */
export function leafPaths(schema: unknown): readonly Path[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) {
    const below = leafPaths(inner.element);
    return below.every((path) => path.length === 0) ? [[]] : below.map((path) => [every, ...path]);
  }
  const fields = inner instanceof z.ZodObject ? Object.entries(inner.shape) : [];
  if (fields.length === 0) return [[]];
  return fields.flatMap(([key, field]) => leafPaths(field).map((path) => [key, ...path]));
}

function unwrapped(schema: unknown): unknown {
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly;
  if (isWrapper) return unwrapped(schema.unwrap());
  // What is rewritten on its way in has the fields of what comes in.
  if (schema instanceof z.ZodPipe) {
    return unwrapped(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  }
  return schema;
}

/** A copy without that field; the same value where there is none. */
export function without(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return value;
  if (key === every) {
    return Array.isArray(value) ? value.map((each) => without(each, rest)) : value;
  }
  if (!Object.hasOwn(value, key)) return value;
  const { [key]: field, ...others } = value as { readonly [key: string]: unknown };
  return rest.length === 0 ? others : { ...others, [key]: without(field, rest) };
}

/** Whether there is anything to take away. */
export function has(value: unknown, [key, ...rest]: Path): boolean {
  if (key === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (key === every) return Array.isArray(value) && value.some((each) => has(each, rest));
  const field: unknown = Reflect.get(value, key);
  return field !== undefined && field !== null && has(field, rest);
}

/** `status.conditions[].type` */
export function pathText(path: Path): string {
  return path.join('.').replaceAll(`.${every}`, every);
}
