/** What the page does with stored comparisons: open, go on, lay over, start anew from. */
import type { ReadingChoices } from '../../data/reading.ts';
import { dataOf, trainFiles } from '../../runs/spec-tasks.ts';
import { readingOf as fileReading } from '../../runs/spec-data.ts';
import { StudioError } from '../../errors.ts';
import { english, say } from '../../sentence.ts';
import type { StoreApi } from 'zustand/vanilla';
import type {
  Artifact,
  Columns,
  DataSource,
  DataSummary,
  ModelSource,
  Exported,
  FolderFile,
  RunHeader,
} from '../../protocol/messages.ts';
import type { SpecInput, Task } from '../../runs/spec.ts';
import type { StoredEntry } from '../../runs/storage/stored.ts';
import { currentText } from '../i18n/current.ts';
import { said } from '../i18n/said.ts';
import { preferences } from './preferences.ts';
import type { EngineClient } from './engine-client.ts';
import { canContinue } from './entry-state.ts';
import type { History } from './history.ts';
import { sourcesOf, storedArtifact, type OverlayRun } from './opened.ts';
import type { Recorder } from './recorder.ts';
import { problemOf, type StudioState } from './studio-state.ts';

export interface StoredActions {
  /** Shows a comparison as it was left; model and data are loaded where they are kept, for predictions. */
  reopen(id: string): Promise<void>;
  /** Goes on with the runs of a comparison that have not come to their ends; `loaded` where the engine has its model and data. */
  goOn(id: string, loaded?: { gone: string }): Promise<void>;
  /** Lays a run of another comparison over the charts, or takes it off again. */
  toggleOverlay(entry: StoredEntry, run: string): Promise<void>;
  /** Fills form, model and data from a stored comparison. */
  newFrom(entry: StoredEntry): Promise<void>;
  /** Fills the form from a spec; built-in model and data are loaded with it. @returns a sentence about what else to choose */
  fillFrom(spec: SpecInput): Promise<string | null>;
  /** Files of the adapter that a stored run left; null where they cannot be had, which the history says. */
  adapterOf(entry: StoredEntry, run: string): Promise<FolderFile[] | null>;
  /** Files of a run that is on show, from the engine or from the store. */
  exportShown(run: string, artifact: Artifact): Promise<Exported>;
}

export interface StoredActionsInput {
  client: EngineClient;
  store: StoreApi<StudioState>;
  recorder: Recorder;
  /** Records the runs that are laid over. */
  overlays: Recorder;
  history: History;
  studio: () => {
    loadModel(source: ModelSource, keepData?: boolean): Promise<void>;
    readData(source: DataSource, task: Task, columns: Columns, reading?: ReadingChoices): Promise<void>;
    fillForm(spec: SpecInput): void;
  };
}

