/** A run's metric again, of rows that are drawn or mixed: what row tests of one seed need. */
import { accuracy, f1, matthews } from '../train/metrics/classification.ts';
import { pearson, spearman } from '../train/metrics/correlation.ts';
import { meanSquared } from '../train/metrics/loss.ts';
import { ROW_METRICS } from '../train/metrics/text/score.ts';
import type { Outcomes } from './outcome.ts';
import { mean } from './samples.ts';

/** The metric of answers to rows; no number where it is not defined on them. */
export type RowMetric = (given: ArrayLike<number>, truth: ArrayLike<number>) => number;

/** @returns null for metrics that answers row by row do not tell, as the loss of a classification */
export function rowMetric({ metric, classes }: Pick<Outcomes, 'metric' | 'classes'>): RowMetric | null {
  if (classes === undefined) {
    const metrics: Record<string, RowMetric> = { pearson, spearman, loss: meanSquared };
    const ofTexts = ROW_METRICS.some((name) => name === metric);
    return metrics[metric] ?? (ofTexts ? (given) => mean(Array.from(given)) : null);
  }
  const metrics: Record<string, RowMetric> = {
    accuracy,
    f1: (given, truth) => f1(given, truth, classes),
    matthews: (given, truth) => matthews(given, truth, classes),
  };
  return metrics[metric] ?? null;
}
