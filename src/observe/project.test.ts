import { expect, test } from 'vitest';
import type { ListFacetName } from '../model/facets.ts';
import { project } from './project.ts';

function projected(
  facet: ListFacetName,
  ...raw: readonly unknown[]
): {
  items: unknown[];
  rejected: { name: string; problem: string }[];
} {
  const into = { items: [], rejected: [] };
  project(facet, raw, into);
  return into;
}

test('what no check reads is not kept', () => {
  const spec = { nodeName: 'a', containers: [{ env: [{ name: 'PASSWORD', value: 'x' }] }] };
  const metadata = { name: 'web', namespace: 'default', annotations: { secret: 'x' } };
  const { items } = projected('pods', { metadata, spec, status: {} });
  expect(items).toEqual([
    {
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default' },
      spec: { nodeName: 'a' },
      status: {},
    },
  ]);
});

test('an item that makes no sense is named, with the field that is at fault', () => {
  const { items, rejected } = projected(
    'pods',
    { metadata: { name: 'web', namespace: 'default' }, spec: 'x', status: {} },
    { metadata: {} },
    null,
    [],
  );
  expect(items).toEqual([]);
  expect(rejected.map(({ name }) => name)).toEqual([
    'default/web',
    'unnamed',
    'an object without metadata',
    'an object without metadata',
  ]);
  expect(rejected[0]?.problem).toMatch(/^spec: /);
});

test('custom resources come with their own kind', () => {
  const route = { metadata: { name: 'shop', namespace: 'web' }, spec: {} };
  const kind = 'HTTPRoute.gateway.networking.k8s.io';
  const fromApi = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', ...route };
  const expected = { items: [{ kind, ...route }], rejected: [] };
  expect(projected('httproutes', fromApi)).toEqual(expected);
  expect(projected('httproutes', { kind, ...route })).toEqual(expected);
});

test('of a Secret the shape', () => {
  const row = {
    cells: ['vault', 'Opaque', 2, '7d'],
    object: { metadata: { name: 'vault', namespace: 'a', annotations: { x: 'y' } } },
  };
  const { items } = projected('secrets', row);
  expect(items).toEqual([
    { kind: 'Secret', metadata: { name: 'vault', namespace: 'a' }, type: 'Opaque', keyCount: 2 },
  ]);
});

test('of a node who last wrote its taints', () => {
  const entry = (manager: string, time: string, field: string): object => ({
    manager,
    time,
    fieldsV1: { 'f:spec': { [field]: {} } },
  });
  const managedFields = [
    entry('k3s', '2026-03-01T10:00:00Z', 'f:taints'),
    entry('kubectl', '2026-03-01T11:00:00Z', 'f:taints'),
    entry('later', '2026-03-01T12:00:00Z', 'f:podCIDR'),
    null,
    'text',
  ];
  const { items } = projected('nodes', {
    metadata: { name: 'a', managedFields },
    spec: {},
    status: {},
  });
  const taintsWrittenBy = { manager: 'kubectl', at: '2026-03-01T11:00:00Z' };
  expect(items).toMatchObject([{ taintsWrittenBy }]);
  // And once more from a bundle, where managedFields are gone.
  expect(projected('nodes', ...items).items).toEqual(items);
});
