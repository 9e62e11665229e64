import { expect, test } from 'vitest';
import { healthy } from '../../test/support/host-cases.ts';
import { host, known, silentHost } from '../../test/support/hosts.ts';
import { at } from '../../test/support/links.ts';
import { snapshotOf } from '../../test/support/snapshot.ts';
import { hostIndex } from './hosts.ts';
import type { Host } from './objects/host/host.ts';

/** Which host carries node `a`, whose address is 192.0.2.11. */
function carrier(...hosts: readonly Host[]): string | undefined {
  const index = hostIndex(snapshotOf({ objects: [at('a', '192.0.2.11')], hosts }));
  const found = index.hostOfNode.get('a')?.metadata.name;
  // Both ways say the same, and no other host is said to carry it.
  expect([...index.nodeOfHost.keys()]).toEqual(found === undefined ? [] : [found]);
  return found;
}

const elsewhere: Partial<Host> = {
  declared: { addresses: ['192.0.2.99'] },
  addresses: known([]),
};

/** A copy of `a`, with its names and its machine id, at an address of its own. */
const copy = host('copy', {
  ...elsewhere,
  k3s: healthy('k3s', { nodeName: 'a' }),
  system: healthy('system', { hostname: 'a' }),
});

test('the host that says so', () => {
  expect(carrier(host('x', { k3s: healthy('k3s', { nodeName: 'a' }) }))).toBe('x');
});

test('of a host and its copy the one that has the node’s address', () => {
  expect(carrier(host('a'), copy)).toBe('a');
  expect(carrier(copy, host('a'))).toBe('a');
});

test('also while it does not answer, and its copy does', () => {
  expect(carrier(silentHost('a', 'timed-out', 'no answer'), copy)).toBe('a');
});

test('what is declared is believed before all', () => {
  const named = { ...copy, declared: { addresses: ['192.0.2.99'], node: 'a' } };
  expect(carrier(host('a'), named)).toBe('copy');
});

test('of two copies elsewhere nobody can tell', () => {
  expect(carrier(copy, { ...copy, metadata: { name: 'other' } })).toBeUndefined();
});
