/** What the results of `scale` say: better, sooner and nearer with size, each beyond chance over seeds or not. */
import { scoreText, signedDistance } from '../../evidence/figures.ts';
import { CONFIDENCE, mean } from '../../evidence/samples.ts';
import { studentInterval } from '../../evidence/student.ts';
import { inARow, named, say, type Sentence, type SentenceValue } from '../../sentence.ts';
import { figuresOf, overSeeds, sideOf, sidesOf } from '../beyond-chance.ts';
import { groupedBy, judgedSplit, lowerIsBetter, scoreOf, valuesOf, type Score } from '../scores.ts';
import type { Result } from '../study.ts';
import { commonMetric, methodResults, scoresBySeed } from '../tasks-of.ts';
import { convergedMean } from './convergence.ts';

export interface Size {
  model: string;
  parameters: number;
  results: Result[];
}

/** Models by their parameters, smallest first. */
export function sizesOf(results: readonly Result[]): Size[] {
  return valuesOf(results, 'model')
    .map((model) => {
      const own = results.filter(({ cell }) => cell.factors.model === model);
      // Methods add parameters of their own.
      const parameters = Math.min(...own.map(({ row }) => row.totalParameters).filter((count) => count > 0));
      return { model, parameters, results: own };
    })
    .sort((a, b) => a.parameters - b.parameters);
}

type Mean = (results: readonly Result[]) => number | null;

/** How much more of something the runs of a group have with the larger model, in the mean over the tasks that have both. */
function growth(group: readonly Result[], [small, large]: readonly Size[], valueOf: Mean): number | null {
  const found = [...groupedBy(group, ({ cell }) => cell.factors.data).values()].flatMap((task) => {
    const [before, after] = [small, large].map(({ model }) =>
      valueOf(task.filter(({ cell }) => cell.factors.model === model)),
    );
    return before === null || after === null ? [] : [after - before];
  });
  return found.length === 0 ? null : mean(found);
}

/**
 * Whether all methods together, and which of them, are better in the largest model than in the smallest, and which are
 * sooner at their end, beyond chance.
 */
function grown(ends: readonly Size[], metric: string, score: Mean): Sentence[] {
  const results = ends.flatMap(({ results: own }) => own);
  const [small, large] = ends.map(({ model }) => model);
  const sidesBy = (valueOf: Mean) =>
    sidesOf(
      valuesOf(results, 'method'),
      (name) => methodResults(results, name),
      () => (group) => growth(group, ends, valueOf),
    );
  const sides = sidesBy(score);
  if (sides === 'seeds') return [say`One seed cannot tell what of this is chance.`];
  const steps = sidesBy((own) => convergedMean(own, 'step'));
  const names = valuesOf(results, 'method');
  const all = overSeeds(results, (group) => {
    const found = names.map((name) => growth(methodResults(group, name), ends, score));
    const known = found.filter((value) => value !== null);
    return known.length === 0 ? null : (lowerIsBetter(metric) ? -1 : 1) * mean(known);
  });
  const told = (names: readonly Sentence[], sentence: (row: SentenceValue) => Sentence): Sentence[] =>
    names.length === 0 ? [] : [sentence(inARow(names))];
  const [better, worse] = lowerIsBetter(metric)
    ? (['below', 'above'] as const)
    : (['above', 'below'] as const);
  return [
    ...(all === null ? [] : [together(all, metric, large)]),
    ...(sides === null
      ? []
      : [
          ...told(
            sides[better],
            (row) => say`Better with ${large} than with ${small} beyond chance: ${row}.`,
          ),
          ...told(sides[worse], (row) => say`Worse with ${large} than with ${small} beyond chance: ${row}.`),
          ...told(sides.open, (row) => say`Not told apart between the two: ${row}.`),
        ]),
    ...(steps === null || steps === 'seeds'
      ? []
      : [
          ...told(steps.below, (row) => say`Sooner at 95 % of the end with ${large} beyond chance: ${row}.`),
          ...told(steps.above, (row) => say`Later at 95 % of the end with ${large} beyond chance: ${row}.`),
          ...(steps.below.length + steps.above.length === 0
            ? [say`Of no method it can be told whether it is sooner at 95 % of its end in the larger model.`]
            : []),
        ]),
  ];
}

