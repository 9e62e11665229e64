import { expect, test } from 'vitest';
import { facetNames } from '../../src/model/facets.ts';
import type { Host } from '../../src/model/objects/host/host.ts';
import { dead, serverHost } from '../support/host-worlds.ts';
import { host, known } from '../support/hosts.ts';
import type { World } from '../support/snapshot.ts';
import { audited } from './world.ts';

/** The API server out of reach, for us and for the agents: one cause, or one of each. */

const server = 'https://192.0.2.10:6443';

/** Nothing that goes to the server comes back. */
const cut: Partial<Host> = {
  serverPath: known({ address: '192.0.2.10', port: 6443, flowing: 0, stalled: 2, connecting: 1 }),
};

/** All that is seen where the API server answers nobody. */
function refused(hosts: readonly Host[]): World {
  const deny = facetNames.filter((name) => !['hosts', 'access'].includes(name));
  const access = { outcome: 'refused', detail: 'connection refused', server };
  return { objects: [], hosts, deny, access };
}

const unreachable = 'control-plane/api-unreachable Cluster/kube-apiserver';

test.each([
  ['and nobody has looked at its host', []],
  ['and its host is well', [serverHost()]],
])('it refuses, both agents wait for it, %s: it is the one root', (_, servers) => {
  const { incidents, alone } = audited(refused([...servers, host('a', cut), host('b', cut)]));
  expect(incidents).toHaveLength(1);
  expect(incidents[0]?.roots).toEqual([unreachable]);
  expect(incidents[0]?.chain.toSorted()).toEqual([
    `${unreachable} → host/api-path-cut Host/a`,
    `${unreachable} → host/api-path-cut Host/b`,
  ]);
  expect(alone).toEqual([]);
});

test('it answers us, and one agent has no way to it: that way is the root', () => {
  const hosts = [serverHost(), host('a', cut), host('b')];
  const { incidents, result } = audited({
    objects: dead(600),
    hosts,
    access: { outcome: 'ok', server },
  });
  expect(incidents.map(({ roots }) => roots)).toEqual([['host/api-path-cut Host/a']]);
  expect(incidents[0]?.chain).toContain('host/api-path-cut Host/a → node/not-ready Node/a');
  expect(result.findings.map(({ check }) => check)).not.toContain('control-plane/api-unreachable');
});

test('it refuses us, and no agent misses it: no way to it is cut', () => {
  const { incidents, result } = audited(refused([serverHost(), host('a'), host('b')]));
  expect(incidents.map(({ roots, chain }) => ({ roots, chain }))).toEqual([
    { roots: [unreachable], chain: [] },
  ]);
  expect(result.findings.map(({ check }) => check)).not.toContain('host/api-path-cut');
});
