/**
 * Has a method learned? Its score has to lie above what takes no learning at the worse end of its interval: over seeds,
 * and over the rows too, which all seeds have in common: what never looked at the right answers can score well on the
 * rows that were drawn, with every seed.
 */
import { LEAST_DIFFERENT } from '../data/few-rows.ts';
import { figureOf } from './compare.ts';
import { bestConstant } from './constant-answers.ts';
import type { MethodOutcome, Outcomes, Split } from './outcome.ts';
import { fewRows } from './row-agreement.ts';
import { rowMetric } from './row-metric.ts';
import { percentileInterval, resampledFigures, wilsonInterval } from './rows.ts';
import { CONFIDENCE, type Interval } from './samples.ts';

/** Of a metric that is no share, which takes long to work out anew with every seed. */
const FEWER_RESAMPLES = 4000;

/**
 * Confidence of the two-sided interval whose worse end decides, where so many methods are tried (Bonferroni): if it
 * holds for none of them, it is claimed of any in one comparison of forty.
 */
export function confidenceOfAny(methods: number): number {
  return 1 - (1 - CONFIDENCE) / methods;
}

/**
 * The judged rows may have another largest class than the training rows, so the best that one class for all of them
 * scores is no learning either.
 * @param tried methods of which any might be above by chance: the intervals are as much wider
 */
export function hasLearned(method: MethodOutcome, outcomes: Outcomes, split: Split, tried: number): boolean {
  const confidence = confidenceOfAny(tried);
  const figure = figureOf(method, split, outcomes, confidence);
  if (figure === null) return false;
  const few = fewRows(outcomes);
  if (few !== null && few < LEAST_DIFFERENT) return false;
  const { reference, lowerIsBetter } = outcomes;
  const bars = [reference.largestClass, reference.untuned, bestConstant(outcomes) ?? undefined].filter(
    (bar) => bar !== undefined,
  );
  const above = ([low, high]: Interval): boolean =>
    bars.every((bar) => (lowerIsBetter === true ? high < bar : low > bar));
  // Of one seed and a metric that rows do not tell there is no interval, and the sentences say so.
  if (!above(figure.interval ?? [figure.mean, figure.mean])) return false;
  const overRows = intervalOverRows(method, figure.mean, outcomes, confidence);
  return overRows === null || above(overRows);
}

/**
 * Of the mean over seeds, by the rows that they share: Wilson's of an accuracy, as if the seeds answered alike; of other
 * metrics the percentiles over resampled rows.
 * @returns null where rows do not tell it, and of one seed, whose interval is that of the rows
 */
function intervalOverRows(
  { answers = [], seeds }: MethodOutcome,
  mean: number,
  outcomes: Outcomes,
  confidence: number,
): Interval | null {
  const metricOf = rowMetric(outcomes);
  const rows = answers[0]?.truth.length ?? 0;
  if (metricOf === null || rows === 0) return null;
  if (outcomes.metric === 'accuracy') return wilsonInterval(mean * rows, rows, confidence);
  if (seeds.length < 2) return null;
  const [right, said] = [new Float64Array(rows), new Float64Array(rows)];
  const figure = (drawn: Uint32Array): number =>
    answers.reduce((sum, { truth, given }) => {
      for (let i = 0; i < rows; i++) {
        right[i] = truth[drawn[i]];
        said[i] = given[drawn[i]];
      }
      return sum + metricOf(said, right);
    }, 0) / answers.length;
  const { seed, resamples = FEWER_RESAMPLES } = outcomes;
  return percentileInterval(
    resampledFigures(rows, figure, seed, Math.min(FEWER_RESAMPLES, resamples)),
    confidence,
  );
}
