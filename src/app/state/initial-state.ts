/** What the page's store holds before anything has been heard of. */
import { NO_ADVICE } from './find-advice.ts';
import { demoFor } from './demos.ts';
import { defaultForm } from './form.ts';
import { NOT_MEASURED } from './measuring.ts';
import type { Kept } from './kept-form.ts';
import type { StudioState } from './studio-state.ts';

export const nothing = { loading: false, value: null, problem: null } as const;

/** @param kept form, model and data of the last visit, with which it opens */
export function initialState(kept: Kept): StudioState {
  return {
    engine: { kind: 'well' },
    device: { ...nothing, loading: true },
    model: nothing,
    data: nothing,
    dataSource: kept.data?.source ?? { kind: 'builtin', name: demoFor([]) },
    reading: {},
    before: { model: null, data: null },
    again: kept.again,
    looks: [nothing],
    download: null,
    tree: null,
    forecast: nothing,
    advice: NO_ADVICE,
    measuring: NOT_MEASURED,
    times: null,
    startedTimes: {},
    refusals: [],
    batchCurves: {},
    predictions: null,
    morePredictions: [],
    shownTask: null,
    judged: null,
    judging: false,
    form: kept.form ?? defaultForm(),
    session: 'idle',
    ending: null,
    doing: null,
    runProblem: null,
    runs: [],
    controls: {},
    runNotes: [],
    metric: 'accuracy',
    startedSpec: null,
    shown: null,
    overlays: [],
    storageProblem: null,
    unstored: [],
  };
}
