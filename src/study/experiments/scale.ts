/** Sizes of model: score, speed and saving, also of trained layers and random modules. */
import { say } from '../../sentence.ts';
import { bytesCell, numberCell, scoreCell, shareCell } from '../cells-text.ts';
import type { CurvesFigure, Figure } from '../figures/figure.ts';
import { methodGrid, shownMethod } from '../grid.ts';
import { judgedSplit, scoreOf, valuesOf, type Score } from '../scores.ts';
import type { Experiment, Result } from '../study.ts';
import { commonMetric, methodResults, scoresBySeed } from '../tasks-of.ts';
import { convergedMean } from './convergence.ts';
import type { Band } from '../../evidence/report/curves.ts';
import { answer, sizesOf } from './scale-answer.ts';

/** Full fine-tuning is what memory is saved of. */
const METHODS = ['full', 'adapter', 'lora', 'prefix', 'prompt', 'lastLayer', 'selective'];

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
