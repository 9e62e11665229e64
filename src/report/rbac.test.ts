import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Right } from '../model/right.ts';
import { rbacManifest } from './rbac.ts';

const secrets: Right = { group: '', resource: 'secrets', verb: 'list', namespaced: true };
const nodes: Right = { group: '', resource: 'nodes', verb: 'list', namespaced: false };

function namesIn(manifest: string): string[] {
  interface Named {
    readonly metadata: { readonly name: string };
    readonly roleRef?: { readonly name: string };
  }
  return parseAllDocuments(manifest)
    .map((each) => each.toJS() as Named)
    .flatMap(({ metadata, roleRef }) => [metadata.name, ...(roleRef ? [roleRef.name] : [])]);
}

test('applying what is missing takes nothing from another account, nor what was given before', () => {
  const manifests = [
    rbacManifest([secrets], 'jane'),
    rbacManifest([secrets], 'john'),
    rbacManifest([nodes], 'jane'),
  ];
  const names = manifests.map((each) => new Set(namesIn(each)));
  expect(names.map(({ size }) => size)).toEqual([1, 1, 1]);
  expect(new Set(names.flatMap((each) => [...each])).size).toBe(3);
  expect(rbacManifest([secrets], 'jane')).toBe(manifests[0]);
});
