import { describe, expect, test } from 'vitest';
import { host, known } from '../../test/support/hosts.ts';
import { address, baseline, route, usbHost, usbNic, veth } from '../../test/support/links.ts';
import type { Host } from './objects/host/host.ts';
import type { Node } from './objects/node.ts';
import { carriesNodeAddress, holdsNodeAddress, uplinksOf } from './uplink.ts';

const node = {
  status: { addresses: [{ type: 'InternalIP', address: '192.0.2.11' }] },
} as unknown as Node;

const ways = (
  ...given: readonly [name: string, metric: number, family: 'inet' | 'inet6'][]
): Host['routes'] =>
  known(
    given.map(([name, metric, family]) => ({
      destination: 'default',
      interface: name,
      metric,
      family,
    })),
  );

const bridged = usbHost({
  interfaces: known([
    veth({ name: 'vmbr0', kind: 'bridge' }),
    usbNic({ master: 'vmbr0' }),
    veth({ name: 'veth101i0', master: 'vmbr0' }),
  ]),
  addresses: address('vmbr0'),
  routes: route('vmbr0'),
});

describe('uplinks', () => {
  test.each<[string, Host, readonly string[]]>([
    ['by the default route', host('a'), ['eth0']],
    [
      'by metric, IPv4 before IPv6',
      host('a', {
        routes: ways(['wan6', 1, 'inet6'], ['slow', 600, 'inet'], ['quick', 100, 'inet']),
        addresses: known([]),
      }),
      ['quick', 'slow', 'wan6'],
    ],
    [
      'by the node’s address, where the default route leads elsewhere',
      host('a', { routes: route('wan0') }),
      ['wan0', 'eth0'],
    ],
    [
      'by the baseline, though it is gone',
      host('a', { baseline: baseline() }),
      ['enx020000000011', 'eth0'],
    ],
    [
      'by evenkeel.yaml and nothing else',
      host('a', { declared: { addresses: [], uplink: 'lan0' }, baseline: baseline() }),
      ['lan0'],
    ],
    [
      'with the adapters below a bridge, and no container’s end',
      bridged,
      ['vmbr0', 'enx020000000011'],
    ],
    ['none, where nothing tells', host('a', { routes: known([]), addresses: known([]) }), []],
  ])('%s', (_, seen, names) => {
    expect(uplinksOf(seen, node)).toEqual(names);
  });
});

describe('the node’s address', () => {
  test('is carried by a bridge, and so by its adapter', () => {
    expect(carriesNodeAddress(bridged, node, 'vmbr0')).toBe(true);
    expect(carriesNodeAddress(bridged, node, 'enx020000000011')).toBe(true);
    expect(carriesNodeAddress(bridged, undefined, 'vmbr0')).toBe(false);
  });

  test('is somewhere, nowhere, or nobody can tell', () => {
    expect(holdsNodeAddress(host('a'), node)).toBe(true);
    expect(holdsNodeAddress(host('a', { addresses: known([]) }), node)).toBe(false);
    expect(holdsNodeAddress(host('a', { addresses: { state: 'absent' } }), node)).toBeUndefined();
    expect(holdsNodeAddress(host('a'), undefined)).toBeUndefined();
  });
});
