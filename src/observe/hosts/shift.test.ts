import { expect, it } from 'vitest';
import * as z from 'zod';
import { host, known, unit } from '../../../test/support/hosts.ts';
import { snapshotOf } from '../../../test/support/snapshot.ts';
import { type Host, hostSchema } from '../../model/objects/host/host.ts';
import { shiftHost, withHosts } from './shift.ts';

/** Dates that are nobody's clock: a certificate's own, and what an earlier run wrote down. */
const untouched = [
  'certificates.value.notBefore',
  'certificates.value.notAfter',
  'baseline.recordedAt',
];

/** A value that fits the schema, with every field there, and 1000 for every number. */
function filled(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.ZodType>;
    return Object.fromEntries(Object.entries(shape).map(([key, each]) => [key, filled(each)]));
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return filled(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodDefault) return filled(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodArray) return [filled(schema.element as z.ZodType)];
  // Of a look, the known one is first; of reach, the one that answered.
  if (schema instanceof z.ZodUnion) return filled(schema.options[0] as z.ZodType);
  if (schema instanceof z.ZodNumber) return 1000;
  if (schema instanceof z.ZodLiteral) return schema.value;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodBoolean) return true;
  return schema instanceof z.ZodRecord ? {} : 'text';
}

function numbers(value: unknown, path: string): [path: string, value: number][] {
  if (typeof value === 'number') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((each) => numbers(each, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    numbers(each, path === '' ? key : `${path}.${key}`),
  );
}

it('shifts every moment that a host has, and nothing else', () => {
  const full = hostSchema.parse(filled(hostSchema));
  const isMoment = (path: string): boolean => /(^|\.)(at|\w+At|notBefore|notAfter)$/.test(path);
  const before = numbers(full, '');
  const after = numbers(shiftHost(full, 7), '');
  const moments = before.map(([path]) => [
    path,
    isMoment(path) && !untouched.includes(path) ? 7 : 0,
  ]);
  expect(after.map(([path, value], at) => [path, value - (before[at]?.[1] ?? 0)])).toEqual(moments);
  expect(moments.filter(([, by]) => by === 7).length).toBeGreaterThan(12);
});

it('leaves a host alone when the clocks agree', () => {
  const one = host('k3s1');
  expect(shiftHost(one, 0)).toBe(one);
});

it('brings hosts into a snapshot by the clock of its API server', () => {
  const at = 1_000_000;
  const one = host('k3s1', { units: known([unit('k3s.service', { startedAt: at })]) });
  const facet = {
    state: 'known',
    value: [one],
    observedAt: at,
    scope: 'cluster',
    rejected: [],
  } as const;
  const base = snapshotOf({ objects: [] });
  const merged = withHosts({ ...base, at, serverDate: at + 60_000 }, facet);
  const seen = merged.facets.hosts.state === 'known' ? merged.facets.hosts.value[0] : undefined;
  expect(seen?.units).toMatchObject({ value: [{ startedAt: at + 60_000 }] });
  // Ours is a minute behind, so a host that agrees with us is a minute behind as well.
  expect(seen?.clock).toMatchObject({ value: { offsetMs: { least: -61_060, most: -59_940 } } });
  const { serverDate: _, ...dateless } = base;
  expect(withHosts({ ...dateless, at }, facet).facets.hosts).toEqual(facet);
  const unseen = { state: 'unknown', reason: 'not-collected', detail: 'no' } as const;
  expect(withHosts(base, unseen).facets.hosts).toEqual(unseen);
});

it('with no API server to tell the hour, lets a clock be wrong only by the word of two', () => {
  const facet = { state: 'known', observedAt: 0, scope: 'cluster', rejected: [] } as const;
  const { serverDate: _, ...dateless } = snapshotOf({ objects: [] });
  const clocks = (...value: Host[]): readonly string[] => {
    const { hosts } = withHosts(dateless, { ...facet, value }).facets;
    return hosts.state === 'known' ? hosts.value.map(({ clock }) => clock.state) : [];
  };
  const away = (name: string): Host =>
    host(name, { clock: known({ offsetMs: { least: 599_900, most: 600_100 } }) });
  const ways = [{ transport: 'local', name: 'this machine', outcome: 'answered' }] as const;
  expect(clocks(away('a'), away('b'))).toEqual(['unknown', 'unknown']);
  expect(clocks(away('a'), host('b'))).toEqual(['known', 'known']);
  expect(clocks(away('a'), host('us', { ways: [...ways] }))).toEqual(['unknown', 'known']);
});
