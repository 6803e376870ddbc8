/** What is shown of predictions: confusion counts, the rows behind them, and where the methods disagree. */
import type { RunPredictions, ValidationPredictions } from '../../protocol/predictions.ts';

/** One run's answer to one row. */
export interface RowAnswer {
  /** Class index; of a regression the predicted value. */
  predicted: number;
  /** Of the predicted class; null for a regression. */
  probability: number | null;
}

/** @param classes of a classification, or null */
export function answerAt(run: RunPredictions, row: number, classes: number | null): RowAnswer {
  if (classes === null) return { predicted: run.values[row], probability: null };
  let predicted = 0;
  const from = row * classes;
  for (let c = 1; c < classes; c++) if (run.values[from + c] > run.values[from + predicted]) predicted = c;
  return { predicted, probability: run.values[from + predicted] };
}

export interface Confusion {
  /** Counts, [true][predicted]. */
  counts: number[][];
  /** Largest count, to shade by; at least 1. */
  most: number;
}

export function confusion(predictions: ValidationPredictions, run: RunPredictions): Confusion {
  const classes = predictions.labelNames?.length ?? 0;
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < predictions.labels.length; row++)
    counts[predictions.labels[row]][answerAt(run, row, classes).predicted] += 1;
  return { counts, most: Math.max(1, ...counts.flat()) };
}

/** Rows of one cell, the surest first. */
export function cellRows(
  predictions: ValidationPredictions,
  run: RunPredictions,
  truth: number,
  predicted: number,
): { row: number; probability: number }[] {
  const classes = predictions.labelNames?.length ?? 0;
  const rows: { row: number; probability: number }[] = [];
  for (let row = 0; row < predictions.labels.length; row++) {
    if (predictions.labels[row] !== truth) continue;
    const answer = answerAt(run, row, classes);
    if (answer.predicted === predicted) rows.push({ row, probability: answer.probability ?? 0 });
  }
  return rows.sort((a, b) => b.probability - a.probability || a.row - b.row);
}

export interface Disagreement {
  row: number;
  answers: RowAnswer[];
  /** How far apart: classes that were answered, then the spread of probabilities or values. */
  spread: number;
}

/**
 * Rows that the runs answer differently, those they are furthest apart on first. Of a regression every row
 * has a spread; those with the widest come first.
 */
export function disagreements(predictions: ValidationPredictions): Disagreement[] {
  const { runs, labels, labelNames } = predictions;
  const classes = labelNames?.length ?? null;
  if (runs.length < 2) return [];
  const found: Disagreement[] = [];
  for (let row = 0; row < labels.length; row++) {
    const answers = runs.map((run) => answerAt(run, row, classes));
    const values = answers.map(({ predicted }) => predicted);
    if (classes === null) {
      found.push({ row, answers, spread: Math.max(...values) - Math.min(...values) });
    } else if (new Set(values).size > 1) {
      const sure = answers.reduce((sum, { probability }) => sum + (probability ?? 0), 0) / answers.length;
      found.push({ row, answers, spread: new Set(values).size + sure });
    }
  }
  return found.sort((a, b) => b.spread - a.spread || a.row - b.row);
}
