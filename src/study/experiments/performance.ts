/** Methods over tasks: who wins, by how much, and whether that can be told. */
import { probabilityText, shareText } from '../../evidence/figures.ts';
import { holm } from '../../evidence/holm.ts';
import { inARow, listed, named, say, type Sentence } from '../../sentence.ts';
import { intervalCell, NOTHING, numberCell, probabilityCell, scoreCell } from '../cells-text.ts';
import type { Figure, TableFigure } from '../figures/figure.ts';
import { baselineOf } from '../../runs/spec-seeds.ts';
import { runMethod } from '../../runs/spec.ts';
import { methodGrid, shownMethod } from '../grid.ts';
import { judgedSplit, pairedDifference, scoreOf, scoresOn, valuesOf } from '../scores.ts';
import { criticalDifference, friedman, indistinct, meanRanks } from '../statistics/ranks.ts';
import type { Draft, Experiment, Result, Study } from '../study.ts';
import {
  commonMetric,
  methodResults,
  rankedScores,
  scoresBySeed,
  sharedResults,
  tasksOf,
} from '../tasks-of.ts';

/** The study's five, in the order that it found. */
const METHODS = ['full', 'lora', 'adapter', 'prefix', 'prompt'];

interface Ranked {
  name: string;
  rank: number;
}

function ranked(results: readonly Result[]): { methods: Ranked[]; scores: number[][] } {
  const names = valuesOf(results, 'method');
  const scores = rankedScores(tasksOf(results), names, judgedSplit(results));
  if (scores.length === 0) return { methods: [], scores };
  const ranks = meanRanks(scores);
  return { methods: names.map((name, i) => ({ name, rank: ranks[i] })), scores };
}

function scoreTable(results: readonly Result[]): TableFigure {
  const split = judgedSplit(results);
  const tasks = tasksOf(results);
  const { methods } = ranked(results);
  const metric = commonMetric(results);
  const several = tasks.length > 1;
  const shared = sharedResults(results, valuesOf(results, 'method'), split);
  return {
    kind: 'table',
    id: 'scores',
    title: split === 'test' ? say`Test scores by method and task` : say`Validation scores by method and task`,
    note: say`Means over seeds, with Student's 95 % interval. Ranks: 1 is best; a task counts once. Means and ranks over tasks are of those that every method has.`,
    columns: [
      say`Method`,
      ...tasks.map(({ name }) => name),
      ...(several && metric !== null ? [say`Mean over tasks`] : []),
      say`Mean rank`,
      say`Trained parameters`,
    ],
    rows: valuesOf(results, 'method').map((name) => {
      const own = methodResults(results, name);
      const trained = own.find(({ row }) => row.trainableParameters > 0)?.row;
      return [
        shownMethod(name),
        ...tasks.map((task) =>
          scoreCell(task.metric, scoreOf(scoresOn(methodResults(task.results, name), split))),
        ),
        ...(several && metric !== null
          ? [scoreCell(metric, scoreOf(scoresBySeed(methodResults(shared, name), split)))]
          : []),
        numberCell(methods.find((one) => one.name === name)?.rank ?? null, 2),
        trained
          ? {
              value: trained.trainableParameters,
              text: `${trained.trainableParameters.toLocaleString('en')} (${shareText(trained.trainableParameters / trained.totalParameters)})`,
            }
          : NOTHING,
      ];
    }),
  };
}

/** Methods of a grid by name and type, in its order. */
function methodsOf(grid: readonly Pick<Draft, 'factors' | 'spec'>[]): { name: string; type: string }[] {
  const found = new Map(
    grid.map(({ factors: { method: name }, spec }) => [name, { name, type: runMethod(spec) }]),
  );
  return [...found.values()];
}

/** @throws StudioError('spec') for a baseline that is none of the methods */
function cells(study: Study): Draft[] {
  const drafts = methodGrid(study, METHODS);
  baselineOf(study.baseline, methodsOf(drafts));
  return drafts;
}

/** The method that differences are taken to; null where it has no results yet. */
function baselineIn(results: readonly Result[], { baseline }: Pick<Study, 'baseline'>): string | null {
  const methods = methodsOf(results.map(({ cell }) => cell));
  const known = baseline === undefined || methods.some(({ name, type }) => [name, type].includes(baseline));
  return known ? baselineOf(baseline, methods) : null;
}

