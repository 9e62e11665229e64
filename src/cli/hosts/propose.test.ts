import { describe, expect, test } from 'vitest';
import { node } from '../../../test/support/objects.ts';
import { snapshotOf } from '../../../test/support/snapshot.ts';
import { checks } from '../../checks/registry.gen.ts';
import type { HostsSection } from '../../config/hosts-schema.ts';
import { parseConfig } from '../../config/load.ts';
import { listed } from '../../model/facet.ts';
import type { Node } from '../../model/objects/node.ts';
import { containersOf, proposeHosts, sectionYaml } from './propose.ts';

type Address = { readonly type: string; readonly address: string };

function nodeAt(name: string, ...addresses: readonly Address[]): Node {
  const raw = node(name, { labels: { 'node-role.kubernetes.io/control-plane': 'true' } });
  const status = { ...(raw['status'] as object), addresses };
  const [only] = listed(snapshotOf({ objects: [{ ...raw, status }] }).facets.nodes);
  if (!only) throw new Error('the node was not understood');
  return only;
}

const ip = (address: string): Address => ({ type: 'InternalIP', address });
const yamlOf = (nodes: readonly Node[], section: HostsSection = {}): string =>
  sectionYaml(proposeHosts(nodes, section));

describe('a proposal', () => {
  test('is a section that can be read as it stands', () => {
    const text = yamlOf([
      nodeAt('k3s1', { type: 'Hostname', address: 'k3s1' }, ip('192.0.2.11')),
      nodeAt('k3s2.example.test', ip('2001:db8::2')),
    ]);
    expect(text).toBe(`hosts:
  # Node k3s1, server.
  # That it is root is a guess: any user will do who may become root with sudo -n.
  # If it is a container of a Proxmox host, add: pct: {host: <name here>, id: <number>}
  k3s1:
    ssh: root@192.0.2.11
  # Node k3s2.example.test, server.
  # That it is root is a guess: any user will do who may become root with sudo -n.
  # If it is a container of a Proxmox host, add: pct: {host: <name here>, id: <number>}
  k3s2:
    node: k3s2.example.test
    ssh: root@[2001:db8::2]
`);
    expect(parseConfig(text, 'evenkeel.yaml', checks)).toHaveProperty('config');
  });

  test('keeps what stands there, whatever the machine is called', () => {
    const section: HostsSection = {
      pve: { ssh: 'root@192.0.2.5' },
      first: { ssh: 'josh@192.0.2.11', switch: 'sw-desk' },
    };
    const proposed = proposeHosts([nodeAt('k3s1', ip('192.0.2.11'))], section);
    expect(proposed.map(({ name, kept, node: of }) => [name, kept, of])).toEqual([
      ['pve', true, undefined],
      ['first', true, 'k3s1'],
    ]);
    expect(yamlOf([], section)).toBe(
      'hosts:\n  pve:\n    ssh: root@192.0.2.5\n  first:\n    ssh: josh@192.0.2.11\n    switch: sw-desk\n',
    );
  });

  test('two nodes of one first name are told apart', () => {
    const nodes = [nodeAt('a.east.test', ip('192.0.2.1')), nodeAt('a.west.test', ip('192.0.2.2'))];
    expect(proposeHosts(nodes, {}).map(({ name }) => name)).toEqual(['a', 'a-west-test']);
  });

  test('an address that no ssh takes is not written', () => {
    const [only] = proposeHosts([nodeAt('a', ip('-oProxyCommand=x'))], {});
    expect(only?.entry).toEqual({});
    expect(only?.notes.join(' ')).toContain('no address');
  });

  test('a container is found by its name', () => {
    const list =
      'VMID       Status     Lock         Name                \n101        running                 k3s1                \n102        stopped    backup       other\n';
    const containers = containersOf('pve', list);
    expect(containers).toEqual([
      { hypervisor: 'pve', id: 101, name: 'k3s1' },
      { hypervisor: 'pve', id: 102, name: 'other' },
    ]);
    const [, found] = proposeHosts(
      [nodeAt('k3s1', ip('192.0.2.11'))],
      { pve: { ssh: 'root@192.0.2.5' } },
      containers,
    );
    expect(found?.entry).toEqual({ ssh: 'root@192.0.2.11', pct: { host: 'pve', id: 101 } });
  });
});
