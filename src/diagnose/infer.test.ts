import { describe, expect, test } from 'vitest';
import { link, span } from '../../test/support/diagnosed.ts';
import { node, pod } from '../../test/support/objects.ts';
import { nodeRef, podRef, runOf, type SaidBy } from '../../test/support/runs.ts';
import { snapshotOf } from '../../test/support/snapshot.ts';
import type { CheckId } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { incidentsOf } from './incidents.ts';
import { explain } from './infer.ts';
import { buildNetwork, type Network } from './network.ts';
import { findingId } from './run-checks.ts';

/** Sixteen nodes, one pod on each, so that more causes share effects than are enumerated. */
const count = 16;
const each = Array.from({ length: count }, (_, n) => n);
const snapshot = snapshotOf({
  objects: each.flatMap((n) => [node(`n${n}`), pod(`p${n}`, { node: `n${n}` })]),
});

function networkOf(said: readonly SaidBy[]): Network {
  return buildNetwork(snapshot, said.map(runOf));
}

const nodes = (id: CheckId, strength: number, from: number, to: number): SaidBy => ({
  id,
  explains: [
    link({ effect: 'workload/crash-loop', tie: 'node-pods', strength }),
    link({ effect: 'control-plane/api-slow', tie: 'cluster', strength: 0.3 }),
  ],
  fails: each.slice(from, to).map((n) => ({ subject: nodeRef(`n${n}`), onset: span(-10, 0) })),
});
const pods = (from: number, to: number): SaidBy => ({
  id: 'workload/crash-loop',
  fails: each.slice(from, to).map((n) => ({ subject: podRef(`p${n}`), onset: span(0, 30) })),
  well: each.filter((n) => n < from || n >= to).map((n) => podRef(`p${n}`)),
});
const slow: SaidBy = {
  id: 'control-plane/api-slow',
  fails: [{ subject: { kind: 'Cluster', name: 'api' }, onset: span(0, 30) }],
};

describe('many causes that share an effect', () => {
  test('each explains its own pod, and none is idle', () => {
    const network = networkOf([nodes('node/not-ready', 0.9, 0, count), pods(0, count), slow]);
    const explanation = explain(network);
    const explained = explanation.cause.filter((edge) => edge !== undefined);
    expect(explained).toHaveLength(count + 1);
    expect(explanation.atWork.filter(Boolean)).toHaveLength(count);
  });

  test('those whose own pod is well stay idle, since one of the others explains what is shared', () => {
    const network = networkOf([nodes('node/not-ready', 0.9, 0, count), pods(0, 4), slow]);
    const { atWork } = explain(network);
    const working = network.faults.flatMap((fault, at) => (atWork[at] ? [fault.subject.name] : []));
    expect(working.toSorted()).toEqual(['n0', 'n1', 'n2', 'n3']);
  });
});

describe('what lay below the root and was not taken for its cause', () => {
  const root = findingId('node/not-ready', nodeRef('n0'));
  const below = findingId('link/link-down', nodeRef('n0'));
  const dead: SaidBy = { ...nodes('node/not-ready', 0.9, 0, 1), severity: 'critical' };

  function incidentOver(...said: readonly SaidBy[]): Incident | undefined {
    const runs = [...said, dead].map(runOf);
    const network = buildNetwork(snapshot, runs);
    return incidentsOf(network, explain(network), runs).find(({ roots }) => roots.includes(root));
  }

  test('it should have broken more than it did', () => {
    const linkDown: SaidBy = {
      id: 'link/link-down',
      explains: [
        link({ effect: 'node/not-ready', tie: 'same-subject', strength: 0.2 }),
        link({ effect: 'workload/mount-failed', tie: 'node-pods', strength: 0.99 }),
      ],
      fails: [{ subject: nodeRef('n0'), onset: span(-30, -20) }],
    };
    const mounts: SaidBy = { id: 'workload/mount-failed', well: [podRef('p0')] };
    const incident = incidentOver(linkDown, mounts);
    expect(incident?.roots).toEqual([root]);
    expect(incident?.rivals[0]).toMatchObject({ roots: [below], against: 'absent-effects' });
  });

  test('it has recovered since, and seldom does this', () => {
    const flap: SaidBy = {
      id: 'link/link-down',
      explains: [link({ effect: 'node/not-ready', tie: 'same-subject', strength: 0.02 })],
      past: [{ subject: nodeRef('n0'), onset: span(-300, -200), endedAt: span(0, -20)[1] }],
    };
    const incident = incidentOver(flap);
    expect(incident?.roots).toEqual([root]);
    expect(incident?.rivals[0]).toMatchObject({ roots: [below], against: 'recovered' });
  });
});
