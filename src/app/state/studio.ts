/**
 * The state of the page, free of React: what is loaded, what the form says, what the runs report. All
 * changes go through the actions here; components read it through `use-studio.ts`.
 */
import { heardMeasuring, measureActions, NOT_MEASURED } from './measuring.ts';
import { createStore } from 'zustand/vanilla';
import type { ReadingChoices } from '../../data/reading.ts';
import type { Columns, DataSource, ModelSource } from '../../protocol/messages.ts';
import { inputKey } from '../../runs/storage/inputs.ts';
import { firstOf, moreOf, withChangedTask, withoutTask, withTask } from './more-tasks.ts';
import type { SessionState } from '../../protocol/messages.ts';
import type { KnownColumns } from '../../question.ts';
import type { DeviceWish } from '../../protocol/device.ts';
import type { SpecInput, Task } from '../../runs/spec.ts';
import { demoFor } from './demos.ts';
import { BatchCurveQuestion } from './batch-curve.ts';
import { withCombination } from './combinations.ts';
import { EngineClient, type Report } from './engine-client.ts';
import { EngineLife, isGone, type EngineLifeOptions, type EngineState } from './engine-life.ts';
import { withoutStart, withStart } from './draft-starts.ts';
import { freshDraft, withCopy, withDraft, withoutCopy, type Form } from './form.ts';
import { currentText } from '../i18n/current.ts';
import { followLook } from './data-look.ts';
import { adviceActions, heardAdvising, NO_ADVICE } from './find-advice.ts';
import { followEnding } from './ending.ts';
import { followTree } from './follow-tree.ts';
import { comparedNames, formToSpec, specToForm, wordsOfTask } from './form-spec.ts';
import { NOTHING_KEPT, type Kept, type KeptData } from './kept-form.ts';
import type { History } from './history.ts';
import { initialState, nothing } from './initial-state.ts';
import type { Shown } from './opened.ts';
import { storedActions } from './stored-actions.ts';
import { Recorder } from './recorder.ts';
import { studyActions } from './study/study-actions.ts';
import { problemOf, type Asked, type StudioState } from './studio-state.ts';
import type { Studio } from './studio-actions.ts';

const BUILTIN_MODEL = 'bert-l4-h128';

/** Wait after a change of the form before the forecast is asked for, in milliseconds. */
const FORECAST_DELAY = 400;

/**
 * The page's store over a worker. Opens the device and loads what is built in, from the address `base`.
 * @param worker makes an engine, and says by what its end is noticed
 * @param wish what to run on, asked whenever the device is opened
 * @param kept form, model, data and adapters of the last visit, with which it opens
 */
