import { describe, expect, test } from 'vitest';
import { link, span } from '../../test/support/diagnosed.ts';
import { host, known, silentHost } from '../../test/support/hosts.ts';
import { node } from '../../test/support/objects.ts';
import { nodeRef, runOf, type SaidBy } from '../../test/support/runs.ts';
import { snapshotOf, type World } from '../../test/support/snapshot.ts';
import type { Unseen } from '../model/check.ts';
import type { Incident } from '../model/incident.ts';
import type { Host } from '../model/objects/host/host.ts';
import type { Ref } from '../model/ref.ts';
import { incidentsOf } from './incidents.ts';
import { explain } from './infer.ts';
import { buildNetwork } from './network.ts';
import { findingId } from './run-checks.ts';

const names = ['a', 'b', 'c'];
const hostRef = (name: string): Ref => ({ kind: 'Host', name });
const linkRef = (on: string): Ref => ({ kind: 'Link', namespace: on, name: 'eth0' });

const below: Unseen = {
  candidates: [
    { name: 'kubelet', tie: 'host-node', shownBy: ['host/unit-failed'], decide: 'look at k3s' },
    { name: 'host', tie: 'host-node', shownBy: ['host/host-unreachable'] },
    { name: 'link', tie: 'link-node', shownBy: ['link/link-down'], decide: 'ip link' },
  ],
  decide: 'ssh {name}',
  shared: [
    { what: 'a switch', as: 'switch' },
    { what: 'a hypervisor', as: 'hypervisor', decide: 'ping {name}' },
    { what: 'the way from here', as: 'our-way' },
  ],
  beyond: { candidates: ['the way to the API'], decide: 'journal of {name}', shared: 'the server' },
};

const dead = (...nodes: readonly string[]): SaidBy => ({
  id: 'node/not-ready',
  severity: 'critical',
  unseen: below,
  fails: nodes.map((name) => ({ subject: nodeRef(name), onset: span(-50, 0) })),
});
const toNode = link({ effect: 'node/not-ready', tie: 'host-node', within: Infinity });
const unit = (more: Partial<SaidBy> = {}): SaidBy => ({
  id: 'host/unit-failed',
  severity: 'critical',
  explains: [toNode],
  ...more,
});
/** One look tells that it is silent, and not since when. */
const silent = (...hosts: readonly string[]): SaidBy => ({
  id: 'host/host-unreachable',
  unseen: { candidates: ['its link'], decide: 'ping {name}', shared: below.shared ?? [] },
  explains: [toNode, link({ effect: 'host/host-unreachable', tie: 'host-guests' })],
  fails: hosts.map((name) => ({ subject: hostRef(name), onset: span(null, 3600) })),
});

function told(hosts: readonly Host[], said: readonly SaidBy[], world: Partial<World> = {}) {
  const snapshot = snapshotOf({ objects: names.map((name) => node(name)), hosts, ...world });
  const runs = said.map(runOf);
  const network = buildNetwork(snapshot, runs);
  return incidentsOf(network, explain(network), runs);
}

const declared = (more: Partial<Host['declared']>): { declared: Host['declared'] } => ({
  declared: { addresses: [], ...more },
});
const down = (name: string, more: Partial<Host['declared']> = {}): Host => ({
  ...silentHost(name, 'timed-out', 'no answer within 8 s'),
  ...declared(more),
});

