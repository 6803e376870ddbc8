/** The look at every row of a dataset: asked for in the background when what it depends on has come to rest. */
import type { DataAnalysis, DataRequest } from '../../protocol/data.ts';
import type { DataSummary, TaskSummary } from '../../protocol/messages.ts';
import { wordsOfTask } from './form-spec.ts';
import { readableWords } from './form-words.ts';
import { readField } from './form-fields.ts';
import { TRAINING_FIELDS, type TrainingField } from './form.ts';
import type { EngineClient } from './engine-client.ts';
import type { StudioState } from './studio-state.ts';

/** Wait after the last change, in milliseconds. */
const DELAY = 500;

/**
 * What the look depends on; null while something is missing or does not read.
 * @param set which data set, of several tasks, from the first at 0
 */
export function lookRequest(
  { data, model, form, session }: StudioState,
  set = 0,
): Omit<Extract<DataRequest, { type: 'analyseData' }>, 'id'> | null {
  const one = setOf(data.value, set);
  if (
    one === null ||
    data.loading ||
    model.loading ||
    session !== 'idle' ||
    one.problem ||
    model.value?.problem
  )
    return null;
  const number = (name: TrainingField): number | null => {
    const field = TRAINING_FIELDS.find((found) => found.name === name)!;
    const value = readField(form.training[name], field);
    return typeof value === 'number' ? value : null;
  };
  const [maxLength, batchSize, seed] = [number('maxLength'), number('batchSize'), number('seed')];
  const maxTargetLength = number('maxTargetLength');
  if (maxLength === null || maxTargetLength === null || batchSize === null || seed === null) return null;
  const { columns, task, files, reading = {} } = one;
  const testShare = files.test === undefined ? number('testShare') : null;
  const words = set === 0 ? form : wordsOfTask(form, data.value!.more![set - 1].name);
  return {
    type: 'analyseData',
    ...(set > 0 && { set }),
    columns,
    task,
    maxLength,
    maxTargetLength,
    ...readableWords(words, one),
    batchSize,
    seed,
    ...(testShare !== null && { testShare }),
    reading,
  };
}

/** The first data set, or that of a further task; null where there is none. */
function setOf(data: DataSummary | null, set: number): TaskSummary['data'] | null {
  return set === 0 ? data : (data?.more?.[set - 1]?.data ?? null);
}

/** What is known of a data set now: both null while it is out of date. */
type Put = (set: number, look: DataAnalysis | null, problem: unknown) => void;

/** Follows the state and asks anew, for each data set, whenever the answer would be another. */
export function followLook(
  store: { getState(): StudioState; subscribe(listen: () => void): unknown },
  client: EngineClient,
  put: Put,
): void {
  const checks: (() => void)[] = [];
  store.subscribe(() => {
    const { data } = store.getState();
    const sets = 1 + (data.value?.more?.length ?? 0);
    while (checks.length < sets) checks.push(follower(store, client, checks.length, put));
    for (const check of checks) check();
  });
}

/** Looks at one data set when it is called and what it depends on has changed. */
function follower(
  store: { getState(): StudioState },
  client: EngineClient,
  set: number,
  put: Put,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known: { key: string; data: unknown; model: unknown } | null = null;
  let newest = 0;
  let pending = false;
  return () => {
    const state = store.getState();
    const request = lookRequest(state, set);
    const data = setOf(state.data.value, set);
    // What was found in other data is nothing to these.
    if (known !== null && data === null && (state.data.loading || set > 0)) {
      known = null;
      newest++;
      clearTimeout(timer);
      put(set, null, null);
    }
    // The engine gives up the look when it is to read other data or another model.
    if (pending && (state.data.loading || state.model.loading)) {
      known = null;
      newest++;
      pending = false;
    }
    if (request === null) return;
    const key = JSON.stringify(request);
    const model = state.model.value;
    if (known?.key === key && known.data === data && known.model === model) return;
    const sameData = known?.data === data;
    known = { key, data, model };
    // Another length is only another line in the histogram, so what is shown stays until the answer comes.
    if (!sameData) put(set, null, null);
    clearTimeout(timer);
    const mine = ++newest;
    pending = true;
    const answered = (look: DataAnalysis | null, problem: unknown): void => {
      if (mine !== newest) return;
      pending = false;
      put(set, look, problem);
    };
    timer = setTimeout(() => {
      client.ask(request).then(
        ({ analysis }) => answered(analysis, null),
        (error: unknown) => answered(null, error),
      );
    }, DELAY);
  };
}