export function storedActions(input: StoredActionsInput): StoredActions {
  const { client, store, recorder, overlays, history, studio } = input;
  const { setState, getState } = store;
  const overlaid: OverlayRun[] = [];

  /** Puts headers, events and what was frozen at its start on show. */
  async function show(entry: StoredEntry, elsewhere: boolean): Promise<void> {
    const { comparison, runs } = entry;
    const { training } = comparison.runs[0].spec;
    setState({
      metric: training.metric,
      runNotes: comparison.notes,
      startedSpec: comparison.spec,
      startedTimes: comparison.forecast ?? {},
      runProblem: null,
      shown: { id: comparison.id, name: comparison.name, kind: 'read', elsewhere, note: null },
    });
    recorder.begin(headersOf(entry));
    // What is on show is not laid over itself.
    const others = overlaid.filter((one) => one.comparison !== comparison.id);
    if (others.length < overlaid.length) {
      overlaid.splice(0, overlaid.length, ...others);
      await drawOverlays();
    }
    for (const state of runs) {
      const events = await history.attempt((kept) => kept.events(comparison.id, state.run));
      recorder.add(state.run, events ?? []);
      const { adapter } = state;
      if (adapter !== null) {
        const adapterBytes = adapter.files.reduce((sum, { bytes }) => sum + bytes, 0);
        recorder.left(state.run, { adapterBytes, adapterStep: adapter.step });
      }
    }
    if (!elsewhere) recorder.interrupt();
    recorder.flush();
    void judgeStored(comparison.id);
  }

  /** What is to be said of a comparison on show, from its records alone. */
  async function judgeStored(id: string): Promise<void> {
    const here = (state: StudioState): boolean => state.shown?.id === id && state.shown.kind === 'read';
    setState((state) => (here(state) ? { judging: true } : {}));
    try {
      const { judged } = await client.ask({ type: 'judgeStored', comparison: id });
      // Opened with its model and data meanwhile, it has been judged with them.
      setState((state) => (here(state) && state.judged === null ? { judged, judging: false } : {}));
    } catch (error) {
      if (getState().shown?.id === id) setState({ runProblem: problemOf(error), judging: false });
    }
  }

  /** Loads what a comparison was made of. @returns a sentence naming what is not kept, or null */
  async function loadSources(entry: StoredEntry): Promise<string | null> {
    const { comparison } = entry;
    const sources = await history.attempt((kept) => sourcesOf(kept, comparison));
    if (sources === null) return null;
    const missing: string[] = [];
    const { underModel, underData, needsFiles, and } = currentText().history;
    const { model, data } = getState();
    if (sources.model !== null) await studio().loadModel(sources.model, sources.data !== null);
    else if (model.value?.source !== comparison.model.source)
      missing.push(underModel(comparison.model.source));
    if (sources.data !== null)
      await studio().readData(
        sources.data,
        sources.task,
        sources.columns,
        fileReading(dataOf(comparison.spec)),
      );
    else if (data.value?.files.train !== dataOf(comparison.spec).train)
      missing.push(underData(trainFiles(comparison.spec)));
    return missing.length === 0 ? null : needsFiles(missing.join(and));
  }

  async function entryOf(id: string): Promise<StoredEntry | null> {
    return history.attempt((kept) => kept.get(id));
  }

  /** Records the laid-over runs anew. */
  async function drawOverlays(): Promise<void> {
    const found = await Promise.all(
      overlaid.map(async (overlay) => ({
        overlay,
        entry: await entryOf(overlay.comparison),
        events: await history.attempt((kept) => kept.events(overlay.comparison, overlay.run)),
      })),
    );
    overlays.begin(
      found.flatMap(({ overlay, entry: from }): RunHeader[] => {
        const header = from?.comparison.runs.find((one) => one.run === overlay.run);
        if (header === undefined) return [];
        const { method, steps } = header;
        return [{ run: overlayKey(overlay), method, steps, overlay: `${overlay.comparison}/${overlay.run}` }];
      }),
    );
    for (const { overlay, events } of found) overlays.add(overlayKey(overlay), events ?? []);
    overlays.flush();
  }

  const busy = (): boolean => getState().session !== 'idle';
  const note = (text: string): void =>
    setState(({ shown }) => ({ shown: shown && { ...shown, note: text } }));

  // Once no other tab trains what is on show, it can be more than looked at.
  history.store.subscribe(({ training }, { training: before }) => {
    const { shown } = getState();
    if (shown?.elsewhere && before.has(shown.id) && !training.has(shown.id)) void actions.reopen(shown.id);
  });

  const actions: StoredActions = {
    async reopen(id) {
      if (busy()) return;
      await history.refresh();
      const entry = await entryOf(id);
      if (entry === null) return;
      const elsewhere = history.store.getState().training.has(id);
      await show(entry, elsewhere);
      if (elsewhere) return;
      const missing = await loadSources(entry);
      if (missing !== null) return note(missing);
      try {
        await client.ask({ type: 'adopt', comparison: id });
        setState(({ shown }) => ({ shown: shown?.id === id ? { ...shown, kind: 'adopted' } : shown }));
      } catch (error) {
        note(said(problemOf(error).message, preferences.getState().language));
      }
    },

    async goOn(id, loaded) {
      if (busy()) return;
      const entry = await entryOf(id);
      if (entry === null || !canContinue(entry)) return;
      setState({ session: 'preparing', runProblem: null });
      try {
        const missing = loaded ? null : await loadSources(entry);
        if (missing !== null) {
          setState({ session: 'idle', runProblem: { message: missing, internal: false } });
          return;
        }
        const { runs, metric, notes } = await client.ask({
          type: 'continue',
          comparison: id,
          ...(loaded && { takeOver: loaded.gone }),
        });
        const { name, spec } = entry.comparison;
        setState({
          metric,
          runNotes: notes,
          startedSpec: spec,
          startedTimes: entry.comparison.forecast ?? {},
          predictions: null,
          morePredictions: [],
          shownTask: null,
          judged: null,
          judging: false,
          shown: { id, name, kind: 'live', elsewhere: false, note: null },
        });
        recorder.begin(runs);
      } catch (error) {
        setState({ session: 'idle', runProblem: problemOf(error) });
      }
    },

    async toggleOverlay(entry, run) {
      const { id, name } = entry.comparison;
      const at = overlaid.findIndex((one) => one.comparison === id && one.run === run);
      if (at === -1) overlaid.push({ comparison: id, run, label: name });
      else overlaid.splice(at, 1);
      await drawOverlays();
    },

    async newFrom(entry) {
      if (busy()) return;
      studio().fillForm(entry.comparison.spec);
      const missing = await loadSources(entry);
      if (missing !== null) setState({ runProblem: { message: missing, internal: false } });
    },

    async fillFrom(spec) {
      studio().fillForm(spec);
      const { source } = spec.model;
      const { underModel, underData, and } = currentText().history;
      const missing: string[] = [];
      if (source.startsWith('builtin:'))
        await studio().loadModel({ kind: 'builtin', name: source.slice('builtin:'.length) });
      else if (getState().model.value?.source !== source) missing.push(underModel(source));
      const { data, dataSource, reading: read } = getState();
      const reading = readingOf(spec);
      if (data.value?.files.train !== dataOf(spec).train) missing.push(underData(trainFiles(spec)));
      else if (reading !== null && !sameReading(reading, data.value))
        await studio().readData(dataSource, reading.task, reading.columns, read);
      return missing.length === 0 ? null : missing.join(and);
    },

    async adapterOf(entry, run) {
      const files = await history.attempt((kept) => storedArtifact(kept, entry, run, 'adapter'));
      return files && files.map(({ name, bytes }) => ({ path: name, file: new File([bytes], name) }));
    },
    async exportShown(run, artifact) {
      const { shown } = getState();
      if (shown === null || shown.kind !== 'read') {
        const { startedSpec, shownTask } = getState();
        const task = shownTask ?? startedSpec?.tasks?.[0].name;
        return client.ask({ type: 'export', run, artifact, ...(task !== undefined && { task }) });
      }
      const entry = await entryOf(shown.id);
      // What the store cannot give is said where it was asked for, not in the history.
      if (artifact === 'model')
        throw new StudioError(
          'storage',
          say`An ONNX file is made from the base model, which is not open here: choose the model and the data of this comparison, then ask again.`,
        );
      const files = entry && (await history.attempt((kept) => storedArtifact(kept, entry, run, artifact)));
      if (files === null)
        throw new Error(english(history.store.getState().problem?.message ?? 'nothing is stored'));
      return { files };
    },
  };
  return actions;
}

/** How a spec reads its data; null where it leaves that to be guessed. */
function readingOf(spec: SpecInput): Reading | null {
  const { text, label, target } = dataOf(spec).columns ?? {};
  if (text === undefined || (label === undefined && target === undefined)) return null;
  return { task: spec.model.task ?? 'classification', columns: { text, label, target } };
}

type Reading = Pick<DataSummary, 'task' | 'columns'>;

function sameReading(a: Reading, b: Reading): boolean {
  const said = ({ task, columns: { text, label, target } }: Reading): string =>
    JSON.stringify([task, text, label, target]);
  return said(a) === said(b);
}

/** Key of a laid-over run; never one of the comparison on show. */
function overlayKey({ comparison, run, label }: OverlayRun): string {
  return `${run} · ${label} (${comparison.slice(0, 4)})`;
}

function headersOf({ comparison }: StoredEntry): RunHeader[] {
  return comparison.runs.map(({ run, method, steps }) => ({ run, method, steps }));
}
