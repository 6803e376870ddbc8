/** Scores under typos, lost words and in other domains; and with few rows to learn from. */
import { scoreText, signedDistance } from '../../evidence/figures.ts';
import { inARow, named, say, type Sentence } from '../../sentence.ts';
import { besideFull } from '../beyond-chance.ts';
import { scoreCell } from '../cells-text.ts';
import { startingFrom, trainedOf } from '../chain.ts';
import type { Figure } from '../figures/figure.ts';
import { everywhere, scored, shownMethod } from '../grid.ts';
import { noiseName, noiseSentence } from '../noise.ts';
import { judgedSplit, scoreOf, valuesOf, type Score } from '../scores.ts';
import type { Draft, Experiment, Noise, Result, Study, StudyData } from '../study.ts';
import { commonMetric, methodResults, scoresBySeed } from '../tasks-of.ts';

const METHODS = ['full', 'lora', 'adapter', 'prefix', 'prompt'];
const TYPOS = [0.1, 0.3];
const DROPS = [0.1, 0.3];
const SHOTS = [8, 32, 128];

function cells(study: Study): Draft[] {
  const methods = study.entries(METHODS);
  const { typos = TYPOS, drops = DROPS, shots = SHOTS } = study.options;
  const noises: Noise[] = [
    ...typos.map((share) => ({ typos: share })),
    ...drops.map((share) => ({ drops: share })),
  ];
  return everywhere(study, (model, data) => {
    const clean = scored(study.runs({ model, data, methods }));
    const trained = trainedOf(clean);
    const damaged = noises.flatMap((noise) =>
      startingFrom(study.runs({ model, data, methods, scoredOnly: true }), trained, data.name).map(
        (draft) => ({
          ...draft,
          noise,
          factors: { ...draft.factors, noise: noiseName(noise) },
        }),
      ),
    );
    // A classifier's head fits other data with the same classes alone.
    const domains = study.datasets.filter(
      (other) => other !== data && other.kind === data.kind && sameLabels(other, data),
    );
    const elsewhere = domains.flatMap((other) =>
      startingFrom(study.runs({ model, data: other, methods, scoredOnly: true }), trained, data.name),
    );
    const few = shots
      .filter((count) => count !== null)
      .flatMap((count) => study.runs({ model, data, methods, shots: count }));
    return [...clean, ...damaged, ...elsewhere, ...few];
  });
}

function sameLabels({ labels: one = [] }: StudyData, { labels: other = [] }: StudyData): boolean {
  return one.length > 0 && one.join('\n') === other.join('\n');
}

type Condition = { name: Sentence | string; of: (result: Result) => boolean };

function conditionsOf(results: readonly Result[]): Condition[] {
  const noises = valuesOf(results, 'noise').filter((noise) => noise !== undefined);
  const elsewhere = ({ cell: { factors } }: Result): boolean =>
    factors.source !== undefined && factors.source !== factors.data;
  return [
    { name: say`clean`, of: isClean },
    ...noises.map((noise) => ({
      name: noiseSentence(noise),
      of: ({ cell }: Result) => cell.factors.noise === noise,
    })),
    ...(results.some(elsewhere) ? [{ name: say`another domain`, of: elsewhere }] : []),
  ];
}

const isClean = ({ cell: { factors } }: Result): boolean =>
  factors.source === undefined && factors.shots === undefined;

function scoreWhere(results: readonly Result[], of: Condition['of']): Score | null {
  return scoreOf(scoresBySeed(results.filter(of), judgedSplit(results)));
}

function figures(results: readonly Result[]): Figure[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const names = valuesOf(results, 'method');
  const conditions = conditionsOf(results);
  const shots = valuesOf(results, 'shots').filter((count) => typeof count === 'number');
  return [
    {
      kind: 'table',
      id: 'damage',
      title: say`Score on texts that are damaged, or of another domain`,
      note: say`The runs of the first column, scored anew; means over tasks, with Student's 95 % interval over seeds.`,
      columns: [say`Method`, ...conditions.map(({ name }) => name)],
      rows: names.map((name) => [
        shownMethod(name),
        ...conditions.map(({ of }) => scoreCell(metric, scoreWhere(methodResults(results, name), of))),
      ]),
    },
    ...(shots.length === 0
      ? []
      : [
          {
            kind: 'curves' as const,
            id: 'few',
            title: say`Score against rows of each class to learn from`,
            note: say`Bands are 95 % intervals over seeds.`,
            x: say`rows a class`,
            y: say`${metric}`,
            logarithmic: true,
            series: names.map((name) => ({
              name: shownMethod(name),
              band: shots.flatMap((count) => {
                const score = scoreWhere(
                  methodResults(results, name),
                  ({ cell }) => cell.factors.shots === count,
                );
                if (score === null) return [];
                const [low, high] = score.interval ?? [score.mean, score.mean];
                return [{ x: count, y: score.mean, low, high }];
              }),
            })),
          },
        ]),
  ];
}

function answer(results: readonly Result[]): Sentence[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const changeOf = (own: readonly Result[]): number | null => {
    const clean = scoreWhere(own, isClean);
    const damaged = scoreWhere(own, ({ cell }) => cell.factors.noise !== undefined);
    return clean === null || damaged === null ? null : damaged.mean - clean.mean;
  };
  const changes = valuesOf(results, 'method').flatMap((name) => {
    const change = changeOf(methodResults(results, name));
    return change === null ? [] : [{ name, change }];
  });
  const fewest = Math.min(...valuesOf(results, 'shots').filter((count) => typeof count === 'number'));
  const withFew = (own: readonly Result[]): number | null =>
    scoreWhere(own, ({ cell }) => cell.factors.shots === fewest)?.mean ?? null;
  const few = valuesOf(results, 'method').flatMap((name) => {
    const score = withFew(methodResults(results, name));
    return score === null ? [] : [{ name, mean: score }];
  });
  const sorted = [...changes].sort((a, b) => b.change - a.change);
  return [
    ...(sorted.length === 0
      ? []
      : [
          say`What damage does to the score on average, best first: ${inARow(sorted.map(({ name, change }) => say`${named(name)} (${signedDistance(metric, change)})`))}.`,
          ...besideFull(results, changeOf),
        ]),
    ...(few.length === 0
      ? []
      : [
          say`With ${fewest} rows a class: ${inARow(
            [...few]
              .sort((a, b) => b.mean - a.mean)
              .map(({ name, mean }) => say`${named(name)} (${scoreText(metric, mean)})`),
          )}.`,
          ...besideFull(results, withFew),
        ]),
  ];
}

export const robustness: Experiment = {
  name: 'robustness',
  title: say`Robustness`,
  question: say`What is left of a score when texts are damaged, of another domain, or few?`,
  finding: say`Adapters are sturdier where there is little data.`,
  view: say`Optimisation: a point that was reached with few coordinates lies in a wide basin or beside it, and damage to the input shows which. Control: feedback that acts at every layer corrects disturbances of the input; one at the input is disturbed with it.`,
  methods: METHODS,
  options: { shots: SHOTS, typos: TYPOS, drops: DROPS },
  cells,
  figures,
  answer,
};
