/** The same snapshot with every list in another order, from a seed. */
import type { Facets, Snapshot } from '../../src/model/snapshot.ts';

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled(snapshot: Snapshot, random: () => number): Snapshot {
  const facets = Object.entries(snapshot.facets).map(([name, facet]) => {
    const isList = facet.state === 'known' && Array.isArray(facet.value);
    return [name, isList ? { ...facet, value: shuffle(facet.value as unknown[], random) } : facet];
  });
  return { ...snapshot, facets: Object.fromEntries(facets) as Facets };
}

/** Fisher and Yates; the list itself stays as it is. */
function shuffle<T>(list: readonly T[], random: () => number): T[] {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
