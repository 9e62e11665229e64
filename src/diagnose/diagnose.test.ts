import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { node, pod } from '../../test/support/objects.ts';
import { nodeRef, podRef, runOf, type SaidBy } from '../../test/support/runs.ts';
import { ago, noon, snapshotOf } from '../../test/support/snapshot.ts';
import type { Explains } from '../model/check.ts';
import type { Incident } from '../model/incident.ts';
import { incidentsOf } from './incidents.ts';
import { explain } from './infer.ts';
import { buildNetwork } from './network.ts';
import { findingId } from './run-checks.ts';

/** Times below are seconds before (negative) or after the first moment of the story. */
const start = Date.parse(ago(3600)) / 1000;
const at = (seconds: number): number => start + seconds;
const span = (from: number | null, to: number): [number | null, number] => [
  from === null ? null : at(from),
  at(to),
];

/** Two nodes, ten pods on each: `a-0` … `b-9`. */
const snapshot = snapshotOf(
  {
    objects: [
      node('a'),
      node('b'),
      ...Array.from({ length: 20 }, (_, n) => pod(podName(n), { node: n < 10 ? 'a' : 'b' })),
    ],
  },
  noon,
);

function podName(n: number): string {
  return `${n < 10 ? 'a' : 'b'}-${n % 10}`;
}

const minutes = 60_000;
const link = (rule: Partial<Explains> = {}): Explains => ({
  effect: 'workload/crash-loop',
  tie: 'node-pods',
  strength: 0.9,
  within: 10 * minutes,
  ...rule,
});

function diagnosed(...said: readonly SaidBy[]): readonly Incident[] {
  const runs = said.map(runOf);
  const network = buildNetwork(snapshot, runs);
  return incidentsOf(network, explain(network), runs);
}

const crashing = (names: readonly string[], onset = span(0, 60), facts = {}): SaidBy => ({
  id: 'workload/crash-loop',
  fails: names.map((name) => ({ subject: podRef(name), onset, facts })),
  well: Array.from({ length: 20 }, (_, n) => podName(n))
    .filter((name) => !names.includes(name))
    .map(podRef),
});

