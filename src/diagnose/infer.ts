import { layers } from '../model/severity.ts';
import type { Edge, Network } from './network.ts';

/**
 * A noisy-OR network: every fault may come from nowhere (its leak), and every fault may or may not be
 * *at work*, that is, breaking what it can break. Faults are seen, so only "at work" is hidden:
 *
 *   P(effect) = 1 − (1 − leak) · Π over causes at work (1 − strength)
 *   P(cause at work) is weighed down by (1 − strength) for each predicted effect that is well
 *
 * Chosen is the assignment of "at work" that makes what is seen, and what is not, most likely: by
 * enumeration where the causes that share effects are few, by ascent from two starts where many.
 */
export interface Explanation {
  /** By fault: the edge from its most likely cause; undefined for a root. Acyclic. */
  readonly cause: readonly (Edge | undefined)[];
  readonly atWork: readonly boolean[];
}

const enumerable = 10;

export function explain(network: Network): Explanation {
  const search = new Search(network);
  for (const group of search.groups()) {
    if (group.length <= enumerable) search.enumerate(group);
    else search.ascend(group);
  }
  return { cause: search.attribute(), atWork: [...search.atWork] };
}

/** How much less likely all that is seen becomes when this cause does nothing: a log-odds, ≤ 0. */
export function withoutCause(network: Network, { atWork }: Explanation, cause: number): number {
  const search = new Search(network, atWork);
  if (!search.atWork[cause]) return 0;
  const group = search.neighbours(cause);
  const before = search.scoreOf([cause, ...group]);
  search.set(cause, false);
  search.ascendFrom(group);
  return search.scoreOf([cause, ...group]) - before;
}

/** How much more likely all becomes when this idle cause is at work: a log-odds, ≤ 0 if well chosen. */
export function withCause(network: Network, { atWork }: Explanation, cause: number): number {
  const search = new Search(network, atWork);
  return search.atWork[cause] ? 0 : search.gain(cause);
}

/** How likely the fault comes from nowhere. Layers break ties, no more. */
export function leakOf(network: Network, fault: number): number {
  const layer = network.checks[fault]?.layer ?? 'workload';
  return 0.05 * (1 - 0.01 * layers.indexOf(layer));
}

class Search {
  readonly atWork: boolean[];
  readonly #network: Network;
  readonly #leak: number[];
  /** By effect: the product of (1 − strength) over its causes at work. */
  readonly #spared: number[];

  constructor(network: Network, atWork: readonly boolean[] = network.faults.map(() => false)) {
    this.#network = network;
    this.atWork = network.faults.map(() => false);
    this.#leak = network.faults.map((_, at) => leakOf(network, at));
    this.#spared = network.faults.map(() => 1);
    for (const [at, works] of atWork.entries()) if (works) this.set(at, true);
  }

  set(cause: number, works: boolean): void {
    if (this.atWork[cause] === works) return;
    this.atWork[cause] = works;
    for (const { effect } of this.#effects(cause)) this.#spared[effect] = this.#recompute(effect);
  }

  /** Recomputed, not divided out: a long run of toggles must not drift. */
  #recompute(effect: number): number {
    let spared = 1;
    for (const { cause, strength } of this.#network.causesOf[effect] ?? []) {
      if (this.atWork[cause]) spared *= 1 - strength;
    }
    return spared;
  }

