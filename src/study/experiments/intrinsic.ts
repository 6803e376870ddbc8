/** In how few dimensions a task can be learned (Aghajanyan, Gupta and Zettlemoyer 2021), by size of model. */
import type { Band } from '../../evidence/report/curves.ts';
import { mean } from '../../evidence/samples.ts';
import { shareText } from '../../evidence/figures.ts';
import { shortNumber } from '../../runs/svg-chart.ts';
import { say, type Sentence } from '../../sentence.ts';
import { numberCell, scoreCell, shareCell } from '../cells-text.ts';
import type { Figure, TableCell } from '../figures/figure.ts';
import { everywhere, measureOf, measures, methodOf, scored, shownMethod, trainings } from '../grid.ts';
import { groupedBy, judgedSplit, scoreOf, scoresOn, valuesOf } from '../scores.ts';
import { angleAnswer, angleFigures, surfaceAnswer, surfaceFigures } from '../figures/measures.ts';
import { dimensionFor, SOLVED } from '../statistics/intrinsic.ts';
import type { Draft, Experiment, GridMethod, Result, Study } from '../study.ts';
import { commonMetric, methodResults, scoresBySeed, tasksOf } from '../tasks-of.ts';

const DIMENSIONS = [10, 100, 1000, 10_000];
const SAID = 'said';

/** Full fine-tuning is what dimensions are held to, and the head is trained in all of them. */
function cells(study: Study): Draft[] {
  const own = methodOf(study, SAID);
  const methods: GridMethod[] = [
    { ...methodOf(study, 'full'), name: 'full' },
    { ...methodOf(study, 'head'), name: 'head' },
    ...(study.options.dimensions ?? DIMENSIONS).map((dimension) => ({
      ...own,
      name: SAID,
      method: { ...(own.method as object), dimension },
      value: dimension,
    })),
  ];
  const trained = everywhere(study, (model, data) => scored(study.runs({ model, data, methods })));
  return measures(study) ? [...trained, ...surfaces(study, trained), ...angles(study)] : trained;
}

/** Of full fine-tuning, with the first seed. */
function surfaces({ seeds }: Study, trained: readonly Draft[]): Draft[] {
  return trained
    .filter(({ factors }) => factors.method === 'full' && factors.seed === seeds[0])
    .map((draft) => measureOf(draft, 'surface'));
}

/** LoRA on every task with the first seed, and each pair of these. */
function angles(study: Study): Draft[] {
  if (study.datasets.length < 2) return [];
  const methods = [{ ...methodOf(study, 'lora'), name: 'lora' }];
  return study.models.flatMap((model) => {
    const tasks = study.datasets.flatMap((data) =>
      study.runs({ model, data, methods, seeds: study.seeds.slice(0, 1) }),
    );
    const pairs = tasks.flatMap((one, i) =>
      tasks.slice(i + 1).map((other) => measureOf(one, 'angles', other)),
    );
    return [...tasks, ...pairs];
  });
}

function byDimension(results: readonly Result[]): [number, Result[]][] {
  const groups = groupedBy(methodResults(results, SAID), ({ cell }) => cell.factors.value ?? 0);
  return [...groups].sort(([a], [b]) => a - b);
}

const ofModel = (results: readonly Result[], model: string): Result[] =>
  results.filter(({ cell }) => cell.factors.model === model);

/** Of each task: the dimension that reaches the share of full fine-tuning, null where none does, 0 where the head alone does. */
function solvedAt(results: readonly Result[]): (number | null)[] {
  const split = judgedSplit(results);
  return tasksOf(results).flatMap((task) => {
    const [full, head] = ['full', 'head'].map((name) =>
      scoreOf(scoresOn(methodResults(task.results, name), split)),
    );
    if (full === null) return [];
    if (head !== null && head.mean >= SOLVED * full.mean) return [0];
    const points = byDimension(task.results).flatMap(([dimension, own]) => {
      const score = scoreOf(scoresOn(own, split));
      return score === null ? [] : [{ dimension, score: score.mean }];
    });
    return [dimensionFor(points, SOLVED * full.mean)];
  });
}

/** The dimensions of tasks that one reaches, on how many tasks the head alone does, and how many there are. */
function reachedIn(results: readonly Result[]): { reached: number[]; byHead: number; tasks: number } {
  const found = solvedAt(results);
  return {
    reached: found.filter((one): one is number => one !== null && one > 0),
    byHead: found.filter((one) => one === 0).length,
    tasks: found.length,
  };
}

