import { expect, test } from 'vitest';
import { healthy } from '../../../test/support/host-cases.ts';
import { host, silentHost } from '../../../test/support/hosts.ts';
import { node } from '../../../test/support/objects.ts';
import { type RawObject, snapshotOf } from '../../../test/support/snapshot.ts';
import type { Host } from '../objects/host/host.ts';
import { buildTopology } from '../topology.ts';
import { k3sRole, serverHosts } from './k3s-role.ts';

const label = { 'node-role.kubernetes.io/control-plane': 'true' };
const gone = silentHost('srv', 'container-stopped', 'status: stopped');

/** It is told to join `192.0.2.10`. */
const agent = host('a', { declared: { addresses: ['192.0.2.11'] } });
const alone = host('a', { k3s: healthy('k3s', { serverUrl: null }) });

function roleOf(subject: Host, hosts: readonly Host[], objects: readonly RawObject[] = []): object {
  return k3sRole(subject, buildTopology(snapshotOf({ objects, hosts })));
}

test('a server by its own word', () => {
  const server = host('srv', { k3s: healthy('k3s', { role: 'server', serverUrl: null }) });
  expect(roleOf(server, [server])).toEqual({ role: 'server', servers: 1 });
});

test('a server by the label of its node, which is counted once', () => {
  const objects = [node('srv', { labels: label }), node('two', { labels: label })];
  expect(roleOf(gone, [gone], objects)).toEqual({ role: 'server', servers: 2 });
});

test('a server because others are told to join it', () => {
  const server = { ...gone, declared: { addresses: ['192.0.2.10'] } };
  expect(roleOf(server, [server, agent])).toEqual({ role: 'server', servers: 1 });
  const topology = buildTopology(snapshotOf({ objects: [], hosts: [server, agent] }));
  expect(serverHosts(topology)).toEqual([server]);
});

test('an agent by its own word, or because it carries a node that is no server', () => {
  expect(roleOf(alone, [alone])).toEqual({ role: 'agent', servers: 0 });
  expect(roleOf(gone, [gone], [node('srv')])).toEqual({ role: 'agent', servers: 0 });
});

test('of a silent host that nobody speaks of nothing is known', () => {
  expect(roleOf(gone, [gone, alone])).toEqual({ role: 'unknown', servers: 0 });
});