  #effects(cause: number): readonly Edge[] {
    return this.#network.effectsOf[cause] ?? [];
  }

  #seen(effect: number, spared: number): number {
    return Math.log(1 - (1 - (this.#leak[effect] ?? 0)) * spared);
  }

  /** What toggling the cause would add to the score. */
  gain(cause: number): number {
    const works = this.atWork[cause];
    let gain = (works ? -1 : 1) * (this.#network.absent[cause] ?? 0);
    for (const { effect, strength } of this.#effects(cause)) {
      const now = this.#spared[effect] ?? 1;
      const then = works ? now / (1 - strength) : now * (1 - strength);
      gain += this.#seen(effect, Math.min(1, then)) - this.#seen(effect, now);
    }
    return gain;
  }

  /** The part of the score that these causes can change. */
  scoreOf(causes: readonly number[]): number {
    const effects = new Set(causes.flatMap((cause) => this.#effects(cause).map((e) => e.effect)));
    let score = 0;
    for (const effect of effects) score += this.#seen(effect, this.#spared[effect] ?? 1);
    for (const cause of causes) if (this.atWork[cause]) score += this.#network.absent[cause] ?? 0;
    return score;
  }

  /** Causes that share effects, directly or through others. */
  groups(): number[][] {
    const group = new Map<number, number[]>();
    for (const edges of this.#network.causesOf) {
      const [first, ...others] = edges.map((edge) => edge.cause);
      if (first === undefined) continue;
      let merged = group.get(first) ?? [first];
      group.set(first, merged);
      for (const other of others) {
        const theirs = group.get(other) ?? [other];
        if (theirs === merged) continue;
        const [large, small] = theirs.length > merged.length ? [theirs, merged] : [merged, theirs];
        large.push(...small);
        for (const member of small) group.set(member, large);
        merged = large;
      }
    }
    return [...new Set(group.values())].map((members) => members.sort((a, b) => a - b));
  }

  neighbours(cause: number): number[] {
    const found = new Set<number>();
    for (const { effect } of this.#effects(cause)) {
      for (const edge of this.#network.causesOf[effect] ?? []) found.add(edge.cause);
    }
    found.delete(cause);
    return [...found].sort((a, b) => a - b);
  }

  enumerate(group: readonly number[]): void {
    let best = Number.NEGATIVE_INFINITY;
    let chosen = 0;
    for (let mask = 0; mask < 2 ** group.length; mask++) {
      for (const [bit, cause] of group.entries()) this.set(cause, (mask & (1 << bit)) !== 0);
      const score = this.scoreOf(group);
      // More causes at work than needed is never better by rounding alone.
      if (score > best + 1e-9) [best, chosen] = [score, mask];
    }
    for (const [bit, cause] of group.entries()) this.set(cause, (chosen & (1 << bit)) !== 0);
  }

  /** From nothing at work, and from everything at work; the better summit wins. */
  ascend(group: readonly number[]): void {
    this.ascendFrom(group);
    const low = { score: this.scoreOf(group), works: group.map((cause) => this.atWork[cause]) };
    for (const cause of group) this.set(cause, true);
    this.ascendFrom(group);
    if (this.scoreOf(group) > low.score + 1e-9) return;
    for (const [at, cause] of group.entries()) this.set(cause, low.works[at] ?? false);
  }

  ascendFrom(group: readonly number[]): void {
    for (let pass = 0; pass < 20; pass++) {
      let moved = false;
      for (const cause of group) {
        if (this.gain(cause) <= 1e-9) continue;
        this.set(cause, !this.atWork[cause]);
        moved = true;
      }
      if (!moved) return;
    }
  }

  /** Each fault's most likely cause; where that would go round in a circle, the weakest link gives. */
  attribute(): (Edge | undefined)[] {
    const chosen = this.#network.causesOf.map((edges, effect) => this.#strongest(edges, effect));
    for (const start of chosen.keys()) {
      for (let circle = circleFrom(start, chosen); circle; circle = circleFrom(start, chosen)) {
        const weakest = circle.reduce((a, b) =>
          this.#hold(chosen, b) < this.#hold(chosen, a) ? b : a,
        );
        const outside = (this.#network.causesOf[weakest] ?? []).filter(
          (edge) => !reaches(edge.cause, weakest, chosen),
        );
        chosen[weakest] = this.#strongest(outside, weakest);
      }
    }
    return chosen;
  }

  #strongest(edges: readonly Edge[], effect: number): Edge | undefined {
    let best: Edge | undefined;
    let explained = 1;
    for (const edge of edges) {
      if (!this.atWork[edge.cause]) continue;
      explained *= 1 - edge.strength;
      if (!best || edge.strength > best.strength) best = edge;
    }
    return 1 - explained > (this.#leak[effect] ?? 0) ? best : undefined;
  }

  /** How dear it would be to call this one the beginning: later faults are seldom the root. */
  #hold(chosen: readonly (Edge | undefined)[], fault: number): number {
    const began = this.#network.faults[fault]?.onset.to ?? 0;
    const strength = chosen[fault]?.strength ?? 0;
    return Math.log(strength / (this.#leak[fault] ?? 1)) + Math.atan(began / 1e15);
  }
}

function circleFrom(start: number, chosen: readonly (Edge | undefined)[]): number[] | undefined {
  const path: number[] = [];
  const at = new Map<number, number>();
  let fault: number | undefined = start;
  while (fault !== undefined) {
    const seen = at.get(fault);
    if (seen !== undefined) return path.slice(seen);
    at.set(fault, path.length);
    path.push(fault);
    fault = chosen[fault]?.cause;
  }
  return undefined;
}

/** Whether following causes from `from` leads to `to`. */
function reaches(from: number, to: number, chosen: readonly (Edge | undefined)[]): boolean {
  const seen = new Set<number>();
  let fault: number | undefined = from;
  while (fault !== undefined && !seen.has(fault)) {
    if (fault === to) return true;
    seen.add(fault);
    fault = chosen[fault]?.cause;
  }
  return false;
}
