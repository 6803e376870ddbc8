/**
 * Methods side by side: each with its mean and interval over seeds, and its paired difference to another. Seeds are
 * the unit where there are several: a run's order, head and dropout hang on them, and two methods with the same seed
 * share all three. With one seed the rows of the judged set are, and the result holds for that seed alone.
 */
import { bcaInterval } from './bca.ts';
import { holm } from './holm.ts';
import type { MethodOutcome, Outcomes, Split } from './outcome.ts';
import { mcnemarTest, rowInterval, wilsonInterval } from './rows.ts';
import { mean, type Interval } from './samples.ts';
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

/** Mean over seeds, and its interval: Student's; with one seed Wilson's over rows, of an accuracy. */
export function figureOf(
  { scores, right }: MethodOutcome,
  split: Split,
  metric: string,
): { mean: number; interval: Interval | null } | null {
  const values = scores[split] ?? [];
  if (values.length === 0) return null;
  const rows = right?.[0];
  const ofRows =
    values.length === 1 && rows !== undefined && metric === 'accuracy'
      ? wilsonInterval(
          rows.reduce((sum, one) => sum + one, 0),
          rows.length,
        )
      : null;
  return { mean: mean(values), interval: studentInterval(values) ?? ofRows };
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
  return found;
}

function differenceOf(
  method: MethodOutcome,
  base: MethodOutcome,
  split: Split,
  { seed, metric, resamples }: Outcomes,
): Difference | null {
  const common = method.seeds.filter((one) => base.seeds.includes(one));
  const at = (outcome: MethodOutcome, one: number) =>
    outcome.scores[split]?.[outcome.seeds.indexOf(one)] ?? NaN;
  const differences = common
    .map((one) => at(method, one) - at(base, one))
    .filter((value) => Number.isFinite(value));
  if (differences.length === 0) return null;
  const difference = mean(differences);
  if (differences.length === 1) return { difference, ...rowsOf(method, base, { seed, metric, resamples }) };
  return {
    difference,
    interval: bcaInterval(differences, mean, seed, resamples),
    p: signFlipTest(differences.slice(0, MOST_PAIRS)),
    pAdjusted: null,
    smallestP: smallestP(Math.min(MOST_PAIRS, differences.length)),
    unit: 'seeds',
    pairs: differences.length,
  };
}

/** Of one seed: McNemar's test, and the paired bootstrap of the difference of accuracies. */
function rowsOf(
  method: MethodOutcome,
  base: MethodOutcome,
  { metric, seed, resamples }: Pick<Outcomes, 'metric' | 'seed' | 'resamples'>,
): Omit<Difference, 'difference'> {
  const [mine, theirs] = [method.right?.[0], base.right?.[0]];
  const none = { interval: null, p: null, pAdjusted: null, smallestP: null, unit: 'rows' as const };
  if (mine === undefined || theirs === undefined || mine.length !== theirs.length || metric !== 'accuracy')
    return { ...none, pairs: 0 };
  let first = 0;
  let second = 0;
  mine.forEach((right, row) => {
    if (right > theirs[row]) first++;
    if (right < theirs[row]) second++;
  });
  const gained = (drawn: Uint32Array): number =>
    drawn.reduce((sum, row) => sum + mine[row] - theirs[row], 0) / drawn.length;
  return {
    ...none,
    interval: rowInterval(mine.length, gained, seed, resamples),
    p: mcnemarTest(first, second),
    pairs: mine.length,
  };
}
