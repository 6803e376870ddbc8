/** The intrinsic dimension of a task (Li et al. 2018): the least that reaches 90 % of full fine-tuning. */

/** The share of full fine-tuning's score that counts as solved. */
export const SOLVED = 0.9;

/**
 * Where scores first reach a goal; between two dimensions on the straight line over the logarithm of the dimension.
 * @param points by rising dimension; higher is better
 * @returns null where no dimension reaches it
 */
export function dimensionFor(
  points: readonly { dimension: number; score: number }[],
  goal: number,
): number | null {
  const first = points.findIndex(({ score }) => score >= goal);
  if (first < 0) return null;
  if (first === 0) return points[0].dimension;
  const [before, after] = [points[first - 1], points[first]];
  const part = (goal - before.score) / (after.score - before.score);
  const [low, high] = [Math.log(before.dimension), Math.log(after.dimension)];
  return Math.exp(low + part * (high - low));
}
