/**
 * Do the rows show what the seeds do? Seeds vary the training and share the rows that judge: of two methods equally
 * good one can be better on these rows with every seed. A claim about the task needs both (Bouthillier et al. 2021,
 * "Accounting for variance in machine learning benchmarks"), each tested at the full level (Berger 1982).
 */
import type { MethodOutcome, Outcomes, RowAnswers } from './outcome.ts';
import { rowMetric } from './row-metric.ts';
import { randomizationTest } from './rows.ts';
import { MOST_PAIRS, signFlipTest } from './sign-flip.ts';

/** Exchanges of a metric that is no mean over rows, which takes long to work out anew. */
const FEWER_RESAMPLES = 1000;

/** Rows that judged; null where they are not known. */
export function judgedRows({ methods }: Outcomes): number | null {
  return (
    methods.flatMap(({ answers = [] }) => answers).find(({ truth }) => truth.length > 0)?.truth.length ?? null
  );
}

/** Answers of two methods by common seed. */
function pairsOf(one: MethodOutcome, other: MethodOutcome): [RowAnswers, RowAnswers][] {
  return one.seeds.flatMap((seed, i): [RowAnswers, RowAnswers][] => {
    const [mine, theirs] = [one.answers?.[i], other.answers?.[other.seeds.indexOf(seed)]];
    return mine !== undefined && theirs?.truth.length === mine.truth.length ? [[mine, theirs]] : [];
  });
}

/**
 * Two-sided p over the rows of the difference of two methods, each by its mean over the common seeds: at random the
 * two change their answers to a row, those of all seeds together (Fisher 1935; Noreen 1989).
 * @returns null where answers row by row are not known, or do not tell the metric
 */
export function rowsP(one: MethodOutcome, other: MethodOutcome, outcomes: Outcomes): number | null {
  const metricOf = rowMetric(outcomes);
  const pairs = pairsOf(one, other);
  if (metricOf === null || pairs.length === 0 || pairs[0][0].truth.length === 0) return null;
  const rows = pairs[0][0].truth.length;
  const { seed, resamples, goesOn } = outcomes;
  if (outcomes.metric === 'accuracy') return ofAccuracy(pairs, rows, outcomes);
  const mixed = pairs.map(() => [new Float64Array(rows), new Float64Array(rows)] as const);
  const difference = (swapped: Uint8Array): number => {
    let sum = 0;
    pairs.forEach(([mine, theirs], i) => {
      const [first, second] = mixed[i];
      for (let row = 0; row < rows; row++) {
        first[row] = (swapped[row] ? theirs : mine).given[row];
        second[row] = (swapped[row] ? mine : theirs).given[row];
      }
      sum += metricOf(first, mine.truth) - metricOf(second, mine.truth);
    });
    return sum;
  };
  const fewer = Math.min(FEWER_RESAMPLES, resamples ?? FEWER_RESAMPLES);
  return randomizationTest(rows, difference, seed, fewer, goesOn);
}

/** Of seeds that each has right, row by row, only rows with a difference count: the same test without the others. */
function ofAccuracy(
  pairs: readonly [RowAnswers, RowAnswers][],
  rows: number,
  { seed, resamples, goesOn }: Outcomes,
): number {
  const gains = Array.from({ length: rows }, (_, row) =>
    pairs.reduce(
      (sum, [{ truth, given }, theirs]) =>
        sum + Number(given[row] === truth[row]) - Number(theirs.given[row] === theirs.truth[row]),
      0,
    ),
  ).filter((gain) => gain !== 0);
  if (gains.length === 0) return 1;
  if (gains.length <= MOST_PAIRS) return signFlipTest(gains);
  const sum = (swapped: Uint8Array): number =>
    gains.reduce((total, gain, i) => total + (swapped[i] ? -gain : gain), 0);
  return randomizationTest(gains.length, sum, seed, resamples, goesOn);
}