function differenceTable(results: readonly Result[], study: Study): TableFigure | null {
  const metric = commonMetric(results);
  if (metric === null) return null;
  const split = judgedSplit(results);
  const baseline = baselineIn(results, study);
  if (baseline === null) return null;
  const others = valuesOf(results, 'method').filter((name) => name !== baseline);
  const base = methodResults(results, baseline);
  const found = others.map((name) => pairedDifference(methodResults(results, name), base, split));
  const whole = found.filter((one) => one !== null);
  const adjusted = holm(whole.map(({ p }) => p));
  const least = holm(whole.map(({ smallestP }) => smallestP));
  const rows = found.map((one, i) => {
    const at = one === null ? -1 : whole.indexOf(one);
    return [
      shownMethod(others[i]),
      intervalCell(metric, one),
      probabilityCell(adjusted[at] ?? null),
      probabilityCell(least[at] ?? null),
      numberCell(one?.pairs ?? null),
    ];
  });
  if (rows.length === 0) return null;
  const single = tasksOf(results).length === 1;
  return {
    kind: 'table',
    id: 'differences',
    title: say`Difference to ${named(baseline)}`,
    note: single
      ? say`Pairs share a seed. BCa bootstrap interval; p of the exact sign-flip test, after Holm's correction.`
      : say`Pairs share a task, each the mean over its seeds. BCa bootstrap interval; p of the exact sign-flip test, after Holm's correction.`,
    columns: [say`Method`, say`Difference and 95 % interval`, say`p`, say`Least possible p`, say`Pairs`],
    rows,
  };
}

function figures(results: readonly Result[], study: Study): Figure[] {
  const metric = commonMetric(results);
  const split = judgedSplit(results);
  const { methods, scores } = ranked(results);
  const critical = criticalDifference(methods.length, scores.length);
  const differences = differenceTable(results, study);
  const names = valuesOf(results, 'method');
  const shared = sharedResults(results, names, split);
  const marks = names.flatMap((name) => {
    const score = scoreOf(scoresBySeed(methodResults(shared, name), split));
    return score === null ? [] : [{ name: shownMethod(name), mean: score.mean, interval: score.interval }];
  });
  return [
    scoreTable(results),
    ...(differences === null ? [] : [differences]),
    ...(metric === null || marks.length === 0
      ? []
      : [{ kind: 'scores' as const, id: 'means', title: say`Mean over tasks, by method`, metric, marks }]),
    ...(critical === null
      ? []
      : [
          {
            kind: 'ranks' as const,
            id: 'ranks',
            title: say`Mean ranks over ${scores.length} tasks`,
            note: say`A bar joins methods that Nemenyi's test cannot tell apart at 5 %: ranks nearer than ${critical.toFixed(2)}.`,
            methods,
            critical,
            groups: indistinct(methods, critical).map((group) => group.map(({ name }) => name)),
          },
        ]),
  ];
}

function answer(results: readonly Result[]): Sentence[] {
  const { methods, scores } = ranked(results);
  if (methods.length === 0) return [];
  const sorted = [...methods].sort((a, b) => a.rank - b.rank);
  const order = inARow(sorted.map(({ name, rank }) => say`${named(name)} (${rank.toFixed(2)})`));
  const test = friedman(scores);
  if (test === null)
    return [
      say`Best first, by mean rank: ${order}.`,
      say`One task cannot tell which method is better on average; give several data sets.`,
    ];
  const told =
    test.p < 0.05
      ? say`The methods differ (Friedman's test, p ${probabilityText(test.p)} over ${scores.length} tasks).`
      : say`The methods cannot be told apart (Friedman's test, p ${probabilityText(test.p)} over ${scores.length} tasks).`;
  return [say`Best first, by mean rank: ${order}.`, told, ...agreement(sorted, scores.length)];
}

/** Which neighbours of the study's order stand so here too, which the other way round beyond chance. */
function agreement(sorted: readonly Ranked[], tasks: number): Sentence[] {
  const known = METHODS.flatMap((name) => sorted.find((one) => one.name === name) ?? []);
  const critical = criticalDifference(sorted.length, tasks);
  if (known.length < 2 || critical === null) return [];
  const reversed = known.flatMap((better, i) =>
    known
      .slice(i + 1)
      .filter((worse) => better.rank - worse.rank >= critical)
      .map((worse) => say`${named(worse.name)} before ${named(better.name)}`),
  );
  const inOrder = known.every((one, i) => i === 0 || known[i - 1].rank <= one.rank);
  if (inOrder) return [say`The order is the study's.`];
  if (reversed.length === 0) return [say`Nothing here contradicts the study's order beyond chance.`];
  return [say`Beyond chance it contradicts the study's order: ${listed(reversed)}.`];
}

export const performance: Experiment = {
  name: 'performance',
  title: say`Performance`,
  question: say`Is any way of tuning better than another over many tasks, and does the count of trained parameters decide?`,
  finding: say`Over a hundred tasks: full fine-tuning, then LoRA, adapters, prefix tuning and prompt tuning on average. The count of parameters does not decide: prefix tuning trained the most of the four and came fourth.`,
  view: say`Optimisation: each method searches a subspace of its own, and what it leaves out shows as a lower score. Control: the model is a system of layers, the delta its controller; methods differ in where it may act.`,
  methods: METHODS,
  cells,
  figures,
  answer,
};
