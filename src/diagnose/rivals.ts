import { byText } from '../lib/order.ts';
import type { Rival } from '../model/incident.ts';
import { type Explanation, leakOf, withCause, withoutCause } from './infer.ts';
import type { Fault, Network } from './network.ts';

const mostRivals = 3;

/**
 * The explanations of an incident that lost: something below its root that was not taken as the cause,
 * or its root being innocent of what is laid to it. Weights are shares of belief.
 */
export function rivalsOf(
  network: Network,
  explanation: Explanation,
  roots: readonly number[],
): readonly Rival[] {
  const odds = new Map<
    string,
    { roots: readonly string[]; odds: number; against: Rival['against'] }
  >();
  const add = (faults: readonly number[], odd: number, against: Rival['against']): void => {
    const ids = faults.map((at) => (network.faults[at] as Fault).id).sort(byText);
    const key = ids.join(' ');
    if (ids.length > 0 && odd > (odds.get(key)?.odds ?? -1))
      odds.set(key, { roots: ids, odds: odd, against });
  };
  for (const root of roots) {
    for (const { cause } of network.causesOf[root] ?? []) {
      if (roots.includes(cause) || descends(cause, root, explanation)) continue;
      add([cause], Math.exp(withCause(network, explanation, cause)), whyIdle(network, cause));
    }
    for (const { cause, effect } of network.refuted) {
      if (effect === root) add([cause], 0, 'time');
    }
    if (roots.length === 1) innocent(network, explanation, root, add);
  }
  const total = [...odds.values()].reduce((sum, each) => sum + each.odds, 1);
  return [...odds.values()]
    .map((each) => ({
      roots: each.roots,
      weight: Math.round((each.odds / total) * 100) / 100,
      against: each.against,
    }))
    .filter((rival) => rival.weight >= 0.01 || rival.against !== 'less-likely')
    .sort((a, b) => b.weight - a.weight || byText(a.roots.join(), b.roots.join()))
    .slice(0, mostRivals);
}

type Add = (faults: readonly number[], odds: number, against: Rival['against']) => void;

/** What would be the cause of the root's effects if the root were not. */
function innocent(network: Network, explanation: Explanation, root: number, add: Add): void {
  const effects = (network.effectsOf[root] ?? []).filter(
    ({ effect }) => explanation.cause[effect]?.cause === root,
  );
  if (effects.length === 0) return;
  const odds = Math.exp(withoutCause(network, explanation, root));
  const others = new Set<number>();
  for (const { effect } of effects) {
    const other = (network.causesOf[effect] ?? [])
      .filter(({ cause }) => cause !== root && !descends(cause, root, explanation))
      .filter(({ cause }) => explanation.atWork[cause])
      .sort((a, b) => b.strength - a.strength || a.cause - b.cause)[0];
    others.add(other && other.strength > leakOf(network, effect) ? other.cause : effect);
  }
  add([...others], odds, 'less-likely');
}

function whyIdle(network: Network, cause: number): Rival['against'] {
  if (network.faults[cause]?.verdict === 'past') return 'recovered';
  return (network.absent[cause] ?? 0) < 0 ? 'absent-effects' : 'less-likely';
}

/** Whether the fault follows from the root in the chosen explanation. */
function descends(fault: number, root: number, { cause }: Explanation): boolean {
  let at: number | undefined = fault;
  while (at !== undefined) {
    if (at === root) return true;
    at = cause[at]?.cause;
  }
  return false;
}
