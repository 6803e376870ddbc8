/** Cells that start from what others have left. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Cell, Draft, GridMethod, RunRequest, Study, StudyData, StudyModel } from './study.ts';

/** Of a seed and a method, one training on a data set. */
export type Trained = ReadonlyMap<string, Draft>;

const keyOf = ({ factors }: Draft): string => `${factors.method}\n${factors.seed}`;

/** @param drafts of one model and data set */
export function trainedOf(drafts: readonly Draft[]): Trained {
  return new Map(drafts.map((draft) => [keyOf(draft), draft]));
}

/** The same methods and seeds on other data, each from its own training there. */
export function startingFrom(drafts: readonly Draft[], sources: Trained, name: string): Draft[] {
  return drafts.map((draft) => ({
    ...draft,
    factors: { ...draft.factors, source: name },
    from: sources.get(keyOf(draft))!,
  }));
}

/**
 * How runs of a task stand so that another task's delta has a place in them: with label words, or as text to text. A
 * classifier's own head belongs to its classes.
 * @throws StudioError('spec') for data sets whose labels are of different kinds
 */
export function sharedRequest(
  study: Study,
  model: StudyModel,
  data: StudyData,
  methods: readonly GridMethod[],
): RunRequest {
  if (data.template) return { model, data, methods, template: true };
  const [probe] = study.runs({ model, data, methods: methods.slice(0, 1), seeds: study.seeds.slice(0, 1) });
  const { task } = probe.spec.model;
  if (task === 'text2text' || task === 'maskedLm') return { model, data, methods };
  throw new StudioError(
    'spec',
    task === 'regression'
      ? say`${data.name} has numbers for labels, and a delta that is passed on between tasks needs words; leave it out`
      : say`${data.name} has a head of its own for its labels, so no other task's delta fits there; give "template" and "verbalizer" beside its data, or leave it out`,
    { where: 'datasets' },
  );
}

/** @throws StudioError('spec') for fewer than two data sets */
export function atLeastTwo({ datasets }: Study): void {
  if (datasets.length >= 2) return;
  throw new StudioError(
    'spec',
    say`this experiment goes from one task to another; give at least two data sets`,
    { where: 'datasets' },
  );
}

/** What a cell starts from, is built of, or measures. */
export function startsOf({ from, beside, fused = [] }: Pick<Cell, 'from' | 'beside' | 'fused'>): string[] {
  return [from, beside, ...fused.map(({ id }) => id)].filter((id) => id !== undefined);
}
