/** A run's answers to the validation rows, class by class. */
import type { RunPredictions, ValidationPredictions } from '../../protocol/predictions.ts';
import { fitTemperature } from '../../train/metrics/report/calibration.ts';
import { classReport, type ClassReport } from '../../train/metrics/report/report.ts';

/** Probabilities that were rounded to 0 count as this. */
const LEAST = 1e-38;

/** Logarithms of probabilities are logits: a softmax gives the probabilities again. */
export function reportOfRun(
  { labels }: ValidationPredictions,
  { values }: RunPredictions,
  names: readonly string[],
): ClassReport {
  const logits = Float64Array.from(values, (probability) => Math.log(Math.max(probability, LEAST)));
  return classReport(logits, labels, names, fitTemperature(logits, labels, names.length));
}
