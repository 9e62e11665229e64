/** The diagnosis alone, on 10,000 findings over 100 nodes. */
import { incidentsOf } from '../src/diagnose/incidents.ts';
import { explain } from '../src/diagnose/infer.ts';
import { buildNetwork } from '../src/diagnose/network.ts';
import type { Explains } from '../src/model/check.ts';
import { node, pod } from '../test/support/objects.ts';
import { nodeRef, podRef, runOf } from '../test/support/runs.ts';
import { snapshotOf } from '../test/support/snapshot.ts';
import { median } from './process.ts';

const nodes = 100;
const findings = 10_000;

/** Milliseconds, median of nine after a warm-up: a third of the nodes dead, all pods affected. */
export function diagnosisMs(): number {
  const pods = findings - 34;
  const nodeOf = (n: number): string => `node-${n % nodes}`;
  const snapshot = snapshotOf({
    objects: [
      ...Array.from({ length: nodes }, (_, n) => node(`node-${n}`)),
      ...Array.from({ length: pods }, (_, n) => pod(`pod-${n}`, { node: nodeOf(n) })),
    ],
  });
  const now = snapshot.at / 1000;
  const rule = (effect: Explains['effect'], strength: number): Explains => ({
    effect,
    tie: 'node-pods',
    strength,
    within: 600_000,
  });
  const onset = (at: number): [number, number] => [now - at - 50, now - at];
  const half = Math.floor(pods / 2);
  const some = (from: number, to: number): number[] =>
    Array.from({ length: to - from }, (_, n) => from + n);
  const runs = [
    runOf({
      id: 'node/not-ready',
      severity: 'critical',
      explains: [rule('workload/stuck-terminating', 0.9), rule('workload/crash-loop', 0.5)],
      fails: some(0, 34).map((n) => ({
        subject: nodeRef(`node-${n}`),
        onset: onset(3000 + 300 * n),
      })),
    }),
    runOf({
      id: 'workload/stuck-terminating',
      fails: some(0, half).map((n) => ({ subject: podRef(`pod-${n}`), onset: onset(2900) })),
    }),
    runOf({
      id: 'workload/crash-loop',
      explains: [
        {
          effect: 'workload/stuck-terminating',
          tie: 'same-subject',
          strength: 0.2,
          within: 600_000,
        },
      ],
      fails: some(half, pods).map((n) => ({ subject: podRef(`pod-${n}`), onset: onset(2900) })),
    }),
  ];
  const times: number[] = [];
  for (let n = 0; n < 12; n++) {
    const from = performance.now();
    const network = buildNetwork(snapshot, runs);
    incidentsOf(network, explain(network), runs);
    if (n >= 3) times.push(performance.now() - from);
  }
  return median(times);
}
