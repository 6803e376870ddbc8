/** The look at every row of a dataset: asked for in the background when what it depends on has come to rest. */
import type { DataAnalysis, DataRequest } from '../../protocol/data.ts';
import { readableWords } from './form-words.ts';
import { readField } from './form-fields.ts';
import { TRAINING_FIELDS, type TrainingField } from './form.ts';
import type { EngineClient } from './engine-client.ts';
import type { StudioState } from './studio-state.ts';

/** Wait after the last change, in milliseconds. */
const DELAY = 500;

/** What the look depends on; null while something is missing or does not read. */
export function lookRequest({
  data,
  model,
  form,
  session,
}: StudioState): Omit<Extract<DataRequest, { type: 'analyseData' }>, 'id'> | null {
  if (
    data.value === null ||
    data.loading ||
    model.loading ||
    session !== 'idle' ||
    data.value.problem ||
    model.value?.problem
  )
    return null;
  const number = (name: TrainingField): number | null => {
    const field = TRAINING_FIELDS.find((one) => one.name === name)!;
    const value = readField(form.training[name], field);
    return typeof value === 'number' ? value : null;
  };
  const [maxLength, batchSize, seed] = [number('maxLength'), number('batchSize'), number('seed')];
  const maxTargetLength = number('maxTargetLength');
  if (maxLength === null || maxTargetLength === null || batchSize === null || seed === null) return null;
  const { columns, task, files, reading = {} } = data.value;
  const testShare = files.test === undefined ? number('testShare') : null;
  return {
    type: 'analyseData',
    columns,
    task,
    maxLength,
    maxTargetLength,
    ...readableWords(form, data.value),
    batchSize,
    seed,
    ...(testShare !== null && { testShare }),
    reading,
  };
}

/**
 * Follows the state and asks anew whenever the answer would be another.
 * @param put what is known now: null while it is out of date
 */
export function followLook(
  store: { getState(): StudioState; subscribe(listen: () => void): unknown },
  client: EngineClient,
  put: (look: DataAnalysis | null, problem: unknown) => void,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known: { key: string; data: unknown; model: unknown } | null = null;
  let newest = 0;
  const check = (): void => {
    const state = store.getState();
    const request = lookRequest(state);
    // What was found in other data is nothing to these.
    if (known !== null && state.data.value === null && state.data.loading) {
      known = null;
      newest++;
      clearTimeout(timer);
      put(null, null);
    }
    if (request === null) return;
    const key = JSON.stringify(request);
    const [data, model] = [state.data.value, state.model.value];
    if (known?.key === key && known.data === data && known.model === model) return;
    const sameData = known?.data === data;
    known = { key, data, model };
    // Another length is only another line in the histogram, so what is shown stays until the answer comes.
    if (!sameData) put(null, null);
    clearTimeout(timer);
    const mine = ++newest;
    timer = setTimeout(() => {
      client.ask(request).then(
        ({ analysis }) => mine === newest && put(analysis, null),
        (error: unknown) => mine === newest && put(null, error),
      );
    }, DELAY);
  };
  store.subscribe(check);
}
