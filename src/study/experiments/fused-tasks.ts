/** Of several tasks, a fusion of the adapters that each has trained alone (AdapterFusion, Pfeiffer et al. 2021). */
import { signedDistance } from '../../evidence/figures.ts';
import { named, say, type Sentence } from '../../sentence.ts';
import { intervalCell, NOTHING, numberCell, scoreCell } from '../cells-text.ts';
import type { TableFigure } from '../figures/figure.ts';
import { methodOf, scored } from '../grid.ts';
import { judgedSplit, pairedDifference, scoreOf, valuesOf } from '../scores.ts';
import type { Draft, GridMethod, Result, Study, StudyModel } from '../study.ts';
import { commonMetric, methodResults, scoresBySeed } from '../tasks-of.ts';

/** Is it a fusion that names no adapters of its own? */
export function isOpenFusion({ method }: GridMethod): boolean {
  if (typeof method !== 'object' || method === null || !('type' in method)) return false;
  return method.type === 'fusion' && !('adapters' in method);
}

/** The adapters of all tasks, one a task and seed, and on each task the fusions over those of its seed. */
export function fusionsOver(study: Study, model: StudyModel, fusions: readonly GridMethod[]): Draft[] {
  if (fusions.length === 0) return [];
  const adapters = study.datasets.flatMap((data) =>
    scored(study.runs({ model, data, methods: [methodOf(study, 'adapter')] })),
  );
  const fused = study.datasets.flatMap((data) => scored(study.runs({ model, data, methods: fusions })));
  return [
    ...adapters,
    ...fused.map((draft) => ({
      ...draft,
      fused: adapters.filter(({ factors }) => factors.seed === draft.factors.seed),
    })),
  ];
}

/** Is it a fusion over adapters of the study? */
export const isFused = ({ cell }: Result): boolean => cell.fused !== undefined;

/** The trainings that fusions are over. */
function adaptersOf(results: readonly Result[]): Result[] {
  const over = new Set(results.flatMap(({ cell }) => cell.fused?.map(({ id }) => id) ?? []));
  return results.filter(({ cell }) => over.has(cell.id));
}

/** Trained parameters of all runs of a seed. */
function trained(results: readonly Result[]): number | null {
  const [first] = results;
  if (first === undefined) return null;
  return results
    .filter(({ cell }) => cell.factors.seed === first.cell.factors.seed)
    .reduce((sum, { row }) => sum + row.trainableParameters, 0);
}

/** The fusions beside the adapters that they are over; null where none has ended. */
export function fusionTable(results: readonly Result[], title: Sentence): TableFigure | null {
  const fusions = results.filter(isFused);
  if (fusions.length === 0) return null;
  const metric = commonMetric(results);
  const split = judgedSplit(results);
  const adapters = adaptersOf(results);
  const mean = (own: readonly Result[]) =>
    metric === null ? NOTHING : scoreCell(metric, scoreOf(scoresBySeed(own, split)));
  return {
    kind: 'table',
    id: 'fusion',
    title,
    note: say`Means over tasks and seeds; the difference is of pairs of one task and seed, with its 95 % interval. Each task has a fusion of its own over the adapters of all tasks, which stay as they were trained, heads aside. Parameters are of what is trained for all tasks together.`,
    columns: [say`Method`, say`Mean over tasks`, say`Difference`, say`Trained parameters`],
    rows: [
      [say`Adapters, one a task`, mean(adapters), NOTHING, numberCell(trained(adapters))],
      ...valuesOf(fusions, 'method').map((name) => {
        const own = methodResults(fusions, name);
        return [
          say`${named(name)}, over the adapters of all tasks`,
          mean(own),
          metric === null ? NOTHING : intervalCell(metric, pairedDifference(own, adapters, split)),
          numberCell(trained(own)),
        ];
      }),
    ],
  };
}

/** Whether a fusion serves a task better than its own adapter. */
export function fusionAnswer(results: readonly Result[]): Sentence[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const fusions = results.filter(isFused);
  const [adapters, split] = [adaptersOf(results), judgedSplit(results)];
  return valuesOf(fusions, 'method').flatMap((name) => {
    const found = pairedDifference(methodResults(fusions, name), adapters, split);
    if (found === null) return [];
    const { difference, interval } = found;
    const apart = signedDistance(metric, difference);
    if (interval === null || (interval[0] <= 0 && interval[1] >= 0))
      return [
        say`${named(name)}: over the adapters of all tasks it cannot be told apart from each task's own adapter (${apart} on average).`,
      ];
    return [
      difference > 0
        ? say`${named(name)}: over the adapters of all tasks it is better than each task's own adapter (${apart} on average).`
        : say`${named(name)}: over the adapters of all tasks it is worse than each task's own adapter (${apart} on average).`,
    ];
  });
}
