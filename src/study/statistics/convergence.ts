/** How soon a run is where it ends. */
import type { CurvePoint } from '../study.ts';

export type Clock = 'step' | 'tokens' | 'seconds';

/** The share of the final score that counts as there. */
export const CONVERGED = 0.95;

/**
 * Where a curve first reaches a share of its final score; between two evaluations on the straight line. Of a loss it
 * is where it first falls to the final one over that share.
 * @returns null for a curve of fewer than two points, and for one that begins there: it has nothing to come to
 */
export function convergedAt(
  curve: readonly CurvePoint[],
  clock: Clock,
  lowerIsBetter = false,
  share = CONVERGED,
): number | null {
  if (curve.length < 2) return null;
  const sign = lowerIsBetter ? -1 : 1;
  const final = curve[curve.length - 1].value;
  if (!Number.isFinite(final) || final <= 0) return null;
  const goal = sign * (lowerIsBetter ? final / share : final * share);
  const first = curve.findIndex(({ value }) => sign * value >= goal);
  if (first <= 0) return null;
  const [before, after] = [curve[first - 1], curve[first]];
  const rise = sign * (after.value - before.value);
  const part = rise > 0 ? (goal - sign * before.value) / rise : 1;
  return before[clock] + part * (after[clock] - before[clock]);
}
