/** Counts of n-grams, and how many two texts share. */

export type Counts = Map<string, number>;

/** Between the units of an n-gram: occurs in no text. */
const SEPARATOR = '\u0000';

export function ngramCounts(units: readonly string[], order: number): Counts {
  const counts: Counts = new Map();
  for (let i = 0; i + order <= units.length; i++) {
    const key = units.slice(i, i + order).join(SEPARATOR);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** n-grams in both, each as often as in the one that has fewer. */
export function shared(a: Counts, b: Counts): number {
  let total = 0;
  for (const [key, count] of a) total += Math.min(count, b.get(key) ?? 0);
  return total;
}

/** Harmonic mean of the shares that `common` units are of each side; 0 where nothing is common. */
export function fMeasure(common: number, predicted: number, truth: number): number {
  return common > 0 ? (2 * common) / (predicted + truth) : 0;
}
