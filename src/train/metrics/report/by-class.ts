/** Precision, recall and F1 of every class, and their averages, as scikit-learn's `classification_report` has them. */

export interface ClassScores {
  precision: number;
  recall: number;
  f1: number;
  /** Rows of the class. */
  support: number;
}

export type AverageScores = Omit<ClassScores, 'support'>;

/** What is undefined (a class that is never answered, or has no rows) is 0. @param matrix `[truth][predicted]` */
export function scoresByClass(matrix: readonly (readonly number[])[]): ClassScores[] {
  return matrix.map((row, c) => {
    const hits = row[c];
    const support = row.reduce((sum, count) => sum + count, 0);
    const answered = matrix.reduce((sum, other) => sum + other[c], 0);
    return {
      precision: answered > 0 ? hits / answered : 0,
      recall: support > 0 ? hits / support : 0,
      f1: answered + support > 0 ? (2 * hits) / (answered + support) : 0,
      support,
    };
  });
}

/**
 * Averages over the classes that occur among answers or rows: `macro` counts them alike, `weighted` by their rows.
 * @param matrix `[truth][predicted]`
 */
export function averageScores(matrix: readonly (readonly number[])[]): {
  macro: AverageScores;
  weighted: AverageScores;
} {
  const scores = scoresByClass(matrix);
  const occurs = scores.filter(({ support }, c) => support > 0 || matrix.some((row) => row[c] > 0));
  return {
    macro: averageBy(occurs, () => 1),
    weighted: averageBy(occurs, ({ support }) => support),
  };
}

function averageBy(scores: readonly ClassScores[], weight: (one: ClassScores) => number): AverageScores {
  const total = scores.reduce((sum, one) => sum + weight(one), 0);
  const mean = (name: keyof AverageScores): number =>
    total > 0 ? scores.reduce((sum, one) => sum + weight(one) * one[name], 0) / total : 0;
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}
