/** Sizes of model: score, speed and saving, also of trained layers and random modules. */
import { scoreText, signedDistance } from '../../evidence/figures.ts';
import { inARow, named, say, type Sentence } from '../../sentence.ts';
import { overSeeds, sideOf } from '../beyond-chance.ts';
import { bytesCell, numberCell, scoreCell, shareCell } from '../cells-text.ts';
import type { CurvesFigure, Figure } from '../figures/figure.ts';
import { methodGrid, shownMethod } from '../grid.ts';
import { judgedSplit, lowerIsBetter, scoreOf, scoresOn, valuesOf, type Score } from '../scores.ts';
import type { Experiment, Result } from '../study.ts';
import { commonMetric, methodResults, scoresBySeed } from '../tasks-of.ts';
import { convergedMean } from './convergence.ts';
import type { Band } from '../../evidence/report/curves.ts';

/** Full fine-tuning is what memory is saved of. */
const METHODS = ['full', 'adapter', 'lora', 'prefix', 'prompt', 'lastLayer', 'selective'];

interface Size {
  model: string;
  parameters: number;
  results: Result[];
}

/** Models by their parameters, smallest first. */
function sizesOf(results: readonly Result[]): Size[] {
  return valuesOf(results, 'model')
    .map((model) => {
      const own = results.filter(({ cell }) => cell.factors.model === model);
      // Methods add parameters of their own.
      const parameters = Math.min(...own.map(({ row }) => row.totalParameters).filter((count) => count > 0));
      return { model, parameters, results: own };
    })
    .sort((a, b) => a.parameters - b.parameters);
}

function curves(
  results: readonly Result[],
  valueOf: (own: readonly Result[]) => Score | null,
): CurvesFigure['series'] {
  const sizes = sizesOf(results);
  return valuesOf(results, 'method').map((name) => ({
    name: shownMethod(name),
    band: sizes.flatMap(({ parameters, results: own }): Band => {
      const score = valueOf(methodResults(own, name));
      if (score === null || !Number.isFinite(parameters)) return [];
      const [low, high] = score.interval ?? [score.mean, score.mean];
      return [{ x: parameters, y: score.mean, low, high }];
    }),
  }));
}

const plain = (value: number | null): Score | null =>
  value === null ? null : { mean: value, interval: null, runs: 1 };

function bytesOf(results: readonly Result[]): number | null {
  return results.find(({ row }) => row.memory !== undefined)?.row.memory?.total ?? null;
}

function figures(results: readonly Result[]): Figure[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const split = judgedSplit(results);
  const score = (own: readonly Result[]) => scoreOf(scoresBySeed(own, split));
  const x = say`parameters`;
  const sizes = sizesOf(results);
  const names = valuesOf(results, 'method');
  return [
    {
      kind: 'curves',
      id: 'score',
      title: say`Score against the size of the model`,
      note: say`Bands are 95 % intervals over seeds.`,
      x,
      y: say`${metric}`,
      logarithmic: true,
      series: curves(results, score),
    },
    {
      kind: 'curves',
      id: 'steps',
      title: say`Steps to 95 % of the final score against the size of the model`,
      x,
      y: say`steps`,
      logarithmic: true,
      series: curves(results, (own) => plain(convergedMean(own, 'step'))),
    },
    {
      kind: 'table',
      id: 'sizes',
      title: say`Score, speed and memory by size`,
      columns: [
        say`Model`,
        say`Method`,
        say`Mean score`,
        say`Steps to 95 %`,
        say`Trained`,
        say`Memory`,
        say`saved`,
      ],
      rows: sizes.flatMap(({ model, results: own }) => {
        const full = bytesOf(methodResults(own, 'full'));
        return names.map((name) => {
          const mine = methodResults(own, name);
          const bytes = bytesOf(mine);
          const row = mine.find((one) => one.row.totalParameters > 0)?.row;
          return [
            model,
            shownMethod(name),
            scoreCell(metric, score(mine)),
            numberCell(convergedMean(mine, 'step')),
            shareCell(row ? row.trainableParameters / row.totalParameters : null),
            bytesCell(bytes),
            shareCell(full === null || bytes === null || name === 'full' ? null : 1 - bytes / full),
          ];
        });
      }),
    },
  ];
}

function answer(results: readonly Result[]): Sentence[] {
  const metric = commonMetric(results);
  const sizes = sizesOf(results);
  if (metric === null) return [];
  if (sizes.length < 2)
    return [say`One size of model shows no trend; give several under "models", of one family.`];
  const split = judgedSplit(results);
  const [small, large] = [sizes[0], sizes[sizes.length - 1]];
  const ends = valuesOf(results, 'method').flatMap((name) => {
    const [low, high] = [small, large].map(({ results: own }) =>
      scoreOf(scoresBySeed(methodResults(own, name), split)),
    );
    return low === null || high === null ? [] : [{ name, low: low.mean, high: high.mean }];
  });
  // How much nearer to full fine-tuning prompt tuning is in the larger model.
  const nearer = overSeeds([...small.results, ...large.results], (group) => {
    const distance = ({ model }: Size): number | null => {
      const own = group.filter(({ cell }) => cell.factors.model === model);
      const [prompt, full] = ['prompt', 'full'].map((name) =>
        scoreOf(scoresOn(methodResults(own, name), split)),
      );
      return prompt === null || full === null ? null : prompt.mean - full.mean;
    };
    const [before, after] = [distance(small), distance(large)];
    return before === null || after === null ? null : (lowerIsBetter(metric) ? -1 : 1) * (after - before);
  });
  return [
    say`From ${small.model} to ${large.model}: ${inARow(ends.map(({ name, low, high }) => say`${named(name)} ${scoreText(metric, low)} → ${scoreText(metric, high)}`))}.`,
    ...(nearer === null ? [] : [catching(nearer, metric)]),
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

export const scale: Experiment = {
  name: 'scale',
  title: say`Scale`,
  question: say`What becomes of the methods as the model grows?`,
  finding: say`The larger the model, the faster and better all methods are; prompt tuning catches up, and modules drawn at random do well in the largest, while training the last layer alone is a poor choice at every size.`,
  view: say`Optimisation: larger models have more directions that lower the loss, so that a subspace of the same size holds a better point. Control: a deeper system can be steered with less.`,
  methods: METHODS,
  cells: (study) => methodGrid(study, METHODS),
  figures,
  answer,
};
