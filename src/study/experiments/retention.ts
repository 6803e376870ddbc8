/** What training on another task costs the one before: forgetting, by method. */
import { signedDistance } from '../../evidence/figures.ts';
import { inARow, named, say, type Sentence } from '../../sentence.ts';
import { besideFull } from '../beyond-chance.ts';
import { distanceCell, scoreCell, shareCell } from '../cells-text.ts';
import { atLeastTwo, sharedRequest, startingFrom, trainedOf } from '../chain.ts';
import type { Figure } from '../figures/figure.ts';
import { knowledgeAnswer, knowledgeFigures } from '../figures/knowledge.ts';
import { measureOf, measures, NO_METHOD, scored, shownMethod, trainings } from '../grid.ts';
import { judgedSplit, scoreOf, valuesOf, type Score } from '../scores.ts';
import type { Draft, Experiment, Result, RunRequest, Study } from '../study.ts';
import { commonMetric, methodResults, scoresBySeed } from '../tasks-of.ts';

const METHODS = ['full', 'lora', 'adapter', 'prefix', 'bitfit', 'prompt'];

/** The first task, then each other from there, and then the first again, only scored. */
function cells(study: Study): Draft[] {
  atLeastTwo(study);
  const methods = study.entries(METHODS);
  return study.models.flatMap((model) => {
    const [first, ...others] = study.datasets.map((data) => ({
      name: data.name,
      request: sharedRequest(study, model, data, methods),
    }));
    const learned = scored(study.runs(first.request));
    const then = others.flatMap((other) => {
      const second = startingFrom(study.runs(other.request), trainedOf(learned), first.name);
      const again = startingFrom(
        study.runs({ ...first.request, scoredOnly: true }),
        trainedOf(second),
        other.name,
      );
      return [...second, ...again];
    });
    const forgotten = measures(study) ? knowledge(study, first.request, [...learned, ...then]) : [];
    return [...learned, ...then, ...forgotten];
  });
}

/** Masked tokens before any training, after the first task, and after each other from there; of models that fill in masks. */
function knowledge(study: Study, request: RunRequest, trained: readonly Draft[]): Draft[] {
  const seeds = study.seeds.slice(0, 1);
  const untuned = { name: NO_METHOD, method: { type: 'bitfit' }, training: { steps: 0 } };
  const [base] = study.runs({ ...request, methods: [untuned], seeds });
  if (base.spec.model.task !== 'maskedLm') return [];
  const { from: _, ...before } = measureOf(base, 'masked tokens');
  const after = trained
    .filter(({ factors }) => factors.seed === seeds[0] && factors.scoredOnly !== true)
    .map((draft) => onRowsOf(measureOf(draft, 'masked tokens'), base));
  return [before, ...after];
}

/** Measured on the rows of the first task, whatever it was trained on. */
function onRowsOf(draft: Draft, { spec: { data } }: Draft): Draft {
  return { ...draft, spec: { ...draft.spec, data } };
}

interface Forgotten {
  before: Score | null;
  after: Score | null;
  change: number | null;
  share: number | null;
}

function forgottenBy(results: readonly Result[], method: string): Forgotten {
  const split = judgedSplit(results);
  const own = methodResults(results, method);
  const [first] = valuesOf(results, 'data');
  const onFirst = own.filter(({ cell }) => cell.factors.data === first);
  const scoreWhere = (again: boolean) =>
    scoreOf(
      // Several tasks may have come between: each is a run of its own.
      onFirst
        .filter(({ cell }) => (cell.factors.source !== undefined) === again)
        .flatMap((result) => scoresBySeed([result], split)),
    );
  const [before, after] = [scoreWhere(false), scoreWhere(true)];
  const trained = own.find(({ row }) => row.trainableParameters > 0)?.row;
  return {
    before,
    after,
    change: before === null || after === null ? null : after.mean - before.mean,
    share: trained ? trained.trainableParameters / trained.totalParameters : null,
  };
}

function figures(all: readonly Result[]): Figure[] {
  return [...scoreFigures(trainings(all)), ...knowledgeFigures(all)];
}

function scoreFigures(results: readonly Result[]): Figure[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const [first] = valuesOf(results, 'data');
  return [
    {
      kind: 'table',
      id: 'forgetting',
      title: say`Score on ${first} before and after another task`,
      columns: [say`Method`, say`Before`, say`After`, say`Change`, say`Trained`],
      rows: valuesOf(results, 'method').map((method) => {
        const { before, after, change, share } = forgottenBy(results, method);
        return [
          shownMethod(method),
          scoreCell(metric, before),
          scoreCell(metric, after),
          distanceCell(metric, change),
          shareCell(share),
        ];
      }),
    },
    {
      kind: 'scores',
      id: 'after',
      title: say`Score on ${first} after another task`,
      metric,
      marks: valuesOf(results, 'method').flatMap((name) => {
        const { after } = forgottenBy(results, name);
        return after === null
          ? []
          : [{ name: shownMethod(name), mean: after.mean, interval: after.interval }];
      }),
    },
  ];
}

function answer(all: readonly Result[]): Sentence[] {
  return [...scoreAnswer(trainings(all)), ...knowledgeAnswer(all)];
}

function scoreAnswer(results: readonly Result[]): Sentence[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const changes = valuesOf(results, 'method')
    .map((name) => ({ name, ...forgottenBy(results, name) }))
    .filter((one): one is typeof one & { change: number } => one.change !== null)
    .sort((a, b) => b.change - a.change);
  if (changes.length === 0) return [];
  const told = changes.map(({ name, change }) => say`${named(name)} (${signedDistance(metric, change)})`);
  return [
    say`What another task does to the first one's score, best first: ${inARow(told)}.`,
    ...besideFull(results, (own) =>
      own.length === 0 ? null : forgottenBy(own, own[0].cell.factors.method).change,
    ),
  ];
}

export const retention: Experiment = {
  name: 'retention',
  title: say`Retention`,
  question: say`Trained on with another task, how much of the first is lost?`,
  finding: say`Methods that change few parameters forget less.`,
  view: say`Optimisation: few coordinates moved leave the loss of the old task near its minimum. Control: the frozen system is what every controller finds again.`,
  methods: METHODS,
  cells,
  figures,
  answer,
};