function together(all: Score, metric: string, large: string): Sentence {
  const by = signedDistance(metric, all.mean);
  switch (sideOf(all)) {
    case 'above':
      return say`All methods together are better with ${large} beyond chance (by ${by}).`;
    case 'below':
      return say`All methods together are worse with ${large} beyond chance (by ${by}).`;
    default:
      return say`Whether all methods together are better with ${large} cannot be told (by ${by} in the mean).`;
  }
}

/** How far a place to train lies from full fine-tuning in each size; intervals are as much wider as there are sizes. */
function besideFullBySize(sizes: readonly Size[], metric: string, score: Mean, name: string): Sentence[] {
  const confidence = 1 - (1 - CONFIDENCE) / sizes.length;
  const found = sizes.flatMap(({ model, results }) => {
    const both = [name, 'full'].flatMap((method) => methodResults(results, method));
    const distances = figuresOf(both, (group) => {
      const [own, full] = [name, 'full'].map((method) => score(methodResults(group, method)));
      return own === null || full === null ? null : own - full;
    });
    if (distances.length === 0) return [];
    const side = sideOf({ interval: studentInterval(distances, confidence) });
    const by = signedDistance(metric, mean(distances));
    if (distances.length < 2) return [say`${by} with ${model}`];
    return [
      side === 'open' ? say`${by} with ${model} (within chance)` : say`${by} with ${model} (beyond chance)`,
    ];
  });
  return found.length === 0 ? [] : [say`Distance of ${named(name)} from full fine-tuning: ${inARow(found)}.`];
}

/** What the results say of sizes. */
export function answer(results: readonly Result[]): Sentence[] {
  const metric = commonMetric(results);
  const sizes = sizesOf(results);
  if (metric === null) return [];
  if (sizes.length < 2)
    return [say`One size of model shows no trend; give several under "models", of one family.`];
  const split = judgedSplit(results);
  const score: Mean = (own) => scoreOf(scoresBySeed(own, split))?.mean ?? null;
  const ends = [sizes[0], sizes[sizes.length - 1]];
  const [small, large] = ends;
  const moved = valuesOf(results, 'method').flatMap((name) => {
    const [low, high] = ends.map(({ results: own }) => score(methodResults(own, name)));
    return low === null || high === null
      ? []
      : [say`${named(name)} ${scoreText(metric, low)} → ${scoreText(metric, high)}`];
  });
  // How much nearer to full fine-tuning prompt tuning is in the larger model.
  const nearer = overSeeds([...small.results, ...large.results], (group) => {
    const [prompt, full] = ['prompt', 'full'].map((name) => growth(methodResults(group, name), ends, score));
    return prompt === null || full === null ? null : (lowerIsBetter(metric) ? -1 : 1) * (prompt - full);
  });
  return [
    say`From ${small.model} to ${large.model}: ${inARow(moved)}.`,
    ...grown(ends, metric, score),
    ...(nearer === null ? [] : [catching(nearer, metric)]),
    ...['lastLayer', 'selective'].flatMap((name) => besideFullBySize(sizes, metric, score, name)),
  ];
}

function catching(nearer: Score, metric: string): Sentence {
  const by = signedDistance(metric, nearer.mean);
  switch (sideOf(nearer)) {
    case 'above':
      return say`Prompt tuning catches up with full fine-tuning as the model grows (by ${by}).`;
    case 'below':
      return say`Prompt tuning falls further behind full fine-tuning as the model grows (by ${by}).`;
    default:
      return say`Whether prompt tuning catches up with full fine-tuning as the model grows cannot be told (by ${by} in the mean).`;
  }
}
