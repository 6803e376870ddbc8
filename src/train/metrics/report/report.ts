/** All that the answers of a classifier to a set of rows say beyond single figures: plain data, for records and views. */
import { argmaxRows, confusionMatrix } from '../classification.ts';
import { averageScores, scoresByClass, type AverageScores, type ClassScores } from './by-class.ts';
import { reliability, type Reliability } from './calibration.ts';
import { classCurves, thinnedCurve, type ClassCurves } from './curves.ts';

/** Points of a curve that are kept. */
const MOST_POINTS = 200;
/** Classes whose curves are kept; of all others the areas alone. */
const MOST_CURVES = 20;

export interface ClassReport {
  rows: number;
  classes: (ClassScores & { label: string })[];
  macro: AverageScores;
  weighted: AverageScores;
  /** `[truth][predicted]`, rows. */
  confusion: number[][];
  /** Of class 1 where there are two; else each class against the rest. */
  curves: (ClassCurves & { label: string })[];
  /** Means of the areas that there are; null without any. */
  areas: { roc: number | null; precisionRecall: number | null };
  calibration: Reliability & {
    /** Fitted on the validation rows; null where there were none. */
    temperature: number | null;
    /** Expected calibration error with that temperature. */
    eceAtTemperature: number | null;
  };
}

/**
 * @param logits row-major [rows, classes]
 * @param truth class of every row
 * @param labels of the classes
 * @param temperature fitted on the validation rows
 */
export function classReport(
  logits: ArrayLike<number>,
  truth: ArrayLike<number>,
  labels: readonly string[],
  temperature: number | null,
): ClassReport {
  const outputs = labels.length;
  const confusion = confusionMatrix(argmaxRows(logits, outputs), truth, outputs);
  const curves = curvesOf(logits, truth, labels);
  return {
    rows: truth.length,
    classes: scoresByClass(confusion).map((scores, c) => ({ label: labels[c], ...scores })),
    ...averageScores(confusion),
    confusion,
    curves: curves.map(({ label, roc, precisionRecall }, i) => {
      const most = i < MOST_CURVES ? MOST_POINTS : 0;
      return { label, roc: thinnedCurve(roc, most), precisionRecall: thinnedCurve(precisionRecall, most) };
    }),
    areas: {
      roc: meanOf(curves.map(({ roc }) => roc.area)),
      precisionRecall: meanOf(curves.map(({ precisionRecall }) => precisionRecall.area)),
    },
    calibration: {
      ...reliability(logits, truth, outputs),
      temperature,
      eceAtTemperature: temperature === null ? null : reliability(logits, truth, outputs, temperature).ece,
    },
  };
}

function curvesOf(logits: ArrayLike<number>, truth: ArrayLike<number>, labels: readonly string[]) {
  const outputs = labels.length;
  // In single precision, as logits come: what differs by rounding alone is one threshold.
  const scores = labels.map(() => new Float32Array(truth.length));
  for (let row = 0; row < truth.length; row++)
    for (let c = 0; c < outputs; c++) scores[c][row] = logOdds(logits, row * outputs, outputs, c);
  return labels
    .map((label, c) => ({ label, ...classCurves(scores[c], (row) => truth[row] === c) }))
    .slice(outputs === 2 ? 1 : 0);
}

/** ln p / (1 − p) of a class: orders rows as its probability does, and is never rounded to 0 or 1. */
function logOdds(logits: ArrayLike<number>, from: number, outputs: number, of: number): number {
  let most = -Infinity;
  for (let c = 0; c < outputs; c++) if (c !== of) most = Math.max(most, logits[from + c]);
  let others = 0;
  for (let c = 0; c < outputs; c++) if (c !== of) others += Math.exp(logits[from + c] - most);
  return logits[from + of] - most - Math.log(others);
}

function meanOf(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0) / there.length;
}
