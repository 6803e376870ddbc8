/** What so many rows can tell at all, whatever is measured on them. */

/** The normal deviate of a 95 % interval. */
const Z = 1.959963984540054;

/**
 * Rows that two methods must differ on before anything can be told of them: McNemar's exact test and the sign flips
 * over rows give 2 / 2ⁿ at least, which is below 0.05 from six on.
 */
export const LEAST_DIFFERENT = 6;

/** So few rows that an accuracy is known to fifteen points at best: on these no two methods are called alike. */
export const FEW_ROWS = 40;

/** Half of the width of Wilson's 95 % interval (Wilson 1927) at an accuracy of one half, where it is widest. */
export function widestHalf(rows: number): number {
  return Z / (2 * Math.sqrt(rows + Z ** 2));
}

/** With one seed two methods on so many rows are told apart from this difference of accuracies on; above 1 never. */
export function leastDifference(rows: number): number {
  return LEAST_DIFFERENT / rows;
}
