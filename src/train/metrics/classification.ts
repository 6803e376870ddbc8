/**
 * Metrics of a classifier from predicted and true class indices. Definitions are scikit-learn's
 * (`f1_score`, `matthews_corrcoef`), so a value undefined for want of positives is 0.
 */

export type Indices = ArrayLike<number>;

/** Index of the largest logit of each row; the first of equals. @param logits row-major [rows, outputs] */
export function argmaxRows(logits: ArrayLike<number>, outputs: number): Int32Array {
  const classes = new Int32Array(logits.length / outputs);
  for (let row = 0; row < classes.length; row++) {
    let best = 0;
    for (let c = 1; c < outputs; c++) if (logits[row * outputs + c] > logits[row * outputs + best]) best = c;
    classes[row] = best;
  }
  return classes;
}

/** Rows by class: `matrix[truth][predicted]`. */
export function confusionMatrix(predicted: Indices, truth: Indices, classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) matrix[truth[i]][predicted[i]]++;
  return matrix;
}

/** Share of rows predicted right. */
export function accuracy(predicted: Indices, truth: Indices): number {
  let right = 0;
  for (let i = 0; i < truth.length; i++) if (predicted[i] === truth[i]) right++;
  return truth.length > 0 ? right / truth.length : 0;
}

/**
 * F1 = 2·TP / (2·TP + FP + FN). For two classes that of class 1; for more, the plain mean over the classes
 * that occur among predictions or truths (scikit-learn's `macro`).
 */
export function f1(predicted: Indices, truth: Indices, classes: number): number {
  return f1OfMatrix(confusionMatrix(predicted, truth, classes));
}

/** The same, of rows by class. @param matrix `[truth][predicted]` */
export function f1OfMatrix(matrix: readonly (readonly number[])[]): number {
  if (matrix.length === 2) return f1OfClass(matrix, 1);
  const present = matrix.map((_, c) => c).filter((c) => margin(matrix, c) > 0);
  return present.reduce((sum, c) => sum + f1OfClass(matrix, c), 0) / Math.max(1, present.length);
}

/** Rows that are of a class or were predicted to be. */
function margin(matrix: readonly (readonly number[])[], c: number): number {
  return matrix.reduce((sum, row, truth) => sum + (truth === c ? row.reduce((a, b) => a + b, 0) : row[c]), 0);
}

function f1OfClass(matrix: readonly (readonly number[])[], c: number): number {
  const hits = matrix[c][c];
  const predicted = matrix.reduce((sum, row) => sum + row[c], 0);
  const actual = matrix[c].reduce((sum, count) => sum + count, 0);
  return predicted + actual > 0 ? (2 * hits) / (predicted + actual) : 0;
}

/**
 * Matthews correlation for any number of classes (Gorodkin 2004): with s rows, c of them right, p_k
 * predicted and t_k true rows of class k,
 * (c·s − Σ p_k·t_k) / √((s² − Σ p_k²)·(s² − Σ t_k²)).
 */
export function matthews(predicted: Indices, truth: Indices, classes: number): number {
  return matthewsOfMatrix(confusionMatrix(predicted, truth, classes));
}

/** The same, of rows by class. @param matrix `[truth][predicted]` */
export function matthewsOfMatrix(matrix: readonly (readonly number[])[]): number {
  const rows = matrix.flat().reduce((sum, count) => sum + count, 0);
  let right = 0;
  let cross = 0;
  let predictedSquares = 0;
  let trueSquares = 0;
  for (let c = 0; c < matrix.length; c++) {
    const actual = matrix[c].reduce((sum, count) => sum + count, 0);
    const said = matrix.reduce((sum, row) => sum + row[c], 0);
    right += matrix[c][c];
    cross += said * actual;
    predictedSquares += said * said;
    trueSquares += actual * actual;
  }
  const spread = (rows * rows - predictedSquares) * (rows * rows - trueSquares);
  return spread > 0 ? (right * rows - cross) / Math.sqrt(spread) : 0;
}
