import { expect, test } from 'vitest';
import * as z from 'zod';
import { has, leafPaths, pathText, without } from './leaf-paths.ts';

const schema = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()).nullish(),
  spec: z
    .object({
      args: z.array(z.string()),
      ports: z.array(z.object({ port: z.number().default(1) })).nullish(),
      empty: z.object({}).optional(),
      shortened: z.string().transform((text) => text.slice(0, 3)),
      prepared: z.preprocess((it) => it, z.object({ inner: z.boolean() })),
    })
    .optional(),
});

test('every field that a schema lets through is found, through wrappers, lists and rewrites', () => {
  expect(leafPaths(schema).map(pathText)).toEqual([
    'name',
    'labels',
    'spec.args',
    'spec.ports[].port',
    'spec.empty',
    'spec.shortened',
    'spec.prepared.inner',
  ]);
});

test('a field is taken from every element, and from a copy', () => {
  const path = ['spec', 'ports', '[]', 'port'];
  const item = { name: 'a', spec: { ports: [{ port: 1, name: 'x' }, { port: 2 }] } };
  expect(has(item, path)).toBe(true);
  const less = without(item, path);
  expect(less).toEqual({ name: 'a', spec: { ports: [{ name: 'x' }, {}] } });
  expect(has(less, path)).toBe(false);
  expect(has(item, path)).toBe(true);
});

test('where there is nothing to take, the value stays itself', () => {
  const item = { name: 'a', spec: null };
  expect(without(item, ['labels'])).toBe(item);
  expect(without(item, ['spec', 'args'])).toEqual(item);
  expect(has(item, ['spec', 'args'])).toBe(false);
});
