/** One delta for several tasks, one a task, and a fusion over those of all. */
import { signedDistance } from '../../evidence/figures.ts';
import { named, say, type Sentence } from '../../sentence.ts';
import { intervalCell, NOTHING, numberCell, scoreCell } from '../cells-text.ts';
import { atLeastTwo } from '../chain.ts';
import type { Figure, TableFigure } from '../figures/figure.ts';
import { scored, shownMethod } from '../grid.ts';
import {
  judgedSplit,
  pairedDifference,
  scoreOf,
  scoresOn,
  valuesOf,
  type PairedDifference,
} from '../scores.ts';
import type { Draft, Experiment, Result, Study } from '../study.ts';
import { fusionAnswer, fusionsOver, fusionTable, isFused, isOpenFusion } from './fused-tasks.ts';
import { commonMetric, methodResults, scoresBySeed, tasksOf } from '../tasks-of.ts';

const METHODS = ['full', 'lora', 'adapter', 'prompt', 'fusion'];

/** Each data set by itself, and all of them in turns; each has a head or label words of its own. Then the fusions. */
function cells(study: Study): Draft[] {
  atLeastTwo(study);
  const entries = study.entries(METHODS);
  const fusions = entries.filter(isOpenFusion);
  const methods = entries.filter((entry) => !fusions.includes(entry));
  return study.models.flatMap((model) => {
    const alone = study.datasets.flatMap((data) => scored(study.runs({ model, data, methods })));
    const [data] = study.datasets;
    const together = study.runs({ model, data, methods, tasks: study.datasets });
    return [...alone, ...together, ...fusionsOver(study, model, fusions)];
  });
}

const isTogether = ({ cell }: Result): boolean => cell.factors.together === true;

/** Runs of several tasks as one result for each of their tasks, beside those of one task. */
function byTask(results: readonly Result[]): Result[] {
  return results.flatMap((result) => {
    if (!isTogether(result)) return [result];
    const { cell, row } = result;
    return (row.tasks ?? []).map(({ name, scores }) => ({
      cell: { ...cell, factors: { ...cell.factors, data: name } },
      row: { ...row, scores },
    }));
  });
}

/** How far one delta lies from one a task, pair by pair. */
function apart(results: readonly Result[]): PairedDifference | null {
  const together = results.filter(isTogether).map((result): Result => ({
    ...result,
    cell: { ...result.cell, factors: { ...result.cell.factors, together: undefined } },
  }));
  const alone = results.filter((result) => !isTogether(result));
  return pairedDifference(together, alone, judgedSplit(results));
}

/** Trained parameters of all runs of a seed: of one a task, or of the one delta. */
function trained(results: readonly Result[], together: boolean): number | null {
  const [first] = results;
  const own = results.filter(
    (result) => isTogether(result) === together && result.cell.factors.seed === first.cell.factors.seed,
  );
  if (own.length === 0) return null;
  const each = own.map(({ row }) => row.trainableParameters);
  return together ? each[0] : each.reduce((sum, count) => sum + count, 0);
}

function figures(all: readonly Result[]): Figure[] {
  const results = byTask(all);
  return valuesOf(results, 'model').flatMap((model, _, models) => {
    const own = results.filter(({ cell }) => cell.factors.model === model);
    const several = models.length > 1;
    const id = several ? `-${model}` : '';
    const fusion = fusionTable(
      own,
      several ? say`A fusion of one delta a task, of ${model}` : say`A fusion of one delta a task`,
    );
    return [
      {
        ...taskTable(
          own,
          several
            ? say`Scores of ${model} by task, one delta a task and one for all`
            : say`Scores by task, one delta a task and one for all`,
        ),
        id: `tasks${id}`,
      },
      {
        ...sums(
          own.filter((result) => !isFused(result)),
          several
            ? say`One delta for all tasks of ${model}, against one a task`
            : say`One delta for all tasks, against one a task`,
        ),
        id: `together${id}`,
      },
      ...(fusion === null ? [] : [{ ...fusion, id: `fusion${id}` }]),
    ];
  });
}

