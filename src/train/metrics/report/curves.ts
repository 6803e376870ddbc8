/**
 * ROC and precision-recall curves of one class against the rest, with their areas: scikit-learn's `roc_curve` and
 * `roc_auc_score` (trapezoids), `precision_recall_curve` and `average_precision_score` (steps; Davis and Goadrich 2006
 * say why not trapezoids).
 */

/** [x, y] */
export type Point = readonly [x: number, y: number];

export interface Curve {
  /** Null where the class has no rows, or no others are there. */
  area: number | null;
  points: Point[];
}

export interface ClassCurves {
  /** False against true positive rate, from (0, 0) to (1, 1). */
  roc: Curve;
  /** Recall against precision, from recall 0 up. */
  precisionRecall: Curve;
}

/**
 * @param scores how much each row speaks for the class; equal scores are one threshold
 * @param positive whether a row is of the class
 */
export function classCurves(scores: ArrayLike<number>, positive: (row: number) => boolean): ClassCurves {
  const order = Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => scores[b] - scores[a]);
  const total = order.reduce((sum, row) => sum + Number(positive(row)), 0);
  const others = order.length - total;
  if (total === 0 || others === 0)
    return { roc: { area: null, points: [] }, precisionRecall: { area: null, points: [] } };
  const roc: Point[] = [[0, 0]];
  const precisionRecall: Point[] = [[0, 1]];
  let right = 0;
  let wrong = 0;
  let area = 0;
  let average = 0;
  for (let from = 0; from < order.length;) {
    const score = scores[order[from]];
    const [rightBefore, wrongBefore] = [right, wrong];
    for (; from < order.length && scores[order[from]] === score; from++)
      if (positive(order[from])) right++;
      else wrong++;
    area += ((wrong - wrongBefore) / others) * ((right + rightBefore) / 2 / total);
    average += ((right - rightBefore) / total) * (right / (right + wrong));
    roc.push([wrong / others, right / total]);
    // Beyond full recall precision only falls, and says nothing more.
    if (rightBefore < total) precisionRecall.push([right / total, right / (right + wrong)]);
  }
  return { roc: { area, points: roc }, precisionRecall: { area: average, points: precisionRecall } };
}

/** The curve in at most `most` points, its ends among them. */
export function thinnedCurve({ area, points }: Curve, most: number): Curve {
  if (points.length <= most) return { area, points };
  const at = (i: number): Point => points[Math.round((i * (points.length - 1)) / (most - 1))];
  return { area, points: Array.from({ length: most }, (_, i) => at(i)) };
}