export function createStudio(
  worker: Omit<EngineLifeOptions, 'changed'>,
  base: string,
  history: History,
  wish: () => DeviceWish = () => ({}),
  kept: Kept = NOTHING_KEPT,
): Studio {
  const store = createStore<StudioState>()(() => initialState(kept));
  const { setState, getState } = store;
  const recorder = new Recorder((runs) => setState({ runs }));
  const overlays = new Recorder((runs) => setState({ overlays: runs }));
  const life = new EngineLife({ ...worker, changed: lifeChanged });
  const client = new EngineClient(life, hear);
  const curves = new BatchCurveQuestion(
    (spec, run, batchSize) => client.ask({ type: 'batchMemory', spec, run, batchSize }),
    (batchCurves) => setState({ batchCurves }),
  );
  let forecastTimer: ReturnType<typeof setTimeout> | undefined;
  /** Newest question of each kind: an older one's answer is out of date. */
  const newest = { model: 0, data: 0, forecast: 0 };

  /** What is to be there again when the engine has been started anew. */
  let modelSource: ModelSource = kept.model ?? { kind: 'builtin', name: BUILTIN_MODEL };
  let lastData: KeptData | null = null;
  const adapters = new Map(kept.adapters.map(({ name, files }) => [name, [...files]]));
  /** What the session was at when the engine was last heard of. */
  let lastSession: SessionState = 'idle';

  const openAdapters = () =>
    [...adapters].map(([name, files]) => client.ask({ type: 'openAdapter', name, files }));

  function lifeChanged(engine: EngineState): void {
    const was = isGone(getState().engine);
    setState({ engine });
    const gone = isGone(engine);
    if (gone === was) return;
    if (gone) lastSession = getState().session;
    // An engine that comes back goes on where it was.
    setState({ session: gone ? 'idle' : lastSession });
    recorder.watch.running(!gone && lastSession === 'running');
    if (engine.kind === 'dead') recorder.interrupt();
    if (gone) recorder.flush();
  }

  function hear(report: Report): void {
    switch (report.type) {
      case 'download':
        setState({ download: report });
        return;
      case 'device':
        setState({ device: { loading: false, value: report, problem: null }, measuring: NOT_MEASURED });
        forecastSoon();
        return;
      case 'events':
        recorder.add(report.run, report.events);
        return;
      case 'state':
        // Whoever hears that it is over finds the runs ended.
        if (report.state === 'idle') recorder.flush();
        setState({ session: report.state });
        recorder.watch.running(report.state === 'running');
        if (report.state === 'idle') {
          if (getState().runs.length > 0) void fetchPredictions();
          forecastSoon();
        }
        return;
      case 'controls':
        setState({ controls: report.controls });
        return;
      case 'doing':
        setState({ doing: report.doing });
        return;
      case 'advising':
        setState(({ advice }) => ({ advice: heardAdvising(advice, report.advising) }));
        return;
      case 'measuring':
        setState(({ measuring }) => ({ measuring: heardMeasuring(measuring, report.progress) }));
        return;
      case 'studyEvent':
        studio.study.hear(report.event);
        return;
      case 'left':
        recorder.left(report.run, report.left);
        return;
      case 'storage':
        setState({ storageProblem: report.problem, unstored: report.unstored });
        return;
      case 'error':
        if (report.code === 'device') {
          setState({ device: { loading: false, value: null, problem: problemOf(report) } });
        } else {
          setState({ runProblem: problemOf(report) });
        }
    }
  }

  /**
   * Asks, and drops answers that a newer question overtook. The last answer stays on show meanwhile, unless it
   * is about something else.
   */
  async function follow<Key extends 'model' | 'data' | 'forecast'>(
    key: Key,
    question: () => Promise<NonNullable<StudioState[Key]['value']>>,
    other = false,
  ): Promise<void> {
    const mine = ++newest[key];
    const put = (asked: Asked<unknown>): void => setState({ [key]: asked } as Partial<StudioState>);
    put({ ...getState()[key], ...(other && { value: null }), loading: true, problem: null });
    if (other) forgetFigures();
    try {
      const value = await question();
      if (newest[key] === mine) put({ loading: false, value, problem: null });
    } catch (error) {
      if (newest[key] === mine)
        put({ loading: false, value: getState()[key].value, problem: problemOf(error) });
    }
  }

  /** The engine gives up what it works out of model and data when it is to read others. */
  function givesUpForecast(): void {
    curves.cancel();
    newest.forecast++;
    setState(({ forecast }) => ({ forecast: { ...forecast, loading: false } }));
  }

  /** What was said of a model or of data that are no longer there goes with them. */
  function forgetFigures(): void {
    newest.forecast++;
    const { going } = getState().advice;
    const advice = { ...NO_ADVICE, going };
    setState({ forecast: nothing, refusals: [], batchCurves: {}, runNotes: [], runProblem: null, advice });
  }

  function currentSpec(): SpecInput | null {
    const { form, model, data } = getState();
    if (model.value === null || model.value.problem || data.value === null) return null;
    return formToSpec(form, model.value, data.value);
  }

  function forecastSoon(): void {
    clearTimeout(forecastTimer);
    forecastTimer = setTimeout(() => {
      const spec = currentSpec();
      // While runs train, the device is theirs; the forecast comes back up to date when they end.
      if (spec === null || getState().session !== 'idle' || getState().device.value === null) return;
      curves.cancel();
      void follow('forecast', async () => {
        const mine = newest.forecast;
        const { forecasts, refusals } = await client.ask({ type: 'forecast', spec });
        if (newest.forecast !== mine) return forecasts;
        setState({ refusals });
        drawCurves(spec);
        return forecasts;
      });
    }, FORECAST_DELAY);
  }

  function drawCurves(spec: SpecInput): void {
    if (getState().session !== 'idle') return;
    const { model, data } = getState();
    const identity = JSON.stringify([model.value?.bytes, model.value?.parameters, data.value?.rows]);
    void curves.start(
      spec,
      comparedNames(spec).map(({ run }) => run),
      identity,
    );
  }

  /** What the runs that have ended predict. Without it the page shows the rest all the same. */
  async function fetchPredictions(): Promise<void> {
    const { startedSpec } = getState();
    setState({ judging: true });
    let told: Partial<StudioState>;
    try {
      const { predictions, more = [], judged } = await client.ask({ type: 'predictions' });
      told = { predictions, morePredictions: more, judged };
    } catch (error) {
      told = { runProblem: problemOf(error) };
    }
    // Of a comparison that was left meanwhile nothing is said.
    if (getState().startedSpec === startedSpec) setState({ ...told, judging: false });
  }

  function changeForm(change: (form: Form) => Form): void {
    setState((state) => ({ form: change(state.form) }));
    forecastSoon();
  }

  async function readData(
    source: DataSource,
    task: Task | null,
    columns: Columns | null,
    reading: ReadingChoices,
    given?: KnownColumns,
  ): Promise<void> {
    const before = getState().dataSource;
    const other = inputKey('data', firstOf(source)) !== inputKey('data', firstOf(before));
    setState({ dataSource: source, reading });
    givesUpForecast();
    await follow(
      'data',
      async () => {
        const { data } = await client.ask({ type: 'loadData', source, task, columns, given, reading });
        lastData = { source, reading, task: data.task, columns: data.columns };
        setState(({ before }) => ({ before: { ...before, data: data.name } }));
        if (source.kind !== 'builtin') setState(({ again }) => ({ again: { ...again, data: null } }));
        return data;
      },
      other,
    );
    forecastSoon();
  }

  /** Reads the further tasks anew after a change; the first one stays as it is read. */
  function changeTasks(change: (data: DataSource, first: string) => DataSource): Promise<void> {
    const { data, dataSource, reading } = getState();
    const source = change(dataSource, data.value?.name ?? '');
    return readData(source, data.value?.task ?? null, data.value?.columns ?? null, reading);
  }

  /** The task that is asked, of a comparison of several: that on show, or the first. */
  function askedTask(): { task?: string } {
    const { shownTask, startedSpec } = getState();
    const task = shownTask ?? startedSpec?.tasks?.[0].name;
    return task === undefined ? {} : { task };
  }

  /** Reads the data as something that the model can be asked for, where it now stands for something else. */
  async function suitData(): Promise<void> {
    const { model, data, dataSource, reading } = getState();
    const tasks = model.value?.tasks ?? [];
    if (model.value === null || data.value === null || tasks.includes(data.value.task)) return;
    const source: DataSource =
      dataSource.kind === 'builtin'
        ? { kind: 'builtin', name: demoFor(tasks), ...moreOf(dataSource) }
        : dataSource;
    await readData(source, null, null, reading);
  }

  const studio: Studio = {
    store,
    recorder,
    history,
    advice: adviceActions({ client, store, spec: currentSpec, setForm: (form) => changeForm(() => form) }),
    measuring: measureActions(client, store),
    study: studyActions({ client, model: () => modelSource }),
    stored: storedActions({ client, store, recorder, overlays, history, studio: () => studio }),
    curves: (run) => {
      const { shownTask } = getState();
      return recorder.curves(run, shownTask) ?? overlays.curves(run, shownTask);
    },
    openDevice() {
      setState({ device: { ...nothing, loading: true } });
      client.tell({ type: 'open', base, device: wish() });
    },
    async restartEngine() {
      const { shown, data, dataSource, reading } = getState();
      const cutOff = lastSession !== 'idle' && shown?.kind === 'live' ? shown.id : null;
      lastSession = 'idle';
      recorder.interrupt();
      studio.study.interrupted();
      recorder.flush();
      const ended = life.restart();
      client.abandon(currentText().engine.startedAgain);
      setState({ session: 'idle', runProblem: null, download: null });
      studio.openDevice();
      await Promise.all([
        studio.loadModel(modelSource, true),
        readData(dataSource, data.value?.task ?? null, data.value?.columns ?? null, reading),
        ...openAdapters(),
      ]);
      const gone = await ended;
      if (cutOff !== null) await studio.stored.goOn(cutOff, { gone });
    },
    cancelDownload: () => client.tell({ type: 'cancelDownload' }),
    async loadModel(source, keepData = false) {
      givesUpForecast();
      await follow(
        'model',
        async () => {
          const { model } = await client.ask({ type: 'loadModel', source });
          modelSource = source;
          setState(({ before }) => ({ before: { ...before, model: model.name } }));
          if (source.kind !== 'builtin') setState(({ again }) => ({ again: { ...again, model: null } }));
          return model;
        },
        source !== modelSource,
      );
      setState({ download: null });
      if (!keepData) await suitData();
      forecastSoon();
    },
    sources: () => ({
      model: modelSource,
      data: lastData,
      adapters: [...adapters].map(([name, files]) => ({ name, files })),
    }),
    goBackToModel: () => studio.loadModel(modelSource),
    async goBackToData() {
      if (lastData === null) return;
      const { source, task, columns, reading } = lastData;
      await readData(source, task, columns, reading);
    },
    cancelReading: () => client.tell({ type: 'cancelReading' }),
    loadData: (source) => readData({ ...source, ...moreOf(getState().dataSource) }, null, null, {}),
    addTask: (source) => changeTasks((data, first) => withTask(data, first, source)),
    changeTask: (name, changed) => changeTasks((data) => withChangedTask(data, name, changed)),
    removeTask: (name) => changeTasks((data) => withoutTask(data, name)),
    setTaskWords(name, changed) {
      changeForm((form) => ({
        ...form,
        tasks: { ...form.tasks, [name]: { ...wordsOfTask(form, name), ...changed } },
      }));
    },
    showTask: (shownTask) => setState({ shownTask }),
    chooseColumns: (columns, task) => readData(getState().dataSource, task, columns, getState().reading),
    sayColumns: (given) => readData(getState().dataSource, null, null, getState().reading, given),
    setReading(changed) {
      const { data, dataSource, reading } = getState();
      // Columns are guessed anew where they may be others, and where none were read yet.
      const others = 'encoding' in changed || 'header' in changed || data.problem !== null;
      const known = others ? null : data.value;
      return readData(dataSource, known?.task ?? null, known?.columns ?? null, { ...reading, ...changed });
    },
    dataRows: async (set, part, from, count) =>
      (await client.ask({ type: 'dataRows', set, part, from, count })).rows,
    toggleMethod(id, enabled) {
      changeForm((form) => withDraft(form, id, (draft) => ({ ...draft, enabled })));
    },
    setMethodField(id, field, text) {
      changeForm((form) =>
        withDraft(form, id, (draft) => ({ ...draft, fields: { ...draft.fields, [field]: text } })),
      );
    },
    resetMethod(id) {
      changeForm((form) => withDraft(form, id, ({ type, enabled }) => freshDraft(type, id, enabled)));
    },
    async openAdapter(id, name, files, place = 'init') {
      await client.ask({ type: 'openAdapter', name, files });
      adapters.set(name, files);
      changeForm((form) => withDraft(form, id, (draft) => withStart(draft, place, name)));
    },
    setStartWeights(id, initWeights) {
      changeForm((form) => withDraft(form, id, (draft) => ({ ...draft, initWeights })));
    },
    async forecastTimes() {
      const spec = currentSpec();
      const of = getState().forecast.value;
      if (spec === null || getState().session !== 'idle') return;
      try {
        const { seconds } = await client.ask({ type: 'forecastTime', spec });
        if (getState().forecast.value === of) setState({ times: { of, seconds } });
      } catch {
        // What is wrong is said where memory is forecast, or at Start.
      }
    },
    async findRate(run) {
      const spec = currentSpec();
      if (spec === null || getState().session !== 'idle') return null;
      return (await client.ask({ type: 'findRate', spec, run })).found;
    },
    dropAdapter(id, place, name) {
      changeForm((form) => withDraft(form, id, (draft) => withoutStart(draft, place, name)));
    },
    combine: (first, second, how) => changeForm((form) => withCombination(form, first, second, how)),
    changeCombinations: changeForm,
    addMethod: (type) => changeForm((form) => withCopy(form, type)),
    removeMethod: (id) => changeForm((form) => withoutCopy(form, id)),
    setTemplate: (template) => changeForm((form) => ({ ...form, template })),
    setWord: (label, word) => changeForm((form) => ({ ...form, words: { ...form.words, [label]: word } })),
    setJson: (json) => changeForm((form) => ({ ...form, json })),
    setForm: (form) => changeForm(() => form),
    fillForm: (spec) => changeForm(() => specToForm(spec)),
    readData: (source, task, columns, reading = {}) => readData(source, task, columns, reading),
    setTrainingField(field, text) {
      changeForm((form) => ({ ...form, training: { ...form.training, [field]: text } }));
    },
    async start() {
      const spec = currentSpec();
      if (spec === null || getState().session !== 'idle') return;
      setState({ session: 'preparing', doing: null, runProblem: null });
      curves.cancel();
      const { times, forecast: known } = getState();
      const forecast = times !== null && times.of === known.value ? times.seconds : {};
      try {
        const { runs, metric, notes, comparison } = await client.ask({ type: 'start', spec, forecast });
        const shown: Shown | null =
          comparison === null
            ? null
            : { id: comparison, name: spec.name ?? '', kind: 'live', elsewhere: false, note: null };
        setState({
          metric,
          runNotes: notes,
          startedSpec: spec,
          startedTimes: forecast,
          shown,
          predictions: null,
          morePredictions: [],
          shownTask: null,
          judged: null,
          judging: false,
          controls: {},
        });
        recorder.begin(runs);
      } catch (error) {
        setState({ session: 'idle', runProblem: problemOf(error) });
      }
    },
    pause: (run) => client.tell({ type: 'pause', ...(run !== undefined && { run }) }),
    step: (run) => client.tell({ type: 'step', ...(run !== undefined && { run }) }),
    resume: (run) => client.tell({ type: 'resume', ...(run !== undefined && { run }) }),
    stop: (run) => client.tell({ type: 'stop', ...(run !== undefined && { run }) }),
    exportRun: (run, artifact) => studio.stored.exportShown(run, artifact),
    predict: (text, text2) => client.ask({ type: 'predict', text, text2, ...askedTask() }),
  };
  followLook(store, client, (set, value, error) => {
    const problem = error === null ? null : problemOf(error);
    const look = { loading: value === null && problem === null, value, problem };
    setState(({ looks, data }) => ({
      looks: Array.from({ length: 1 + (data.value?.more?.length ?? 0) }, (_, i) =>
        i === set ? look : (looks[i] ?? nothing),
      ),
    }));
  });
  store.subscribe(({ shown }, { shown: before }) => {
    if (shown?.id !== before?.id && shown?.kind !== 'live')
      setState({
        predictions: null,
        morePredictions: [],
        shownTask: null,
        judged: null,
        judging: false,
        ending: null,
      });
    if (shown?.kind === 'adopted' && before?.kind !== 'adopted') void fetchPredictions();
  });
  followTree(store, client, (tree) => setState({ tree }));
  followEnding(store, (ending) => setState({ ending }));
  studio.openDevice();
  // One that cannot be read any more is told of where its method is.
  for (const opened of openAdapters()) void opened.catch(() => undefined);
  void studio.loadModel(modelSource, kept.data !== null);
  const { dataSource } = getState();
  void readData(dataSource, kept.data?.task ?? null, kept.data?.columns ?? null, kept.data?.reading ?? {});
  return studio;
}