function figures(all: readonly Result[]): Figure[] {
  return [...dimensionFigures(trainings(all)), ...surfaceFigures(all), ...angleFigures(all)];
}

function dimensionFigures(results: readonly Result[]): Figure[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const split = judgedSplit(results);
  const score = (own: readonly Result[]) => scoreOf(scoresBySeed(own, split));
  const models = valuesOf(results, 'model');
  return [
    {
      kind: 'curves',
      id: 'dimension',
      title: say`Score against the dimension that trains`,
      note: say`Means over tasks; bands are 95 % intervals over seeds. A classifier's head trains beside the dimension.`,
      x: say`dimension`,
      y: say`${metric}`,
      logarithmic: true,
      series: models.map((model) => ({
        name: model,
        band: byDimension(ofModel(results, model)).flatMap(([dimension, own]): Band => {
          const found = score(own);
          if (found === null) return [];
          const [low, high] = found.interval ?? [found.mean, found.mean];
          return [{ x: dimension, y: found.mean, low, high }];
        }),
      })),
    },
    {
      kind: 'table',
      id: 'scores',
      title: say`Score by dimension, and as a share of full fine-tuning's`,
      columns: [say`Model`, say`Dimension`, say`Mean score`, say`Share of full`],
      rows: models.flatMap((model) => {
        const own = ofModel(results, model);
        const full = score(methodResults(own, 'full'));
        const row = (name: TableCell, found: ReturnType<typeof score>) => [
          model,
          name,
          scoreCell(metric, found),
          shareCell(found === null || full === null || full.mean <= 0 ? null : found.mean / full.mean),
        ];
        return [
          row(shownMethod('head'), score(methodResults(own, 'head'))),
          ...byDimension(own).map(([dimension, some]) => row(String(dimension), score(some))),
          row(shownMethod('full'), full),
        ];
      }),
    },
    {
      kind: 'table',
      id: 'intrinsic',
      title: say`The dimension that reaches ${shareText(SOLVED)} of full fine-tuning`,
      note: say`On the straight line over the logarithm of the dimension; mean over the tasks that reach it.`,
      columns: [
        say`Model`,
        say`Dimension`,
        say`Tasks that reach it`,
        say`Tasks where the head alone does`,
        say`Tasks`,
      ],
      rows: models.map((model) => {
        const { reached, byHead, tasks } = reachedIn(ofModel(results, model));
        return [
          model,
          numberCell(reached.length === 0 ? null : Math.round(mean(reached))),
          numberCell(reached.length),
          numberCell(byHead),
          numberCell(tasks),
        ];
      }),
    },
  ];
}

function answer(all: readonly Result[]): Sentence[] {
  const results = trainings(all);
  const dimensions = valuesOf(results, 'model').flatMap((model): Sentence[] => {
    const { reached, byHead, tasks } = reachedIn(ofModel(results, model));
    if (tasks === 0) return [];
    const alone =
      byHead === 0
        ? []
        : [
            say`${model}: on ${byHead} of ${tasks} tasks the head alone reaches ${shareText(SOLVED)} of full fine-tuning, so that they say nothing of the dimension.`,
          ];
    if (byHead === tasks) return alone;
    if (reached.length === 0)
      return [
        say`${model}: no dimension that was tried reaches ${shareText(SOLVED)} of full fine-tuning.`,
        ...alone,
      ];
    return [
      say`${model}: about ${shortNumber(Math.round(mean(reached)))} dimensions reach ${shareText(SOLVED)} of full fine-tuning, on ${reached.length} of ${tasks} tasks.`,
      ...alone,
    ];
  });
  return [...dimensions, ...surfaceAnswer(all), ...angleAnswer(all)];
}

export const intrinsic: Experiment = {
  name: 'intrinsic',
  title: say`Intrinsic dimension`,
  question: say`In how few dimensions can a task be learned, and does a larger model need fewer?`,
  finding: say`A low dimension suffices for most tasks, and the larger the model, the lower.`,
  view: say`Optimisation: the dimension in which a random subspace first holds a good point; it is what makes small deltas possible. Control: how little control reaches the target at all.`,
  options: { dimensions: DIMENSIONS },
  cells,
  figures,
  answer,
};
