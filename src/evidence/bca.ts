/**
 * The bias-corrected and accelerated bootstrap interval (Efron 1987; Efron and Tibshirani 1993, ch. 14), as
 * `scipy.stats.bootstrap(method="BCa")` computes it.
 */
import jStat from 'jstat';
import { PhiloxStream } from '../graph/philox.ts';
import { CONFIDENCE, quantile, type Interval } from './samples.ts';

export const RESAMPLES = 10_000;

/** Philox stream of the resampling. */
const STREAM = 0xda7a0020;

type Statistic = (values: readonly number[]) => number;

/**
 * The interval of a statistic of a sample.
 * @param seed the same seed gives the same resamples
 * @returns null for fewer than two values
 */
export function bcaInterval(
  values: readonly number[],
  statistic: Statistic,
  seed: number,
  resamples = RESAMPLES,
): Interval | null {
  if (values.length < 2) return null;
  const jackknife = values.map((_, left) => statistic(values.filter((_, i) => i !== left)));
  return bcaOf(resampled(values, statistic, seed, resamples), statistic(values), jackknife);
}

/** The statistic of each resample. */
function resampled(
  values: readonly number[],
  statistic: Statistic,
  seed: number,
  resamples: number,
): Float64Array {
  const random = new PhiloxStream(seed, STREAM);
  return Float64Array.from({ length: resamples }, () =>
    statistic(values.map(() => values[random.below(values.length)])),
  );
}

/**
 * @param distribution the statistic of each resample
 * @param seen the statistic of the sample
 * @param jackknife the statistic without each value in turn
 */
export function bcaOf(distribution: Float64Array, seen: number, jackknife: readonly number[]): Interval {
  const sorted = distribution.slice().sort();
  // What the statistic cannot vary in has an interval of no width.
  if (sorted[0] === sorted[sorted.length - 1]) return [sorted[0], sorted[0]];
  let below = 0;
  let upTo = 0;
  for (const value of sorted) {
    if (value < seen) below++;
    if (value <= seen) upTo++;
  }
  const z0 = jStat.normal.inv((below + upTo) / (2 * sorted.length), 0, 1);
  const a = acceleration(jackknife);
  const tail = (1 - CONFIDENCE) / 2;
  const [low, high] = [tail, 1 - tail].map((share) => {
    const z = z0 + jStat.normal.inv(share, 0, 1);
    const moved = jStat.normal.cdf(z0 + z / (1 - a * z), 0, 1);
    // Where all resamples lie on one side, the bias correction is infinite: the end of the distribution.
    return quantile(sorted, Number.isNaN(moved) ? Number(z0 > 0) : moved);
  });
  return [low, high];
}

/** Skewness of the jackknife, over six. */
function acceleration(jackknife: readonly number[]): number {
  const centre = jackknife.reduce((sum, value) => sum + value, 0) / jackknife.length;
  let cubes = 0;
  let squares = 0;
  for (const value of jackknife) {
    cubes += (centre - value) ** 3;
    squares += (centre - value) ** 2;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
