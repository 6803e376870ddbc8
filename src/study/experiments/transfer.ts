/** Deltas of one task on another: as they are, and as a start (SPoT; Vu et al. 2022). */
import { mean } from '../../evidence/samples.ts';
import { signedDistance } from '../../evidence/figures.ts';
import { named, say, type Sentence } from '../../sentence.ts';
import { overSeeds, sideOf } from '../beyond-chance.ts';
import { numberCell } from '../cells-text.ts';
import { atLeastTwo, sharedRequest, startingFrom, trainedOf } from '../chain.ts';
import type { Figure, MatrixFigure, TableFigure } from '../figures/figure.ts';
import { scored, shownMethod } from '../grid.ts';
import { judgedSplit, scoreOf, scoresOn, valuesOf } from '../scores.ts';
import type { Draft, Experiment, Result, Study } from '../study.ts';
import { methodResults } from '../tasks-of.ts';

const METHODS = ['prompt', 'prefix', 'adapter', 'lora'];

function cells(study: Study): Draft[] {
  atLeastTwo(study);
  const methods = study.entries(METHODS);
  return study.models.flatMap((model) => {
    const tasks = study.datasets.map((data) => {
      const request = sharedRequest(study, model, data, methods);
      const own = scored(study.runs(request));
      return { name: data.name, request, own, trained: trainedOf(own) };
    });
    const across = tasks.flatMap((target) =>
      tasks
        .filter((source) => source !== target)
        .flatMap((source) => [
          ...startingFrom(study.runs({ ...target.request, scoredOnly: true }), source.trained, source.name),
          ...(study.options.starts === false ? [] : startingFrom(target.own, source.trained, source.name)),
        ]),
    );
    return [...tasks.flatMap(({ own }) => own), ...across];
  });
}

type How = 'zero' | 'start';

/** Runs of a method that go from a task to another; of a task to itself its own. */
function between(results: readonly Result[], source: string, target: string, how: How): Result[] {
  return results.filter(({ cell: { factors } }) =>
    source === target
      ? factors.data === target && factors.source === undefined
      : factors.data === target &&
        factors.source === source &&
        (factors.scoredOnly === true) === (how === 'zero'),
  );
}

function meanOf(results: readonly Result[], source: string, target: string, how: How): number | null {
  return scoreOf(scoresOn(between(results, source, target, how), judgedSplit(results)))?.mean ?? null;
}

/** What is passed on, as a share of what the target reaches by itself. */
function share(results: readonly Result[], source: string, target: string, how: How): number | null {
  const [passed, own] = [meanOf(results, source, target, how), meanOf(results, target, target, how)];
  return passed === null || own === null || own <= 0 ? null : passed / own;
}

function matrix(results: readonly Result[], model: string, method: string, how: How): MatrixFigure {
  const tasks = valuesOf(results, 'data');
  return {
    kind: 'matrix',
    id: `${how}-${method}-${model}`,
    title:
      how === 'zero'
        ? say`${named(method)} of ${model}: a source's delta on a target, as a share of the target's own score`
        : say`${named(method)} of ${model}: the target trained from a source's delta, as a share of the target's own score`,
    note: say`Sources are rows, targets columns.`,
    rows: tasks,
    columns: tasks,
    values: tasks.map((source) => tasks.map((target) => share(results, source, target, how))),
    digits: 2,
  };
}

/** Mean share over pairs of different tasks, of one kind or across kinds. */
function kindMean(results: readonly Result[], study: Study, how: How, alike: boolean): number | null {
  const kindOf = new Map(study.datasets.map(({ name, kind }) => [name, kind]));
  const tasks = valuesOf(results, 'data');
  const shares = tasks.flatMap((source) =>
    tasks
      .filter((target) => target !== source && (kindOf.get(source) === kindOf.get(target)) === alike)
      .map((target) => share(results, source, target, how))
      .filter((value) => value !== null),
  );
  return shares.length === 0 ? null : mean(shares);
}

const COLUMNS: readonly { how: How; alike: boolean; title: Sentence }[] = [
  { how: 'zero', alike: true, title: say`As it is, within a kind` },
  { how: 'zero', alike: false, title: say`As it is, across kinds` },
  { how: 'start', alike: true, title: say`As a start, within a kind` },
  { how: 'start', alike: false, title: say`As a start, across kinds` },
];

function figures(results: readonly Result[], study: Study): Figure[] {
  const table: TableFigure = {
    kind: 'table',
    id: 'kinds',
    title: say`Share of the target's own score, within and across kinds of task`,
    columns: [say`Method`, ...COLUMNS.map(({ title }) => title)],
    rows: valuesOf(results, 'method').map((method) => [
      shownMethod(method),
      ...COLUMNS.map(({ how, alike }) =>
        numberCell(kindMean(methodResults(results, method), study, how, alike), 2),
      ),
    ]),
  };
  const trained = results.some(
    ({ cell: { factors } }) => factors.source !== undefined && factors.scoredOnly !== true,
  );
  const hows: How[] = trained ? ['zero', 'start'] : ['zero'];
  const matrices = valuesOf(results, 'model').flatMap((model) => {
    const own = results.filter(({ cell }) => cell.factors.model === model);
    return valuesOf(own, 'method').flatMap((method) =>
      hows.map((how) => matrix(methodResults(own, method), model, method, how)),
    );
  });
  return [table, ...matrices];
}

const FARTHER = {
  above: say`Deltas transfer better within a kind, beyond chance over seeds.`,
  below: say`Deltas transfer better across kinds, beyond chance over seeds.`,
  open: say`Whether deltas transfer better within a kind cannot be told.`,
};

function answer(results: readonly Result[], study: Study): Sentence[] {
  const [within, across] = [true, false].map((alike) => kindMean(results, study, 'zero', alike));
  const started = [true, false]
    .map((alike) => kindMean(results, study, 'start', alike))
    .filter((one) => one !== null);
  const difference = overSeeds(results, (group) => {
    const [own, others] = [true, false].map((alike) => kindMean(group, study, 'zero', alike));
    return own === null || others === null ? null : own - others;
  });
  return [
    ...(within === null || across === null || difference === null
      ? []
      : [
          say`Passed on as it is, a delta reaches ${within.toFixed(2)} of the target's own score within a kind and ${across.toFixed(2)} across kinds (difference ${signedDistance('', within - across)}).`,
          FARTHER[sideOf(difference)],
        ]),
    ...(started.length === 0
      ? []
      : [say`As a start it reaches ${mean(started).toFixed(2)} of what the target reaches by itself.`]),
  ];
}

export const transfer: Experiment = {
  name: 'transfer',
  title: say`Transfer`,
  question: say`Does what a delta has learned on one task serve another?`,
  finding: say`Within a kind of task deltas transfer well and across kinds poorly; from generation to sentiment more than one would expect.`,
  view: say`Optimisation: tasks whose subspaces overlap share good points. Control: a controller made for one target works on another where both ask for similar states.`,
  methods: METHODS,
  options: { starts: true },
  cells,
  figures,
  answer,
};
