/** The generalisation gap: the score on what was trained on less the score on what was held out. */
import { signedDistance } from '../../evidence/figures.ts';
import { inARow, named, say, type Sentence } from '../../sentence.ts';
import { besideFull, overSeeds, sideOf } from '../beyond-chance.ts';
import { distanceCell, scoreCell } from '../cells-text.ts';
import type { Figure } from '../figures/figure.ts';
import {
  everywhere,
  methodOf,
  NO_METHOD,
  requestsOf,
  scored,
  shownMethod,
  subsets,
  templatesOf,
} from '../grid.ts';
import { judgedSplit, scoreOf, scoresOn, valuesOf } from '../scores.ts';
import type { Draft, Experiment, Result, Study } from '../study.ts';
import { bySeed, commonMetric, methodResults, scoresBySeed } from '../tasks-of.ts';
import { MOST_SCORED_TRAIN_ROWS } from '../../data/batching/sample-rows.ts';
import { mean } from '../../evidence/samples.ts';

function cells(study: Study): Draft[] {
  const methods = [
    { ...methodOf(study, 'full'), name: 'full' },
    ...subsets(study).filter(({ name }) => name !== NO_METHOD),
  ];
  return everywhere(study, (model, data) =>
    requestsOf({ model, data, methods }, templatesOf(study, data, false), [undefined]).flatMap((request) =>
      scored(study.runs(request)),
    ),
  );
}

/** Gaps by seed, each the mean over tasks. */
function gapsOf(results: readonly Result[]): number[] {
  const split = judgedSplit(results);
  return bySeed(results, (group) => {
    const [train, held] = [scoresOn(group, 'train'), scoresOn(group, split)];
    return train.map((value, i) => {
      const other = held[i];
      return value === null || other === null ? null : value - other;
    });
  });
}

interface Line {
  name: Sentence;
  results: Result[];
}

const TEMPLATE_MARK = '▤';

/** Methods, each with and without template where there are both. */
function linesOf(results: readonly Result[]): Line[] {
  return valuesOf(results, 'template').flatMap((template) =>
    valuesOf(results, 'method').map((name) => ({
      name: template === true ? say`${named(name)} ${TEMPLATE_MARK}` : shownMethod(name),
      results: methodResults(results, name).filter(({ cell }) => cell.factors.template === template),
    })),
  );
}

function figures(results: readonly Result[]): Figure[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const split = judgedSplit(results);
  const lines = linesOf(results);
  return [
    {
      kind: 'table',
      id: 'gaps',
      title: say`Training score less the score held out`,
      note: say`${TEMPLATE_MARK} marks runs whose texts stand in a template. Means over tasks and seeds; the training score is that of up to ${MOST_SCORED_TRAIN_ROWS} training rows.`,
      columns: [
        say`Method`,
        say`Training score`,
        split === 'test' ? say`Test score` : say`Validation score`,
        say`Gap`,
      ],
      rows: lines.map(({ name, results: own }) => [
        name,
        scoreCell(metric, scoreOf(scoresBySeed(own, 'train'))),
        scoreCell(metric, scoreOf(scoresBySeed(own, split))),
        distanceCell(metric, scoreOf(gapsOf(own))?.mean ?? null),
      ]),
    },
    {
      kind: 'scores',
      id: 'chart',
      title: say`Gap by method`,
      metric,
      marks: lines.flatMap(({ name, results: own }) => {
        const gap = scoreOf(gapsOf(own));
        return gap === null ? [] : [{ name, mean: gap.mean, interval: gap.interval }];
      }),
    },
  ];
}

function answer(results: readonly Result[]): Sentence[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const gaps = valuesOf(results, 'method').flatMap((name) => {
    const found = scoreOf(gapsOf(methodResults(results, name)));
    return found === null ? [] : [{ name, gap: found.mean }];
  });
  if (gaps.length < 2) return [];
  const text = (gap: number) => signedDistance(metric, gap);
  const inOrder = [...gaps].sort((a, b) => a.gap - b.gap);
  const average = (group: readonly Result[], combined: boolean): number | null => {
    const names = valuesOf(group, 'method').filter(
      (name) => name !== 'full' && name.includes('+') === combined,
    );
    const own = names.flatMap((name) => gapsOf(methodResults(group, name)));
    return own.length === 0 ? null : mean(own);
  };
  return [
    say`Gaps, least first: ${inARow(inOrder.map(({ name, gap }) => say`${named(name)} (${text(gap)})`))}.`,
    ...besideFull(results, (own) => scoreOf(gapsOf(own))?.mean ?? null),
    ...combining(results, average, text),
  ];
}

/** What combining deltas does to the gap. */
function combining(
  results: readonly Result[],
  average: (group: readonly Result[], combined: boolean) => number | null,
  text: (gap: number) => Sentence | string,
): Sentence[] {
  const [single, combined] = [average(results, false), average(results, true)];
  const difference = overSeeds(results, (group) => {
    const [one, several] = [average(group, false), average(group, true)];
    return one === null || several === null ? null : several - one;
  });
  if (single === null || combined === null || difference === null) return [];
  const both = say`On average single deltas have a gap of ${text(single)}, combined ones of ${text(combined)}`;
  switch (sideOf(difference)) {
    case 'above':
      return [say`${both}: combining raises it.`];
    case 'below':
      return [say`${both}: combining lowers it.`];
    default:
      return [say`${both}; the two cannot be told apart.`];
  }
}

export const gap: Experiment = {
  name: 'gap',
  title: say`Generalisation gap`,
  question: say`Which methods fit what they were trained on better than what they were not?`,
  finding: say`Every single delta has a smaller gap than full fine-tuning, prompt tuning the smallest; combining raises it up to that of full fine-tuning; templates change nothing.`,
  view: say`Optimisation: a small subspace limits what can be fitted by heart, as a constraint does. Control: cheap controls leave the system near where it was, and so near what it knew.`,
  options: { templates: [false, true] },
  cells,
  figures,
  answer,
};
