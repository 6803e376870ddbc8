/**
 * Methods side by side: each with its mean and interval over seeds, and its paired difference to another. Seeds are
 * the unit where there are several: a run's order, head and dropout hang on them, and two methods with the same seed
 * share all three. With one seed the rows of the judged set are, and the result holds for that seed alone.
 */
import { bcaInterval } from './bca.ts';
import { holm } from './holm.ts';
import type { MethodOutcome, Outcomes, RowAnswers, Split } from './outcome.ts';
import { rowMetric, type RowMetric } from './row-metric.ts';
import {
  mcnemarTest,
  percentileInterval,
  randomizationTest,
  resampledFigures,
  wilsonInterval,
} from './rows.ts';
import { CONFIDENCE, mean, type Interval } from './samples.ts';
import { MOST_PAIRS, signFlipTest, smallestP } from './sign-flip.ts';
import { studentInterval } from './student.ts';

/** A paired difference, in the metric's own units and direction. */
export interface Difference {
  difference: number;
  interval: Interval | null;
  /** Null where there is nothing to test: no common seed, or one seed and no rows. */
  p: number | null;
  pAdjusted: number | null;
  /** The least p that so many pairs could give; of rows, null. */
  smallestP: number | null;
  /** The same after Holm's correction, which no difference among so many can come below. */
  smallestAdjusted: number | null;
  unit: 'seeds' | 'rows';
  /** Pairs that it rests on. */
  pairs: number;
}

/** Test where every method has one, else validation; null where neither was scored. */
export function judgedOn({ methods }: Outcomes): Split | null {
  const ended = methods.filter(({ seeds }) => seeds.length > 0);
  const scored = (split: Split) =>
    ended.length > 0 && ended.every(({ scores }) => scores[split] !== undefined);
  return scored('test') ? 'test' : scored('validation') ? 'validation' : null;
}

/**
 * Mean over seeds, and its interval: Student's; with one seed that of the rows, Wilson's of an accuracy and else the
 * percentiles of the bootstrap.
 */
export function figureOf(
  method: MethodOutcome,
  split: Split,
  outcomes: Outcomes,
  confidence = CONFIDENCE,
): { mean: number; interval: Interval | null } | null {
  const values = method.scores[split] ?? [];
  if (values.length === 0) return null;
  const interval =
    values.length > 1
      ? studentInterval(values, confidence)
      : intervalOfRows(method.answers?.[0], outcomes, confidence);
  return { mean: mean(values), interval };
}

function intervalOfRows(
  answers: RowAnswers | undefined,
  outcomes: Outcomes,
  confidence: number,
): Interval | null {
  const metricOf = rowMetric(outcomes);
  if (answers === undefined || metricOf === null) return null;
  const { truth, given } = answers;
  const rows = truth.length;
  if (outcomes.metric === 'accuracy')
    return wilsonInterval(Math.round(metricOf(given, truth) * rows), rows, confidence);
  return percentileInterval(resampled(answers, metricOf, outcomes), confidence);
}

/** Of answers: their metric by resample, and what it was worked out for. */
const RESAMPLED = new WeakMap<RowAnswers, { key: string; figures: Float64Array }>();

/** The metric of resampled rows: worked out once, however many methods these answers are compared to. */
function resampled(
  answers: RowAnswers,
  metricOf: RowMetric,
  { metric, seed, resamples, goesOn }: Outcomes,
): Float64Array {
  const key = `${metric} ${seed} ${resamples}`;
  const known = RESAMPLED.get(answers);
  if (known?.key === key) return known.figures;
  const { truth, given } = answers;
  const rows = truth.length;
  const [right, said] = [new Float64Array(rows), new Float64Array(rows)];
  const figure = (drawn: Uint32Array): number => {
    for (let i = 0; i < rows; i++) {
      right[i] = truth[drawn[i]];
      said[i] = given[drawn[i]];
    }
    return metricOf(said, right);
  };
  const figures = resampledFigures(rows, figure, seed, resamples, goesOn);
  RESAMPLED.set(answers, { key, figures });
  return figures;
}

/**
 * How far each method lies from another, and how likely that is chance; Holm's over all of them.
 * @returns by the order of `outcomes.methods`; null for the other itself, and where no seed is common
 */