describe('a silent node', () => {
  const suspected = (...said: readonly SaidBy[]): Incident['suspected'] =>
    told([host('a')], [dead('a'), ...said])[0]?.suspected;

  test('whose host was not looked at: anything below it is possible', () => {
    expect(suspected()).toMatchObject({
      candidates: ['kubelet', 'host', 'link'],
      well: [],
      decide: 'ssh a',
    });
  });

  test('whose unit failed: that is the root, and certain', () => {
    const failed = unit({ fails: [{ subject: hostRef('a'), onset: span(-60, -50) }] });
    const [incident] = told([host('a')], [dead('a'), failed]);
    expect(incident).toMatchObject({
      certainty: 'certain',
      roots: [findingId('host/unit-failed', hostRef('a'))],
    });
    expect(incident?.suspected).toBeUndefined();
  });

  test('what was looked at and is well is no candidate', () => {
    expect(suspected(unit({ well: [hostRef('a'), hostRef('b')] }))).toMatchObject({
      candidates: ['host', 'link'],
      well: ['kubelet'],
      decide: 'ssh a',
    });
  });

  test('what could not be judged is one still, and so is what is well elsewhere only', () => {
    const all = ['kubelet', 'host', 'link'];
    expect(suspected(unit({ blind: true }))?.candidates).toEqual(all);
    expect(suspected(unit({ well: [hostRef('b')] }))?.candidates).toEqual(all);
  });

  describe('with a candidate that needs more than silence', () => {
    const maybeOff = { name: 'power', when: { alive: false }, decide: 'look at the lamp' };
    const unseen: Unseen = {
      candidates: [maybeOff, { name: 'link', decide: 'ip link' }],
      decide: 'ssh {name}',
      shared: [{ what: 'a switch', as: 'switch' }],
      beyond: { candidates: ['the way to the API'], decide: 'journal of {name}' },
    };
    const says = (alive: readonly boolean[], more: Partial<Unseen> = {}): Incident['suspected'] => {
      const fails = alive.map((each, at) => ({
        subject: nodeRef(names[at] ?? ''),
        onset: span(-50, 0),
        facts: { alive: each },
      }));
      return told([], [{ ...dead(), unseen: { ...unseen, ...more }, fails }])[0]?.suspected;
    };

    test('it stays where the facts allow it', () => {
      expect(says([false])).toMatchObject({ candidates: ['power', 'link'], decide: 'ssh a' });
    });

    test('it is none where they contradict it, and was not seen to be well either', () => {
      expect(says([true])).toMatchObject({ candidates: ['link'], well: [], decide: 'ip link' });
    });

    test('nothing is left: it lies beyond', () => {
      expect(says([true], { candidates: [maybeOff] })).toMatchObject({
        candidates: ['the way to the API'],
        well: [],
      });
    });

    test('of several it is none only where it is none of each', () => {
      expect(says([true, false])).toMatchObject({ shared: true, candidates: ['power', 'link'] });
      expect(says([true, true])).toMatchObject({ shared: true, candidates: ['link'] });
    });
  });

  test('all below it is well: what is left lies beyond, and it is no more certain', () => {
    const [incident] = told(
      [host('a')],
      [
        dead('a'),
        unit({ well: [hostRef('a')] }),
        { ...silent(), well: [hostRef('a')] },
        { id: 'link/link-down', well: [linkRef('a')] },
      ],
    );
    expect(incident).toMatchObject({
      certainty: 'suspected',
      suspected: {
        candidates: ['the way to the API'],
        well: ['kubelet', 'host', 'link'],
        decide: 'journal of a',
      },
    });
  });
});

