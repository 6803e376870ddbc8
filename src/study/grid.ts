/** Grids that several experiments share. */
import { StudioError } from '../errors.ts';
import { field, named, say, type Sentence } from '../sentence.ts';
import type {
  Draft,
  GridMethod,
  Measure,
  Result,
  RunRequest,
  Study,
  StudyData,
  StudyModel,
} from './study.ts';

/** Every model with every data set. */
export function everywhere(
  { models, datasets }: Pick<Study, 'models' | 'datasets'>,
  cells: (model: StudyModel, data: StudyData) => Draft[],
): Draft[] {
  return models.flatMap((model) => datasets.flatMap((data) => cells(model, data)));
}

/** The methods of a study on every model and data set. */
export function methodGrid(study: Study, own: readonly string[]): Draft[] {
  const methods = study.entries(own);
  return everywhere(study, (model, data) => scored(study.runs({ model, data, methods })));
}

/** @throws StudioError('spec') where nothing would be held out to score with */
export function scored(drafts: Draft[]): Draft[] {
  const blind = drafts.find(
    ({ spec }) =>
      spec.data.test === undefined &&
      (spec.data.validation === undefined || spec.training.evaluateEvery === 0),
  );
  if (blind === undefined) return drafts;
  throw new StudioError(
    'spec',
    say`${blind.factors.data}: nothing is held out to score with; give ${field('data.test')}, or ${field('data.validation')} with ${field('training.evaluateEvery')} above 0`,
    { where: 'data.test' },
  );
}

/** @throws StudioError('spec') for runs that never evaluate as they train */
export function evaluated(drafts: Draft[]): Draft[] {
  const blind = drafts.find(
    ({ spec }) => spec.data.validation === undefined || spec.training.evaluateEvery === 0,
  );
  if (blind === undefined) return drafts;
  throw new StudioError(
    'spec',
    say`${blind.factors.data}: this experiment follows the score as training goes; give ${field('data.validation')} and set ${field('training.evaluateEvery')} above 0`,
    { where: 'training.evaluateEvery' },
  );
}

/**
 * With and without template, where the data set has one.
 * @param needed refuses data sets that have none, unless only runs without were asked for
 * @throws StudioError('spec')
 */
export function templatesOf(study: Study, data: StudyData, needed: boolean): (boolean | undefined)[] {
  const asked = study.options.templates ?? [false, true];
  if (data.template) return asked;
  if (!needed || asked.every((template) => !template)) return [undefined];
  throw new StudioError(
    'spec',
    say`${data.name}: this experiment puts texts into a template, and ${field('data.template')} or ${field('data.verbalizer')} is missing; add both, or leave the template out with "study": {"templates": [false]}`,
    { where: 'data.template' },
  );
}

/** A measure of what was trained. @param beside the second of two that are compared */
export function measureOf(trained: Draft, measure: Measure, beside?: Draft): Draft {
  const { kind: _, from: __, ...draft } = trained;
  return {
    ...draft,
    kind: 'measure',
    measure,
    factors: { ...trained.factors, measure, ...(beside && { source: beside.factors.data }) },
    from: trained,
    ...(beside && { beside }),
  };
}

/** Are deltas measured beside their scores? */
export function measures({ options }: Pick<Study, 'options'>): boolean {
  return options.measures !== false;
}

/** Trainings among results, without what was measured of them. */
export function trainings(results: readonly Result[]): Result[] {
  return results.filter(({ cell }) => cell.kind === 'train');
}

/** Results of a measure. */
export function measured(results: readonly Result[], measure: Measure): Result[] {
  return results.filter(({ cell, row }) => cell.measure === measure && row.status === 'done');
}

/** The methods that the study combines, in its order. */
export const COMBINED = ['prompt', 'bitfit', 'adapter'] as const;

/** The method of a type with the options that the spec gives it. */
export function methodOf(study: Study, type: string): GridMethod {
  const [found] = study.entries([type]).filter(({ method }) => typeOf(method) === type);
  return found ?? { name: '', method: { type } };
}

/** All subsets of the three, the empty one first; that takes no steps. */
export function subsets(study: Study): GridMethod[] {
  const single = COMBINED.map((type) => ({ ...methodOf(study, type), name: type }));
  return Array.from({ length: 2 ** single.length }, (_, bits): GridMethod => {
    const chosen = single.filter((_one, i) => (bits >> i) & 1);
    if (chosen.length === 0) return { name: NO_METHOD, method: { type: 'bitfit' }, training: { steps: 0 } };
    if (chosen.length === 1) return chosen[0];
    return { name: chosen.map(({ name }) => name).join('+'), method: chosen.map(({ method }) => method) };
  });
}

/** The name of a method of the grid as figures show it. */
export function shownMethod(name: string): Sentence {
  return name === NO_METHOD ? say`none` : say`${named(name)}`;
}

/** What a run that trains nothing is called. */
export const NO_METHOD = 'none';

function typeOf(method: unknown): unknown {
  return typeof method === 'object' && method !== null && 'type' in method ? method.type : undefined;
}

/** A request with few rows keeps what validates it. */
export function requestsOf(
  base: Pick<RunRequest, 'model' | 'data' | 'methods'>,
  templates: readonly (boolean | undefined)[],
  shots: readonly (number | null | undefined)[],
): RunRequest[] {
  return templates.flatMap((template) =>
    shots.map((drawn) => ({
      ...base,
      ...(template !== undefined && { template }),
      ...(drawn !== undefined && { shots: drawn }),
    })),
  );
}
