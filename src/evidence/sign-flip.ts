/**
 * The exact sign-flip test of paired differences (Fisher 1935; Good 2005, ch. 3): if neither of two methods were
 * better, every difference would be as likely with the other sign. Over n seeds there are 2ⁿ ways to flip; p is the
 * share of them whose mean is at least as far from zero as the one seen.
 */

/** With more pairs there are too many ways to count them all. */
export const MOST_PAIRS = 20;

/** Means nearer than this, relatively, are the same mean computed in another order. */
const TIE = 1e-14;

/**
 * Two-sided p.
 * @param differences one a pair, at most `MOST_PAIRS`
 * @throws Error for none, or too many
 */
export function signFlipTest(differences: readonly number[]): number {
  const n = differences.length;
  if (n === 0 || n > MOST_PAIRS) throw new Error(`internal: a sign-flip test of ${n} pairs`);
  const sum = (flips: number): number =>
    differences.reduce((total, value, i) => total + ((flips >> i) & 1 ? -value : value), 0);
  const seen = Math.abs(sum(0));
  const least = seen - TIE * Math.max(1, seen);
  let extreme = 0;
  for (let flips = 0; flips < 2 ** n; flips++) if (Math.abs(sum(flips)) >= least) extreme++;
  return extreme / 2 ** n;
}

/** The smallest p that n pairs can give, however large the difference: 0.25 with 3, 0.03125 with 6. */
export function smallestP(pairs: number): number {
  return Math.min(1, 2 / 2 ** pairs);
}

/** The fewest pairs that can give a p below the level, after Holm's correction for so many differences at once. */
export function pairsToClaim(differences: number, level: number): number {
  return Math.floor(Math.log2((2 * differences) / level)) + 1;
}