const names = (node: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${node}-${n}`);

describe('one cause', () => {
  test('explains what is tied to it, and only that', () => {
    const [incident, ...others] = diagnosed(
      {
        id: 'node/not-ready',
        severity: 'critical',
        explains: [link()],
        fails: [{ subject: nodeRef('a'), onset: span(-60, 0) }],
      },
      crashing([...names('a', 10), 'b-0']),
    );
    expect(others).toEqual([]);
    expect(incident?.roots).toEqual([findingId('node/not-ready', nodeRef('a'))]);
    expect(incident?.links).toHaveLength(10);
    expect(incident?.certainty).toBe('certain');
  });

  test('predicted but absent refutes: one of ten pods broke, so the node is innocent', () => {
    const incidents = diagnosed(
      {
        id: 'link/link-down',
        explains: [link()],
        fails: [{ subject: nodeRef('a'), onset: span(-60, 0) }],
      },
      crashing(['a-0']),
    );
    expect(incidents).toEqual([]);
  });

  test('what was hidden is not held against it', () => {
    const [incident] = diagnosed(
      {
        id: 'link/link-down',
        explains: [link()],
        fails: [{ subject: nodeRef('a'), onset: span(-60, 0) }],
      },
      { ...crashing(['a-0']), well: [] },
    );
    expect(incident?.links).toHaveLength(1);
  });

  test('an effect that had no time to come is not missed', () => {
    const recent = 3600 - 120;
    const [incident] = diagnosed(
      {
        id: 'link/link-down',
        explains: [link()],
        fails: [{ subject: nodeRef('a'), onset: span(recent - 10, recent) }],
      },
      crashing(['a-0'], span(recent, recent + 60)),
    );
    expect(incident?.links).toHaveLength(1);
  });
});

describe('time', () => {
  const cause = (onset: [number | null, number]): SaidBy => ({
    id: 'node/not-ready',
    explains: [link({ lead: 0 })],
    fails: [{ subject: nodeRef('a'), onset }],
  });

  test('a faster observer may see the effect first: the intervals overlap', () => {
    const [incident] = diagnosed(cause(span(-10, 50)), crashing(names('a', 10), span(-3, 3)));
    expect(incident?.links).toHaveLength(10);
  });

  test('disjoint the wrong way refutes: it was broken before the cause could have been', () => {
    const incidents = diagnosed(cause(span(0, 50)), crashing(names('a', 10), span(-300, -200)));
    expect(incidents).toEqual([]);
  });

  test('too late refutes: it was still well long after the cause had done its work', () => {
    const incidents = diagnosed(cause(span(0, 50)), crashing(names('a', 10), span(1500, 1600)));
    expect(incidents).toEqual([]);
  });

  test('a cause that time refutes is named among the rivals of what stands alone', () => {
    const [incident] = diagnosed(
      { ...cause(span(0, 50)), explains: [link({ effect: 'node/pressure', tie: 'same-subject' })] },
      {
        id: 'node/pressure',
        severity: 'critical',
        fails: [{ subject: nodeRef('a'), onset: span(-300, -200) }],
      },
    );
    expect(incident?.rivals).toEqual([
      { roots: [findingId('node/not-ready', nodeRef('a'))], weight: 0, against: 'time' },
    ]);
  });
});

describe('past causes', () => {
  const flap = (rule: Partial<Explains>): SaidBy => ({
    id: 'node/not-ready',
    explains: [link(rule)],
    past: [{ subject: nodeRef('a'), onset: span(-60, 0), endedAt: at(300) }],
  });

  test('a recovered node owns the crash loops that stayed', () => {
    const [incident] = diagnosed(flap({}), crashing(names('a', 3), span(100, 200)));
    expect(incident?.roots).toEqual([findingId('node/not-ready', nodeRef('a'))]);
    expect(incident?.links).toHaveLength(3);
  });

  test('a recovered flap does not own an unrelated mount error: the signature does not fit', () => {
    const mount: SaidBy = {
      id: 'workload/mount-failed',
      fails: [{ subject: podRef('a-0'), onset: span(100, 200), facts: { why: 'missing-secret' } }],
    };
    const rule = { effect: 'workload/mount-failed', signature: { why: 'timeout' } } as const;
    expect(diagnosed(flap(rule), mount)).toEqual([]);
  });

  test('what began after the recovery is not its doing', () => {
    const incidents = diagnosed(flap({ within: minutes }), crashing(names('a', 3), span(900, 950)));
    expect(incidents).toEqual([]);
  });
});

describe('what cannot be seen', () => {
  const unseen = {
    candidates: ['kubelet', 'host', 'link'],
    decide: 'ssh {name} uptime',
    shared: 'a switch',
  };
  const dead = (...fails: { node: string; onset: [number | null, number] }[]): SaidBy => ({
    id: 'node/not-ready',
    severity: 'critical',
    unseen,
    fails: fails.map(({ node, onset }) => ({
      subject: nodeRef(node),
      onset,
      facts: { name: node, reason: 'NodeStatusUnknown' },
    })),
  });

  test('a host out of sight: suspected below the node, never certain', () => {
    const [incident] = diagnosed(dead({ node: 'a', onset: span(-50, 0) }));
    expect(incident?.certainty).toBe('suspected');
    expect(incident?.suspected).toEqual({
      candidates: ['kubelet', 'host', 'link'],
      decide: 'ssh a uptime',
      shared: false,
      what: '',
    });
  });

  test('two nodes at once are one suspected cause, not two roots', () => {
    const incidents = diagnosed(
      dead({ node: 'a', onset: span(-50, 0) }, { node: 'b', onset: span(-48, 4) }),
    );
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.roots).toHaveLength(2);
    expect(incidents[0]?.suspected).toMatchObject({ shared: true, what: 'a switch' });
  });

  test('two nodes an hour apart are two', () => {
    const incidents = diagnosed(
      dead({ node: 'a', onset: span(-50, 0) }, { node: 'b', onset: span(3000, 3050) }),
    );
    expect(incidents).toHaveLength(2);
  });
});

describe('rivals', () => {
  const rule = { effect: 'network/service-without-endpoints', tie: 'cluster' } as const;
  const service = { kind: 'Service', namespace: 'default', name: 'web' };
  const effect: SaidBy = {
    id: 'network/service-without-endpoints',
    fails: [{ subject: service, onset: span(0, 10) }],
  };
  const cause = (id: SaidBy['id'], strength: number): SaidBy => ({
    id,
    explains: [link({ ...rule, strength })],
    fails: [{ subject: nodeRef('a'), onset: span(-10, 0) }],
  });

  test('two causes that explain the same equally well: inconclusive, with both named', () => {
    const [incident] = diagnosed(
      cause('host/unit-failed', 0.8),
      cause('node/pressure', 0.8),
      effect,
    );
    expect(incident?.certainty).toBe('inconclusive');
    expect(incident?.rivals[0]?.weight).toBeGreaterThan(0.3);
  });

  test('what could have caused the root and could not be seen is named', () => {
    const blind: SaidBy = { ...cause('host/unit-failed', 0.8), fails: [], blind: true };
    const aware = { ...blind, explains: [link({ effect: 'node/pressure', tie: 'same-subject' })] };
    const [incident] = diagnosed(aware, cause('node/pressure', 0.8), effect);
    expect(incident?.blind).toEqual([findingId('host/unit-failed')]);
  });
});

describe('circles of types', () => {
  test('a webhook blocks the CNI that carries it: the one that began is the root', () => {
    const [incident, ...others] = diagnosed(
      {
        id: 'control-plane/webhook-down',
        explains: [link({ effect: 'workload/rollout-stuck', tie: 'cluster', lead: 0 })],
        fails: [{ subject: { kind: 'Webhook', name: 'w' }, onset: span(-20, 0) }],
      },
      {
        id: 'workload/rollout-stuck',
        explains: [link({ effect: 'node/not-ready', tie: 'cluster', lead: 0 })],
        fails: [{ subject: { kind: 'DaemonSet.apps', name: 'cni' }, onset: span(20, 60) }],
      },
      {
        id: 'node/not-ready',
        explains: [link({ effect: 'control-plane/webhook-down', tie: 'cluster', lead: 0 })],
        fails: [{ subject: nodeRef('a'), onset: span(80, 130) }],
      },
    );
    expect(others).toEqual([]);
    expect(incident?.roots).toHaveLength(1);
    expect(incident?.links).toHaveLength(2);
    expect(incident?.roots[0]).toBe(
      findingId('control-plane/webhook-down', { kind: 'Webhook', name: 'w' }),
    );
  });

  test('where time says nothing, there is still one root and no circle', () => {
    const round = (id: SaidBy['id'], effect: SaidBy['id']): SaidBy => ({
      id,
      explains: [link({ effect, tie: 'cluster' })],
      fails: [{ subject: nodeRef('a'), onset: span(null, 0) }],
    });
    const incidents = diagnosed(
      round('control-plane/webhook-down', 'workload/rollout-stuck'),
      round('workload/rollout-stuck', 'node/not-ready'),
      round('node/not-ready', 'control-plane/webhook-down'),
    );
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.links).toHaveLength(2);
  });
});

test('the order in which things are listed changes nothing', () => {
  const said = [
    {
      id: 'node/not-ready',
      explains: [link()],
      fails: [{ subject: nodeRef('a'), onset: span(-60, 0) }],
    },
    {
      id: 'link/link-down',
      explains: [link({ effect: 'node/not-ready', tie: 'same-subject' })],
      fails: [{ subject: nodeRef('a'), onset: span(-70, -10) }],
    },
    crashing([...names('a', 8), 'b-1']),
  ] satisfies SaidBy[];
  const expected = diagnosed(...said);
  fc.assert(
    fc.property(fc.shuffledSubarray(said, { minLength: said.length }), (shuffled) => {
      expect(diagnosed(...shuffled)).toEqual(expected);
    }),
  );
});
