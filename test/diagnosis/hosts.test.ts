import { describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.gen.ts';
import { facetNames } from '../../src/model/facets.ts';
import type { CheckId } from '../../src/model/finding.ts';
import type { Host } from '../../src/model/objects/host/host.ts';
import { host, known, silentHost, unit } from '../support/hosts.ts';
import { lease, node, pod } from '../support/objects.ts';
import { ago, noon, type RawObject, type World } from '../support/snapshot.ts';
import { type Audited, audited } from './world.ts';

/** The same worlds with eyes on the machines and without: what one sees more, and what one must not. */

const now = Date.parse(noon);
const server = 'https://192.0.2.10:6443';
const agents = ['k3s2', 'k3s3', 'k3s4'];

const well = (name: string, role = {}): RawObject[] => [node(name, { labels: role }), lease(name)];
const serverNode = well('k3s1', { 'node-role.kubernetes.io/control-plane': 'true' });

function silent(name: string, seconds = 600): RawObject[] {
  const taint = { key: 'node.kubernetes.io/unreachable', timeAdded: ago(seconds) };
  return [
    node(name, {
      ready: 'Unknown',
      since: ago(seconds),
      reason: 'NodeStatusUnknown',
      taints: [{ ...taint, effect: 'NoExecute' }],
    }),
    lease(name, { renewed: ago(seconds + 48) }),
    pod(`web-${name}`, { node: name, deleted: ago(300), ready: false, since: ago(seconds) }),
  ];
}

/** A server that is not looked at here, at an address of its own. */
function serverHost(changes: Partial<Host> = {}): Host {
  const { k3s } = host('k3s1');
  return host('k3s1', {
    declared: { addresses: ['192.0.2.10'] },
    k3s: k3s.state === 'known' ? known({ ...k3s.value, role: 'server', serverUrl: null }) : k3s,
    units: known([unit('k3s.service')]),
    serverPath: { state: 'absent' },
    ...changes,
  });
}

const down = (name: string, declared: Partial<Host['declared']> = {}): Host => ({
  ...silentHost(name, 'timed-out', 'no answer within 8 s'),
  declared: { addresses: [], ...declared },
});

const both = (world: World): { readonly blind: Audited; readonly seeing: Audited } => {
  const { hosts: _, ...without } = world;
  return { blind: audited(without), seeing: audited(world) };
};

describe('a node is silent', () => {
  const objects = [...serverNode, ...silent('k3s2')];
  const api = { access: { outcome: 'ok', server } };

  test('k3s was stopped there: suspected without a look, certain with one', () => {
    const stopped = unit('k3s-agent.service', {
      activeState: 'inactive',
      subState: 'dead',
      mainPid: 0,
      activeSinceAt: null,
      exitedAt: now - 650_000,
      stateChangedAt: now - 650_000,
    });
    const hosts = [serverHost(), host('k3s2', { units: known([stopped]) })];
    const { blind, seeing } = both({ objects, hosts, ...api });
    expect(blind.incidents[0]).toMatchObject({
      certainty: 'suspected',
      roots: ['node/not-ready Node/k3s2'],
      suspected: ['kubelet', 'host', 'link'],
    });
    expect(seeing.incidents).toHaveLength(1);
    expect(seeing.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/unit-stopped Host/k3s2'],
    });
    expect(seeing.incidents[0]?.chain).toContain(
      'host/unit-stopped Host/k3s2 → node/not-ready Node/k3s2',
    );
  });

  test('its host is silent too: that is the root, and what lies below it stays a suspicion', () => {
    const { seeing } = both({ objects, hosts: [serverHost(), down('k3s2')], ...api });
    expect(seeing.incidents).toHaveLength(1);
    expect(seeing.incidents[0]).toMatchObject({
      certainty: 'suspected',
      roots: ['host/host-unreachable Host/k3s2'],
    });
    expect(seeing.incidents[0]?.chain).toContain(
      'host/host-unreachable Host/k3s2 → node/not-ready Node/k3s2',
    );
  });

  test('nothing is wrong on its host: what was seen to be well is suspected no more', () => {
    const { seeing } = both({ objects, hosts: [serverHost(), host('k3s2')], ...api });
    expect(seeing.incidents).toHaveLength(1);
    expect(seeing.incidents[0]?.certainty).toBe('suspected');
    for (const each of ['kubelet', 'host', 'link']) {
      expect(seeing.incidents[0]?.suspected).not.toContain(each);
    }
  });
});

