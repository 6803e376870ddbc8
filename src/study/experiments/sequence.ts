/** Prompt, BitFit and adapter one after the other, in all six orders. */
import { scoreText } from '../../evidence/figures.ts';
import { named, say, type Sentence } from '../../sentence.ts';
import { scoreCell } from '../cells-text.ts';
import type { Figure } from '../figures/figure.ts';
import { COMBINED, evaluated, everywhere, methodOf, shownMethod } from '../grid.ts';
import { judgedSplit, scoreOf, valuesOf } from '../scores.ts';
import { friedman } from '../statistics/ranks.ts';
import type { Draft, Experiment, GridMethod, Result, Study } from '../study.ts';
import { commonMetric, methodResults, rankedScores, scoresBySeed, tasksOf } from '../tasks-of.ts';

/** All orders of some things, in the order of the things. */
function orders<T>(things: readonly T[]): T[][] {
  if (things.length < 2) return [[...things]];
  return things.flatMap((first, i) =>
    orders(things.filter((_, j) => j !== i)).map((rest) => [first, ...rest]),
  );
}

function cells(study: Study): Draft[] {
  const methods = orders(COMBINED).map((order): GridMethod => ({
    name: order.join(' → '),
    stages: order.map((type) => {
      const { method, training } = methodOf(study, type);
      const { optimizer, steps, schedule } = training ?? {};
      return { method, training: JSON.parse(JSON.stringify({ optimizer, steps, schedule })) as unknown };
    }),
  }));
  return everywhere(study, (model, data) => evaluated(study.runs({ model, data, methods })));
}

function figures(results: readonly Result[]): Figure[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const split = judgedSplit(results);
  const names = valuesOf(results, 'method');
  const final = (name: string) => scoreOf(scoresBySeed(methodResults(results, name), split));
  return [
    {
      kind: 'table',
      id: 'stages',
      title: say`Score after each stage`,
      note: say`Best validation score of each stage, and the final score of the set that is judged; means with Student's 95 % interval.`,
      columns: [
        say`Order`,
        ...COMBINED.map((_, stage) => say`Stage ${stage + 1}`),
        split === 'test' ? say`Test` : say`Validation`,
      ],
      rows: names.map((name) => [
        shownMethod(name),
        ...COMBINED.map((_, stage) =>
          scoreCell(
            metric,
            scoreOf(methodResults(results, name).map(({ row }) => row.stages?.[stage] ?? null)),
          ),
        ),
        scoreCell(metric, final(name)),
      ]),
    },
    {
      kind: 'scores',
      id: 'final',
      title: say`Final score by order`,
      metric,
      marks: names.flatMap((name) => {
        const score = final(name);
        return score === null
          ? []
          : [{ name: shownMethod(name), mean: score.mean, interval: score.interval }];
      }),
    },
  ];
}

function answer(results: readonly Result[]): Sentence[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const split = judgedSplit(results);
  const finals = valuesOf(results, 'method').flatMap((name) => {
    const score = scoreOf(scoresBySeed(methodResults(results, name), split));
    return score === null ? [] : [{ name, score }];
  });
  if (finals.length < 2) return [];
  const sorted = [...finals].sort((a, b) => b.score.mean - a.score.mean);
  const [best, worst] = [sorted[0], sorted[sorted.length - 1]];
  const apart = say`Best: ${named(best.name)} (${scoreText(metric, best.score.mean)}); worst: ${named(worst.name)} (${scoreText(metric, worst.score.mean)}).`;
  const test = friedman(rankedScores(tasksOf(results), valuesOf(results, 'method'), split));
  if (test !== null)
    return [
      apart,
      test.p < 0.05
        ? say`The orders differ beyond chance (Friedman's test over tasks).`
        : say`No order is best beyond chance (Friedman's test over tasks).`,
    ];
  const overlap = (best.score.interval?.[0] ?? -Infinity) <= (worst.score.interval?.[1] ?? Infinity);
  return [
    apart,
    overlap
      ? say`The intervals of the best and the worst order overlap: no order is best beyond chance.`
      : say`The intervals of the best and the worst order do not overlap.`,
  ];
}

export const sequence: Experiment = {
  name: 'sequence',
  title: say`Sequence`,
  question: say`Trained one after the other, does the order of methods matter?`,
  finding: say`No order is best: it varies with the task, and later stages do not always gain.`,
  view: say`Optimisation: coordinates searched block by block; the order matters where blocks interact. Control: each stage steers a system that the stage before has changed.`,
  cells,
  figures,
  answer,
};