describe('several silent at once', () => {
  const roots = (of: readonly Incident[]): string[] => of.map((each) => `${each.roots.length}`);
  const whats = (of: readonly Incident[]): (string | undefined)[] =>
    of.map((each) => each.suspected?.what);

  test('on one hypervisor: one suspected cause, by its name', () => {
    const hosts = names.map((name) => down(name, { hypervisor: 'pve' }));
    const found = told(hosts, [dead(...names), silent(...names)]);
    expect(roots(found)).toEqual(['3']);
    expect(whats(found)).toEqual(['the hypervisor pve']);
    expect(found[0]?.suspected?.decide).toBe('ping pve');
    expect(found[0]?.links).toHaveLength(3);
  });

  test('a hypervisor on which somebody answers is none of it', () => {
    const hosts = [
      down('a', { hypervisor: 'pve', switch: 'sw-desk' }),
      down('b', { hypervisor: 'pve', switch: 'sw-desk' }),
      host('c', declared({ hypervisor: 'pve' })),
    ];
    expect(whats(told(hosts, [silent('a', 'b')]))).toEqual(['the switch sw-desk']);
    const undeclared = hosts.map((each) => ({ ...each, ...declared({ hypervisor: 'pve' }) }));
    expect(whats(told(undeclared, [silent('a', 'b'), dead('a', 'b')]))).toEqual(['a switch']);
  });

  test('a hypervisor that is silent itself is the root of its guests', () => {
    const guests = names.map((name) => down(name, { hypervisor: 'pve' }));
    const found = told([...guests, down('pve')], [dead(...names), silent('pve', ...names)]);
    expect(found.map((each) => each.roots)).toEqual([
      [findingId('host/host-unreachable', hostRef('pve'))],
    ]);
    expect(found[0]?.links).toHaveLength(6);
  });

  test('on two hypervisors they are two stories; where one is not declared, perhaps one', () => {
    const on = (third: Partial<Host['declared']>): readonly Host[] => [
      down('a', { hypervisor: 'pve' }),
      down('b', { hypervisor: 'pve' }),
      down('c', third),
    ];
    const said = [silent(...names), dead(...names)];
    expect(whats(told(on({ hypervisor: 'rack' }), said))).toEqual(['the hypervisor pve', '']);
    expect(whats(told(on({}), said))).toEqual(['a switch or a hypervisor']);
  });

  test('since when they are silent is told by what they took with them', () => {
    const hosts = names.map((name) => down(name, { hypervisor: 'pve' }));
    const late = { ...dead('a', 'b'), fails: [] };
    const nodes = { ...late, fails: [at('a', 0), at('b', 1800)] };
    expect(roots(told(hosts, [silent('a', 'b'), nodes]))).toEqual(['1', '1']);
  });

  test('their hosts well: not what they stand on, but what they talk to', () => {
    const found = told(
      names.map((name) => host(name)),
      [
        dead(...names),
        unit({ well: names.map(hostRef) }),
        { ...silent(), well: names.map(hostRef) },
        { id: 'link/link-down', well: names.map(linkRef) },
      ],
    );
    expect(roots(found)).toEqual(['3']);
    expect(whats(found)).toEqual(['the server']);
  });

  test('nobody answers us, the API server neither: we may be cut off ourselves', () => {
    const hosts = [down('a'), down('b')];
    const away = told(hosts, [silent('a', 'b')], { access: { outcome: 'timed-out' } });
    expect(whats(away)).toEqual(['a switch, a hypervisor or the way from here']);
  });

  test('since when is not told by anything: then they are one story by a name only', () => {
    const said = [silent('a', 'b')];
    expect(roots(told([down('a'), down('b')], said))).toEqual(['1', '1']);
    const guests = ['a', 'b'].map((name) => down(name, { hypervisor: 'pve' }));
    expect(roots(told(guests, said))).toEqual(['2']);
  });

  function at(name: string, seconds: number) {
    return { subject: nodeRef(name), onset: span(seconds - 50, seconds) };
  }
});

describe('times of a host', () => {
  const before = (widthMs: number): readonly Incident[] => {
    const clock = known({ offsetMs: { least: 0, most: widthMs } });
    return told(
      [host('a', { clock })],
      [dead('a'), unit({ fails: [{ subject: hostRef('a'), onset: span(20, 30) }] })],
    );
  };

  test('are as good as its clock was measured', () => {
    const rivals = before(100).flatMap((each) => each.rivals.map(({ against }) => against));
    expect(rivals).toEqual(['time']);
    expect(before(20_000).map((each) => each.roots)).toEqual([
      [findingId('host/unit-failed', hostRef('a'))],
    ]);
  });
});

test('what is unknown of one host is no gap in the story of another', () => {
  const snapshot = snapshotOf({ objects: names.map((name) => node(name)), hosts: [host('a')] });
  const run = runOf(unit());
  const unknown = (name: string) => ({
    id: findingId('host/unit-failed', hostRef(name)),
    check: 'host/unit-failed' as const,
    verdict: 'unknown' as const,
    subject: hostRef(name),
    severity: 'critical' as const,
    reason: 'forbidden' as const,
    detail: 'not root',
  });
  const runs = [runOf(dead('a')), { ...run, findings: names.map(unknown) }];
  const network = buildNetwork(snapshot, runs);
  const [incident] = incidentsOf(network, explain(network), runs);
  expect(incident?.blind).toEqual([findingId('host/unit-failed', hostRef('a'))]);
});
