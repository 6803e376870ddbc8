/**
 * Do the rows show what the seeds do? Seeds vary the training and share the rows that judge: of two methods equally
 * good one can be better on these rows with every seed. A claim about the task needs both (Bouthillier et al. 2021,
 * "Accounting for variance in machine learning benchmarks"), each tested at the full level (Berger 1982).
 */
import { FEW_ROWS } from '../data/few-rows.ts';
import type { MethodOutcome, Outcomes, RowAnswers } from './outcome.ts';
import { rowMetric, type RowMetric } from './row-metric.ts';
import { percentileInterval, randomizationTest, resampledFigures } from './rows.ts';
import type { Interval } from './samples.ts';
import { MOST_PAIRS, signFlipTest } from './sign-flip.ts';

/** Exchanges of a metric that is no mean over rows, which takes long to work out anew. */
const FEWER_RESAMPLES = 1000;
/** Of an interval, whose ends are further out. */
const INTERVAL_RESAMPLES = 2000;

/** Rows that judged; null where they are not known. */
export function judgedRows({ methods }: Outcomes): number | null {
  return (
    methods.flatMap(({ answers = [] }) => answers).find(({ truth }) => truth.length > 0)?.truth.length ?? null
  );
}

/** The rows that judged, where they are few; null where they are enough or not known. */
export function fewRows(outcomes: Outcomes): number | null {
  const rows = judgedRows(outcomes);
  return rows !== null && rows < FEW_ROWS ? rows : null;
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

/**
 * Interval of the difference (one less other), each by its mean over the common seeds, by the rows that they share:
 * percentiles over resampled rows (Efron and Tibshirani 1993).
 * @returns null where answers row by row are not known, or do not tell the metric
 */
export function rowsInterval(
  one: MethodOutcome,
  other: MethodOutcome,
  outcomes: Outcomes,
  confidence: number,
): Interval | null {
  const metricOf = rowMetric(outcomes);
  const pairs = pairsOf(one, other);
  const rows = pairs[0]?.[0].truth.length ?? 0;
  if (metricOf === null || rows === 0) return null;
  const figure = outcomes.metric === 'accuracy' ? meanGain(pairs, rows) : metricGain(pairs, rows, metricOf);
  const { seed, resamples = INTERVAL_RESAMPLES } = outcomes;
  const figures = resampledFigures(rows, figure, seed, Math.min(INTERVAL_RESAMPLES, resamples));
  return percentileInterval(figures, confidence);
}

type RowsFigure = (drawn: Uint32Array) => number;

function meanGain(pairs: readonly [RowAnswers, RowAnswers][], rows: number): RowsFigure {
  const gains = rowGains(pairs, rows);
  return (drawn) => drawn.reduce((sum, row) => sum + gains[row], 0) / (rows * pairs.length);
}

function metricGain(
  pairs: readonly [RowAnswers, RowAnswers][],
  rows: number,
  metricOf: RowMetric,
): RowsFigure {
  const [right, said] = [new Float64Array(rows), new Float64Array(rows)];
  const of = ({ truth, given }: RowAnswers, drawn: Uint32Array): number => {
    for (let i = 0; i < rows; i++) {
      right[i] = truth[drawn[i]];
      said[i] = given[drawn[i]];
    }
    return metricOf(said, right);
  };
  return (drawn) =>
    pairs.reduce((sum, [mine, theirs]) => sum + of(mine, drawn) - of(theirs, drawn), 0) / pairs.length;
}

/** By row: on how many more seeds the first has it right. */
function rowGains(pairs: readonly [RowAnswers, RowAnswers][], rows: number): number[] {
  return Array.from({ length: rows }, (_, row) =>
    pairs.reduce(
      (sum, [{ truth, given }, theirs]) =>
        sum + Number(given[row] === truth[row]) - Number(theirs.given[row] === theirs.truth[row]),
      0,
    ),
  );
}

/** Of seeds that each has right, row by row, only rows with a difference count: the same test without the others. */
function ofAccuracy(
  pairs: readonly [RowAnswers, RowAnswers][],
  rows: number,
  { seed, resamples, goesOn }: Outcomes,
): number {
  const gains = rowGains(pairs, rows).filter((gain) => gain !== 0);
  if (gains.length === 0) return 1;
  if (gains.length <= MOST_PAIRS) return signFlipTest(gains);
  const sum = (swapped: Uint8Array): number =>
    gains.reduce((total, gain, i) => total + (swapped[i] ? -gain : gain), 0);
  return randomizationTest(gains.length, sum, seed, resamples, goesOn);
}
