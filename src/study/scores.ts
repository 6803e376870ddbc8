/** What the rows of a grid say together: scores by method, means and paired differences. */
import { bcaInterval } from '../evidence/bca.ts';
import { mean, type Interval } from '../evidence/samples.ts';
import { signFlipTest, smallestP } from '../evidence/sign-flip.ts';
import { studentInterval } from '../evidence/student.ts';
import type { Split } from '../train/events.ts';
import type { Result, Row } from './study.ts';

/** Of losses less is better. */
export function lowerIsBetter(metric: string): boolean {
  return metric === 'loss' || metric === 'perplexity';
}

/** The set that rows are judged by: test where all have it, else validation. */
export function judgedSplit(results: readonly Result[]): Split {
  const done = results.filter(({ row }) => row.status === 'done');
  return done.length > 0 && done.every(({ row }) => scoreOn(row, 'test') !== null) ? 'test' : 'validation';
}

export function scoreOn({ scores, metric }: Pick<Row, 'scores' | 'metric'>, split: Split): number | null {
  const value = scores[split]?.[metric];
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** The values of a factor, in the order of the grid. */
export function valuesOf<Key extends keyof Result['cell']['factors']>(
  results: readonly Result[],
  factor: Key,
): Result['cell']['factors'][Key][] {
  return [...new Set(results.map(({ cell }) => cell.factors[factor]))];
}

/** Results by the value of what is asked of each, in the order of the grid. */
export function groupedBy<Key>(
  results: readonly Result[],
  keyOf: (result: Result) => Key,
): Map<Key, Result[]> {
  const groups = new Map<Key, Result[]>();
  for (const result of results) {
    const key = keyOf(result);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return groups;
}

/** Mean over runs, Student's interval over them, and how many. */
export interface Score {
  mean: number;
  interval: Interval | null;
  runs: number;
}

export function scoreOf(values: readonly (number | null)[]): Score | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return { mean: mean(known), interval: studentInterval(known), runs: known.length };
}

/** Scores of results on a set, null for runs without. */
export function scoresOn(results: readonly Result[], split: Split): (number | null)[] {
  return results.map(({ row }) => (row.status === 'done' ? scoreOn(row, split) : null));
}

export interface PairedDifference {
  difference: number;
  interval: Interval | null;
  p: number;
  smallestP: number;
  pairs: number;
}

/**
 * How far one group of runs lies from another; runs that share all factors but the method are a pair, and pairs of
 * one task are taken together, so that a task counts once.
 * @returns null where no pair is whole
 */
export function pairedDifference(
  mine: readonly Result[],
  theirs: readonly Result[],
  split: Split,
): PairedDifference | null {
  const keyOf = ({ cell }: Result): string => {
    const { method: _, value: __, ...rest } = cell.factors;
    return JSON.stringify(rest);
  };
  const others = new Map(theirs.map((result) => [keyOf(result), scoresOn([result], split)[0]]));
  const byTask = new Map<string, number[]>();
  for (const result of mine) {
    const [own, other] = [scoresOn([result], split)[0], others.get(keyOf(result)) ?? null];
    if (own === null || other === null) continue;
    const { model, data } = result.cell.factors;
    const task = `${model}\n${data}`;
    byTask.set(task, [...(byTask.get(task) ?? []), own - other]);
  }
  // Of one task its seeds are the pairs.
  const differences = byTask.size === 1 ? [...byTask.values()][0] : [...byTask.values()].map(mean);
  if (differences.length === 0) return null;
  const pairs = Math.min(differences.length, 20);
  return {
    difference: mean(differences),
    interval: differences.length > 1 ? bcaInterval(differences, mean, 0) : null,
    p: signFlipTest(differences.slice(0, pairs)),
    smallestP: smallestP(pairs),
    pairs: differences.length,
  };
}
