/**
 * 95 % intervals of a set's own metrics over its rows: Wilson's of an accuracy, and of what is no mean over rows (F1,
 * Matthews, correlations) the percentile bootstrap (Efron and Tibshirani 1993, ch. 13), all from the same resamples.
 */
import { PhiloxStream } from '../graph/philox.ts';
import { argmaxRows, f1OfMatrix, matthewsOfMatrix } from '../train/metrics/classification.ts';
import { pearson } from '../train/metrics/correlation.ts';
import type { LogitTask } from '../train/metrics/metrics.ts';
import { wilsonInterval } from './rows.ts';
import { CONFIDENCE, quantile, type Interval } from './samples.ts';

/** Philox stream of the resampling. */
const STREAM = 0xda7a0022;
/** Resamples; of a large set fewer, so that it takes seconds. */
const RESAMPLES = 2000;
const LEAST_RESAMPLES = 400;
/** Rows drawn in all, as far as that leaves enough resamples. */
const MOST_DRAWS = 1e7;

/**
 * @param logits row-major [rows, outputs]; a regression's values
 * @param labels class indices, or targets
 * @param seed the same seed gives the same resamples
 * @returns by the metric's name; without those that are undefined on every resample
 */
export function metricIntervals(
  task: LogitTask,
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  outputs: number,
  seed: number,
): Record<string, Interval> {
  const rows = labels.length;
  if (task === 'regression')
    return resampled(rows, seed, ['pearson', 'spearman'], correlationsOf(logits, labels));
  const predicted = argmaxRows(logits, outputs);
  const right = predicted.reduce((sum, answer, row) => sum + Number(answer === labels[row]), 0);
  const counted = (drawn: Uint32Array): number[] => {
    const matrix = Array.from({ length: outputs }, () => new Array<number>(outputs).fill(0));
    for (const row of drawn) matrix[labels[row]][predicted[row]]++;
    return [f1OfMatrix(matrix), matthewsOfMatrix(matrix)];
  };
  return { accuracy: wilsonInterval(right, rows), ...resampled(rows, seed, ['f1', 'matthews'], counted) };
}

/** Pearson's and Spearman's correlation of rows drawn; NaN where one side is constant in them. */
function correlationsOf(values: ArrayLike<number>, targets: ArrayLike<number>) {
  const [ofValues, ofTargets] = [placesOf(values), placesOf(targets)];
  return (drawn: Uint32Array): number[] => {
    const [x, y] = [
      Float64Array.from(drawn, (row) => values[row]),
      Float64Array.from(drawn, (row) => targets[row]),
    ];
    if (isConstant(x) || isConstant(y)) return [NaN, NaN];
    return [pearson(x, y), pearson(ranksOf(drawn, ofValues), ranksOf(drawn, ofTargets))];
  };
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

/** The place of each value among the distinct ones, so that a resample is ranked by counting. */
function placesOf(values: ArrayLike<number>): { places: Uint32Array; distinct: number } {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const places = new Uint32Array(values.length);
  let place = 0;
  order.forEach((row, i) => {
    if (i > 0 && values[row] !== values[order[i - 1]]) place++;
    places[row] = place;
  });
  return { places, distinct: place + 1 };
}

/** Ranks of the rows drawn, equal ones sharing the average of theirs. */
function ranksOf(drawn: Uint32Array, { places, distinct }: ReturnType<typeof placesOf>): Float64Array {
  const counts = new Uint32Array(distinct);
  for (const row of drawn) counts[places[row]]++;
  const ranks = new Float64Array(distinct);
  let before = 0;
  for (let place = 0; place < distinct; place++) {
    ranks[place] = before + (counts[place] + 1) / 2;
    before += counts[place];
  }
  return Float64Array.from(drawn, (row) => ranks[places[row]]);
}

function resampled(
  rows: number,
  seed: number,
  names: readonly string[],
  figures: (drawn: Uint32Array) => number[],
): Record<string, Interval> {
  const random = new PhiloxStream(seed, STREAM);
  const drawn = new Uint32Array(rows);
  const found = names.map((): number[] => []);
  const samples = Math.min(RESAMPLES, Math.max(LEAST_RESAMPLES, Math.floor(MOST_DRAWS / rows)));
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0; i < rows; i++) drawn[i] = random.below(rows);
    figures(drawn).forEach((value, n) => Number.isFinite(value) && found[n].push(value));
  }
  const tail = (1 - CONFIDENCE) / 2;
  const intervals = names.flatMap((name, n): [string, Interval][] => {
    const sorted = Float64Array.from(found[n]).sort();
    return sorted.length === 0 ? [] : [[name, [quantile(sorted, tail), quantile(sorted, 1 - tail)]]];
  });
  return Object.fromEntries(intervals);
}