export function differencesTo(outcomes: Outcomes, other: string, split: Split): (Difference | null)[] {
  const base = outcomes.methods.find(({ name }) => name === other);
  if (base === undefined) throw new Error(`internal: no method "${other}" to compare to`);
  const found = outcomes.methods.map((method) =>
    method === base ? null : differenceOf(method, base, split, outcomes),
  );
  const tested = found.filter((one) => one !== null).filter(({ p }) => p !== null);
  const adjusted = holm(tested.map(({ p }) => p!));
  tested.forEach((one, i) => (one.pAdjusted = adjusted[i]));
  // An adjusted p grows with each of the p, so that the least of them give the least of it.
  const overSeeds = tested.filter(({ smallestP }) => smallestP !== null);
  const least = holm(overSeeds.map(({ smallestP }) => smallestP!));
  overSeeds.forEach((one, i) => (one.smallestAdjusted = least[i]));
  return found;
}

function answersAt({ answers, seeds }: MethodOutcome, seed: number): RowAnswers | undefined {
  return answers?.[seeds.indexOf(seed)];
}

function differenceOf(
  method: MethodOutcome,
  base: MethodOutcome,
  split: Split,
  outcomes: Outcomes,
): Difference | null {
  const { seed, resamples } = outcomes;
  const common = method.seeds.filter((one) => base.seeds.includes(one));
  const at = (outcome: MethodOutcome, one: number) =>
    outcome.scores[split]?.[outcome.seeds.indexOf(one)] ?? NaN;
  const differences = common
    .map((one) => at(method, one) - at(base, one))
    .filter((value) => Number.isFinite(value));
  if (differences.length === 0) return null;
  const difference = mean(differences);
  if (differences.length === 1) {
    const shared = common.find((one) => Number.isFinite(at(method, one) - at(base, one)))!;
    return { difference, ...rowsOf(answersAt(method, shared), answersAt(base, shared), outcomes) };
  }
  return {
    difference,
    interval: bcaInterval(differences, mean, seed, resamples),
    p: signFlipTest(differences.slice(0, MOST_PAIRS)),
    pAdjusted: null,
    smallestP: smallestP(Math.min(MOST_PAIRS, differences.length)),
    smallestAdjusted: null,
    unit: 'seeds',
    pairs: differences.length,
  };
}

/** Of one seed: McNemar's test of an accuracy and randomization of others, and the paired bootstrap. */
function rowsOf(
  mine: RowAnswers | undefined,
  theirs: RowAnswers | undefined,
  outcomes: Outcomes,
): Omit<Difference, 'difference'> {
  const none = {
    interval: null,
    p: null,
    pAdjusted: null,
    smallestP: null,
    smallestAdjusted: null,
    unit: 'rows' as const,
  };
  const metricOf = rowMetric(outcomes);
  if (metricOf === null || mine === undefined || theirs?.truth.length !== mine.truth.length)
    return { ...none, pairs: 0 };
  const lost = resampled(theirs, metricOf, outcomes);
  const gained = resampled(mine, metricOf, outcomes).map((figure, i) => figure - lost[i]);
  return {
    ...none,
    interval: percentileInterval(gained),
    p:
      outcomes.metric === 'accuracy' ? mcnemarOf(mine, theirs) : randomized(mine, theirs, metricOf, outcomes),
    pairs: mine.truth.length,
  };
}

function mcnemarOf(mine: RowAnswers, theirs: RowAnswers): number {
  let first = 0;
  let second = 0;
  for (let row = 0; row < mine.truth.length; row++) {
    const [one, other] = [mine, theirs].map(({ given, truth }) => given[row] === truth[row]);
    if (one && !other) first++;
    if (other && !one) second++;
  }
  return mcnemarTest(first, second);
}

function randomized(
  mine: RowAnswers,
  theirs: RowAnswers,
  metricOf: RowMetric,
  { seed, resamples, goesOn }: Outcomes,
): number {
  const { truth } = mine;
  const rows = truth.length;
  const [one, other] = [new Float64Array(rows), new Float64Array(rows)];
  const difference = (swapped: Uint8Array): number => {
    for (let row = 0; row < rows; row++) {
      const [first, second] = swapped[row] ? [theirs, mine] : [mine, theirs];
      one[row] = first.given[row];
      other[row] = second.given[row];
    }
    return metricOf(one, truth) - metricOf(other, truth);
  };
  return randomizationTest(rows, difference, seed, resamples, goesOn);
}
