import { incidentsOf } from '../../src/diagnose/incidents.ts';
import { explain } from '../../src/diagnose/infer.ts';
import { buildNetwork } from '../../src/diagnose/network.ts';
import type { Explains } from '../../src/model/check.ts';
import type { Incident } from '../../src/model/incident.ts';
import { node, pod } from './objects.ts';
import { podRef, runOf, type SaidBy } from './runs.ts';
import { ago, noon, snapshotOf } from './snapshot.ts';

/** Times below are seconds before (negative) or after the first moment of the story. */
const start = Date.parse(ago(3600)) / 1000;
export const at = (seconds: number): number => start + seconds;
export const span = (from: number | null, to: number): [number | null, number] => [
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

export const minutes = 60_000;
export const link = (rule: Partial<Explains> = {}): Explains => ({
  effect: 'workload/crash-loop',
  tie: 'node-pods',
  strength: 0.9,
  within: 10 * minutes,
  ...rule,
});

export function diagnosed(...said: readonly SaidBy[]): readonly Incident[] {
  const runs = said.map(runOf);
  const network = buildNetwork(snapshot, runs);
  return incidentsOf(network, explain(network), runs);
}

export const crashing = (names: readonly string[], onset = span(0, 60), facts = {}): SaidBy => ({
  id: 'workload/crash-loop',
  fails: names.map((name) => ({ subject: podRef(name), onset, facts })),
  well: Array.from({ length: 20 }, (_, n) => podName(n))
    .filter((name) => !names.includes(name))
    .map(podRef),
});

export const names = (node: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${node}-${n}`);