function taskTable(results: readonly Result[], title: Sentence): TableFigure {
  const split = judgedSplit(results);
  const tasks = tasksOf(results);
  const cellsOf = (method: string, is: (one: Result) => boolean) =>
    tasks.map((task) => {
      const own = methodResults(task.results, method).filter(is);
      return own.length === 0 ? NOTHING : scoreCell(task.metric, scoreOf(scoresOn(own, split)));
    });
  const plain = results.filter((result) => !isFused(result));
  const rows = [
    ...valuesOf(plain, 'method').flatMap((method) =>
      [false, true].map((together) => [
        together ? say`${named(method)}, one for all` : say`${named(method)}, one a task`,
        ...cellsOf(method, (one) => !isFused(one) && isTogether(one) === together),
      ]),
    ),
    ...valuesOf(results.filter(isFused), 'method').map((method) => [
      say`${named(method)}, over the adapters of all tasks`,
      ...cellsOf(method, isFused),
    ]),
  ];
  return {
    kind: 'table',
    id: 'tasks',
    title,
    note: say`Means over seeds, with Student's 95 % interval. The one delta is trained in turns, so often that each task has the steps that it has alone.`,
    columns: [say`Method`, ...tasks.map(({ data }) => data)],
    rows,
  };
}

function sums(results: readonly Result[], title: Sentence): TableFigure {
  const metric = commonMetric(results);
  const split = judgedSplit(results);
  return {
    kind: 'table',
    id: 'together',
    title,
    note: say`Means over tasks and seeds; the difference is of pairs of one task and seed, with its 95 % interval. Parameters are of all deltas and heads together.`,
    columns: [
      say`Method`,
      say`One a task`,
      say`One for all`,
      say`Difference`,
      say`Parameters, one a task`,
      say`Parameters, one for all`,
    ],
    rows: valuesOf(results, 'method').map((method) => {
      const own = methodResults(results, method);
      const [alone, together] = [false, true].map((which) =>
        scoreOf(
          scoresBySeed(
            own.filter((one) => isTogether(one) === which),
            split,
          ),
        ),
      );
      return [
        shownMethod(method),
        metric === null ? NOTHING : scoreCell(metric, alone),
        metric === null ? NOTHING : scoreCell(metric, together),
        metric === null ? NOTHING : intervalCell(metric, apart(own)),
        numberCell(trained(own, false)),
        numberCell(trained(own, true)),
      ];
    }),
  };
}

function answer(all: readonly Result[]): Sentence[] {
  const results = byTask(all);
  const metric = commonMetric(results);
  if (metric === null) return [];
  const plain = results.filter((result) => !isFused(result));
  const found = valuesOf(plain, 'method').flatMap((name) => {
    const difference = apart(methodResults(plain, name));
    return difference === null ? [] : [{ name, difference }];
  });
  const told = found.map(({ name, difference: { difference, interval } }) =>
    interval === null || (interval[0] <= 0 && interval[1] >= 0)
      ? say`${named(name)}: one delta for all tasks and one a task cannot be told apart (${signedDistance(metric, difference)} on average).`
      : difference > 0
        ? say`${named(name)}: one delta for all tasks is better than one a task (${signedDistance(metric, difference)} on average).`
        : say`${named(name)}: one delta for all tasks is worse than one a task (${signedDistance(metric, difference)} on average).`,
  );
  return [...told, ...fusionAnswer(results)];
}

export const multiTask: Experiment = {
  name: 'multiTask',
  title: say`Several tasks`,
  question: say`Does one delta serve several tasks as well as a delta for each, and does a fusion of these serve them better?`,
  finding: say`The study did not measure this: it names serving many tasks with one model, a small delta for each, among what delta tuning is good for.`,
  view: say`Optimisation: one subspace has to hold a good point for the sum of the losses. Control: one controller for several targets, against one for each.`,
  methods: METHODS,
  cells,
  figures,
  answer,
};
