/** One run of the drill: a well cluster, one fault at a random moment, audits until it is named. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../bed/nodes/faults/fault.ts';
import type { Nodes } from '../bed/nodes/nodes.ts';
import { failedEvents, namesOf } from '../real/audit.ts';
import { type Expectation, type Way, ways } from './expectations.ts';
import { type Judgement, judge } from './judge.ts';
import { look } from './looks.ts';

/** What one way saw of one run. */
export interface WayResult {
  /** The last judgement, unless one of the audits was wrong with confidence: then `wrong`. */
  readonly judgement: Judgement;
  /** From the break to the end of the first audit that was right; null: none was. */
  readonly detectedMs: number | null;
  readonly audits: number;
  /** What the last audit said. */
  readonly said: readonly string[];
  /** What every audit that was wrong with confidence said. */
  readonly wrong: readonly string[];
}

export interface DrillResult {
  readonly fault: string;
  /** Milliseconds that the cluster had been well when it was broken. */
  readonly momentMs: number;
  readonly ways: Readonly<Record<Way, WayResult>>;
}

/** Random moments lie within this long after the cluster is well. */
const mostMomentMs = 15_000;

/** A machine that is busy with other things detects later; the table has the times. */
const patienceMs = 150_000;

export async function drill(
  nodes: Nodes,
  fault: Fault,
  expectation: Expectation,
  print: (line: string) => void,
): Promise<DrillResult> {
  await untilQuiet(nodes, print);
  const momentMs = Math.round(Math.random() * mostMomentMs);
  await sleep(momentMs);
  const brokenAt = performance.now();
  try {
    await fault.break(nodes);
    const seen = await watch(nodes, expectation, brokenAt, print);
    return { fault: expectation.fault, momentMs, ways: seen };
  } finally {
    await fault.mend(nodes);
    await nodes.untilReady();
  }
}

/** Until an audit has nothing to say: what is left of the fault before must not be judged. */
export async function untilQuiet(nodes: Nodes, print: (line: string) => void): Promise<void> {
  const deadline = performance.now() + 180_000;
  for (let before = ''; ; await sleep(1_000)) {
    const { document } = await look(nodes, 'pct');
    const events = failedEvents(document).map((each) => each.id);
    if (events.length === 0) return;
    const said = namesOf(document, events).join(', ');
    if (said !== before) print(`  not quiet yet: ${said}`);
    before = said;
    if (performance.now() > deadline) throw new Error(`not quiet after 180 s: ${said}`);
  }
}

async function watch(
  nodes: Nodes,
  expectation: Expectation,
  brokenAt: number,
  print: (line: string) => void,
): Promise<Record<Way, WayResult>> {
  const seen: Record<Way, WayResult> = { ssh: nothingYet, pct: nothingYet };
  for (;;) {
    for (const way of ways) {
      if (seen[way].judgement === 'right') continue;
      const { document } = await look(nodes, way);
      const { judgement, said } = judge(document, expectation, way);
      const afterMs = Math.round(performance.now() - brokenAt);
      print(`  ${way} after ${(afterMs / 1000).toFixed(1)} s: ${judgement}: ${said.join(' | ')}`);
      seen[way] = next(seen[way], judgement, said, afterMs);
    }
    if (ways.every((way) => seen[way].detectedMs !== null)) return seen;
    if (performance.now() - brokenAt > patienceMs) return seen;
    await sleep(500);
  }
}

const nothingYet: WayResult = {
  judgement: 'open',
  detectedMs: null,
  audits: 0,
  said: [],
  wrong: [],
};

function next(
  before: WayResult,
  judgement: Judgement,
  said: readonly string[],
  afterMs: number,
): WayResult {
  const wrong = judgement === 'wrong' ? [...before.wrong, said.join(' | ')] : before.wrong;
  return {
    judgement: wrong.length > 0 ? 'wrong' : judgement,
    detectedMs: before.detectedMs ?? (judgement === 'right' ? afterMs : null),
    audits: before.audits + 1,
    said,
    wrong,
  };
}
