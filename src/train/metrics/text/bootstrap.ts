/** Confidence intervals of means by the bootstrap (Efron 1979), as `rouge_score`'s aggregator takes them. */
import { PhiloxStream } from '../../../graph/philox.ts';

/** Resamples, and the share of them that an interval covers. */
const SAMPLES = 1000;
const CONFIDENCE = 0.95;

/** Philox stream of the resampling; see `src/data/streams.ts` for the others. */
const STREAM = 0xda7a0010;

export type Interval = [low: number, high: number];

/**
 * Intervals of the means of several scores over the same rows, from the same resamples.
 * @param scores values by row; all of one length
 */
export function bootstrapIntervals<Name extends string>(
  scores: Readonly<Record<Name, ArrayLike<number>>>,
  seed: number,
): Record<Name, Interval> {
  const names = Object.keys(scores) as Name[];
  const rows = scores[names[0]].length;
  const random = new PhiloxStream(seed, STREAM);
  const means = names.map(() => new Float64Array(SAMPLES));
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (let i = 0; i < rows; i++) {
      const row = random.below(rows);
      names.forEach((name, n) => (means[n][sample] += scores[name][row] / rows));
    }
  }
  return Object.fromEntries(
    names.map((name, n) => {
      const sorted = means[n].sort();
      const tail = (1 - CONFIDENCE) / 2;
      return [name, [quantile(sorted, tail), quantile(sorted, 1 - tail)] satisfies Interval];
    }),
  ) as Record<Name, Interval>;
}

/** A quantile of sorted values, between the two nearest. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