describe('many are silent within one grace period', () => {
  const objects = [...serverNode, ...agents.flatMap((name) => silent(name))];

  test('all are guests of one hypervisor: it is the suspicion, by its name', () => {
    const hosts = [serverHost(), ...agents.map((name) => down(name, { hypervisor: 'pve' }))];
    const { blind, seeing } = both({ objects, hosts });
    expect(blind.incidents.map((each) => each.what)).toEqual([
      'a switch, a hypervisor or a power supply',
    ]);
    expect(seeing.incidents.map((each) => [each.roots.length, each.what])).toEqual([
      [3, 'the hypervisor pve'],
    ]);
  });

  test('the hypervisor is silent itself: it is the root', () => {
    const guests = agents.map((name) => down(name, { hypervisor: 'pve' }));
    const { seeing } = both({ objects, hosts: [serverHost(), down('pve'), ...guests] });
    expect(seeing.incidents.map((each) => each.roots)).toEqual([
      ['host/host-unreachable Host/pve'],
    ]);
  });

  test('their hosts are well and k3s runs there: one cause on the other side, not one each', () => {
    const hosts = [serverHost(), ...agents.map((name) => host(name))];
    const { seeing } = both({ objects, hosts });
    expect(seeing.incidents).toHaveLength(1);
    expect(seeing.incidents[0]?.roots).toHaveLength(3);
    expect(seeing.incidents[0]?.what).toContain('API server');
  });
});

describe('the API server is gone', () => {
  const deny = facetNames.filter((name) => !['hosts', 'access'].includes(name));
  const access = { outcome: 'refused', detail: 'connection refused', server };
  const stopped = unit('k3s.service', {
    activeState: 'failed',
    subState: 'failed',
    result: 'exit-code',
    mainPid: 0,
    activeSinceAt: null,
    exitedAt: now - 300_000,
    stateChangedAt: now - 300_000,
  });

  test('and the server’s own host says why', () => {
    const hosts = [
      serverHost({ units: known([stopped]) }),
      ...agents.map((name) =>
        host(name, {
          serverPath: known({
            address: '192.0.2.10',
            port: 6443,
            flowing: 0,
            stalled: 0,
            connecting: 1,
          }),
        }),
      ),
    ];
    const { blind, seeing } = both({ objects: [], hosts, deny, access });
    expect(blind.result.unobserved).toBe('connection refused');
    expect(blind.incidents).toEqual([]);
    expect(seeing.incidents).toHaveLength(1);
    expect(seeing.incidents[0]?.certainty).toBe('certain');
    expect(seeing.incidents[0]?.roots).toEqual(['host/unit-failed Host/k3s1']);
    expect(seeing.incidents[0]?.chain).toContain(
      'host/unit-failed Host/k3s1 → control-plane/api-unreachable Cluster/kube-apiserver',
    );
  });

  test('and no host answers either: we may be the one that is cut off', () => {
    const hosts = [down('k3s1'), ...agents.map((name) => down(name))];
    const { seeing } = both({ objects: [], hosts, deny, access });
    expect(seeing.incidents).toHaveLength(1);
    expect(seeing.incidents[0]?.what).toContain('the way from here to all of them');
  });
});

test('looking at machines that are well changes nothing of what the API tells', () => {
  const objects = [...serverNode, ...agents.flatMap((name) => well(name))];
  const hosts = [serverHost(), ...agents.map((name) => host(name))];
  const { blind, seeing } = both({ objects, hosts });
  expect(blind.incidents).toEqual([]);
  expect(seeing.incidents).toEqual([]);
  expect(seeing.alone).toEqual([]);
});

test('what would show a candidate is a check that there is, and one that knows of machines', () => {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const named = checks.flatMap(({ unseen }) => [
    ...(unseen?.candidates ?? []),
    ...(unseen?.beyond?.candidates ?? []),
  ]);
  const shownBy = named.flatMap((each) => (typeof each === 'string' ? [] : (each.shownBy ?? [])));
  expect(shownBy.length).toBeGreaterThan(0);
  const looks = (id: CheckId): boolean => {
    const { reads, wants } = byId.get(id) ?? { reads: [], wants: [] };
    return [...reads, ...wants].includes('hosts');
  };
  expect(shownBy.filter((id) => !looks(id))).toEqual([]);
});
