/** Results task by task: a task is a data set with a model. */
import { mean } from '../evidence/samples.ts';
import { say, type Told } from '../sentence.ts';
import { groupedBy, lowerIsBetter, scoreOf, scoresOn, valuesOf } from './scores.ts';
import type { Result } from './study.ts';
import type { Split } from '../train/events.ts';

export interface TaskResults {
  name: Told;
  model: string;
  data: string;
  metric: string;
  results: Result[];
}

export function tasksOf(results: readonly Result[]): TaskResults[] {
  const [models, datasets] = [valuesOf(results, 'model'), valuesOf(results, 'data')];
  const groups = groupedBy(results, ({ cell }) => JSON.stringify([cell.factors.model, cell.factors.data]));
  return [...groups.values()].map((group) => {
    const { model, data } = group[0].cell.factors;
    const name = models.length === 1 ? data : datasets.length === 1 ? model : say`${data} on ${model}`;
    return { name, model, data, metric: group[0].row.metric, results: group };
  });
}

export function methodResults(results: readonly Result[], method: string): Result[] {
  return results.filter(({ cell }) => cell.factors.method === method);
}

/** Of the tasks in which every method has a score: means over others would be of different tasks for each. */
export function sharedResults(
  results: readonly Result[],
  methods: readonly string[],
  split: Split,
): Result[] {
  return tasksOf(results)
    .filter(({ results: own }) =>
      methods.every((method) => scoreOf(scoresOn(methodResults(own, method), split)) !== null),
    )
    .flatMap(({ results: own }) => own);
}

/**
 * Mean scores `[task][method]`, higher better, of the tasks in which every method has one: what ranks are made of.
 */
export function rankedScores(
  tasks: readonly TaskResults[],
  methods: readonly string[],
  split: Split,
): number[][] {
  return tasks.flatMap(({ results, metric }) => {
    const scores = methods.map((method) => scoreOf(scoresOn(methodResults(results, method), split)));
    const known = scores.filter((score) => score !== null);
    if (known.length < methods.length) return [];
    return [known.map((score) => (lowerIsBetter(metric) ? -score.mean : score.mean))];
  });
}

/** The one metric of all tasks; null where there are several. */
export function commonMetric(results: readonly Result[]): string | null {
  const metrics = new Set(results.map(({ row }) => row.metric));
  return metrics.size === 1 ? [...metrics][0] : null;
}

/**
 * Scores of a method over all tasks, one a seed: the mean over its runs, so that the interval is over seeds. A seed
 * that lacks some run is left out: its mean would be of other tasks.
 */
export function scoresBySeed(results: readonly Result[], split: Split): number[] {
  return bySeed(results, (group) => scoresOn(group, split));
}

/** The mean of some values of each seed's runs. */
export function bySeed(
  results: readonly Result[],
  valuesIn: (group: readonly Result[]) => readonly (number | null)[],
): number[] {
  const groups = [...groupedBy(results, ({ cell }) => cell.factors.seed).values()];
  const most = Math.max(...groups.map(({ length }) => length));
  return groups.flatMap((group) => {
    const known = valuesIn(group).filter((value) => value !== null);
    return known.length === most ? [mean(known)] : [];
  });
}
