/** Why Start is off. */
import type { MethodType } from '../../deltas/defaults.ts';
import type { Told } from '../../sentence.ts';
import { isGone } from './engine-life.ts';
import { comparesNothing } from './combinations.ts';
import { formErrors } from './form.ts';
import { formToSpec, taskWordProblem, wordProblem } from './form-spec.ts';
import type { StudioState } from './studio-state.ts';

/** What stands in the way, the first that a person would mend. */
export type Obstacle =
  | {
      kind:
        | 'engine'
        | 'openingDevice'
        | 'noDevice'
        | 'readingModel'
        | 'noModel'
        | 'modelUnusable'
        | 'readingData'
        | 'noData'
        | 'dataUnusable'
        | 'noMethod'
        | 'noPrompts'
        | 'noAdapters'
        | 'noLikeness'
        | 'advising'
        | 'json';
    }
  /** A field that does not read; `method` is a draft's id, absent of the fields of the run. */
  | { kind: 'field'; method?: string; field: string }
  | { kind: 'words'; message: Told };

type Seen = Pick<StudioState, 'engine' | 'device' | 'model' | 'data' | 'form' | 'advice'>;

/** Null when Start can be pressed. */
export function startObstacle({ engine, device, model, data, form, advice }: Seen): Obstacle | null {
  if (isGone(engine)) return { kind: 'engine' };
  if (advice.going !== null) return { kind: 'advising' };
  if (device.value === null) return { kind: device.loading ? 'openingDevice' : 'noDevice' };
  if (model.loading) return { kind: 'readingModel' };
  // One that could not be read is there all the same, and says why.
  if (model.value === null) return { kind: model.problem === null ? 'noModel' : 'modelUnusable' };
  if (model.value.problem) return { kind: 'modelUnusable' };
  if (data.loading) return { kind: 'readingData' };
  if (data.value === null) return { kind: data.problem === null ? 'noData' : 'dataUnusable' };
  const more = data.value.more ?? [];
  if (data.problem !== null || data.value.problem || more.some((task) => task.data.problem))
    return { kind: 'dataUnusable' };
  if (form.json !== null) return formToSpec(form, model.value, data.value) === null ? { kind: 'json' } : null;
  if (comparesNothing(form)) return { kind: 'noMethod' };
  const [error] = formErrors(form, data.value);
  if (error !== undefined) return fieldOf(error);
  const words =
    wordProblem(form, data.value) ??
    more.map((task) => taskWordProblem(form, task)).find((problem) => problem !== null) ??
    null;
  return words === null ? null : { kind: 'words', message: words.sentence };
}

/** `lora-2.rank` is a field of a method, `training.steps` one of the run. */
function fieldOf(error: string): Obstacle {
  const dot = error.indexOf('.');
  const [of, field] = [error.slice(0, dot), error.slice(dot + 1)];
  if (field === 'prompts') return { kind: 'noPrompts' };
  if (field === 'adapters') return { kind: 'noAdapters' };
  if (field === 'initLike') return { kind: 'noLikeness' };
  return of === 'training' ? { kind: 'field', field } : { kind: 'field', method: of, field };
}

/** The type of a draft's id. */
export function typeOfDraft(id: string): MethodType {
  return id.replace(/-\d+$/, '') as MethodType;
}
