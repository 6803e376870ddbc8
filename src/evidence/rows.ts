/**
 * What the rows of one run say, where there are no seeds to say more: of two methods on the same rows, McNemar's
 * exact test (McNemar 1947) and the paired bootstrap (Efron and Tibshirani 1993; Koehn 2004); of one method's
 * accuracy, Wilson's interval (Wilson 1927).
 */
import jStat from 'jstat';
import { PhiloxStream } from '../graph/philox.ts';
import { RESAMPLES } from './bca.ts';
import { CONFIDENCE, quantile, type Interval } from './samples.ts';

/** Philox stream of the rows' resampling. */
const STREAM = 0xda7a0021;
/** And of the rows that change sides. */
const SWAP_STREAM = 0xda7a0023;

/**
 * Two-sided p of McNemar's exact test: of the rows that one method alone gets right, are those of the two as many?
 * @param first rows the first alone has right
 * @param second rows the second alone has right
 */
export function mcnemarTest(first: number, second: number): number {
  const n = first + second;
  if (n === 0) return 1;
  // The lower tail of the binomial with p = ½, from its largest term down: jStat's own rounds to ten digits.
  let k = Math.min(first, second);
  let term = Math.exp(jStat.combinationln(n, k) - n * Math.LN2);
  let tail = term;
  for (; k > 0; k--) tail += term *= k / (n - k + 1);
  return Math.min(1, 2 * tail);
}

/**
 * Two-sided p of a difference of two methods' metrics on the same rows, where neither were better: approximate
 * randomization, which changes the two answers to each row at random (Noreen 1989; Yeh 2000).
 * @param difference of the metrics where the rows of `swapped` (1) have changed sides
 * @param goesOn called before each resample
 */
export function randomizationTest(
  rows: number,
  difference: (swapped: Uint8Array) => number,
  seed: number,
  resamples = RESAMPLES,
  goesOn?: () => void,
): number {
  const random = new PhiloxStream(seed, SWAP_STREAM);
  const swapped = new Uint8Array(rows);
  const seen = Math.abs(difference(swapped));
  const least = seen - 1e-12 * Math.max(1, seen);
  let extreme = 0;
  let counted = 0;
  for (let sample = 0; sample < resamples; sample++) {
    goesOn?.();
    for (let row = 0; row < rows; row++) swapped[row] = random.below(2);
    const value = Math.abs(difference(swapped));
    if (!Number.isFinite(value)) continue;
    counted++;
    if (value >= least) extreme++;
  }
  return (extreme + 1) / (counted + 1);
}

/** Wilson's score interval of a share. */
export function wilsonInterval(right: number, rows: number, confidence = CONFIDENCE): Interval {
  const z = jStat.normal.inv(1 - (1 - confidence) / 2, 0, 1);
  const share = right / rows;
  const centre = (share + z ** 2 / (2 * rows)) / (1 + z ** 2 / rows);
  const half = (z / (1 + z ** 2 / rows)) * Math.sqrt((share * (1 - share)) / rows + z ** 2 / (4 * rows ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * A figure of resampled rows, by resample; NaN or infinite where it is not defined (a class is missing). The rows
 * drawn hang on their number and the seed alone, so figures of two methods are paired.
 * @param figure of the rows drawn, by their numbers
 * @param goesOn called before each resample
 */
export function resampledFigures(
  rows: number,
  figure: (drawn: Uint32Array) => number,
  seed: number,
  resamples = RESAMPLES,
  goesOn?: () => void,
): Float64Array {
  const random = new PhiloxStream(seed, STREAM);
  const drawn = new Uint32Array(rows);
  const figures = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    goesOn?.();
    for (let i = 0; i < rows; i++) drawn[i] = random.below(rows);
    figures[sample] = figure(drawn);
  }
  return figures;
}

/**
 * Percentile interval of a figure over resampled rows: of a metric, or of the difference of two methods' metrics.
 * Resamples on which the figure is not defined do not count.
 * @param figures by resample
 * @returns null where it is not defined on any
 */
export function percentileInterval(figures: Float64Array, confidence = CONFIDENCE): Interval | null {
  const sorted = figures.filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  const tail = (1 - confidence) / 2;
  return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
}
