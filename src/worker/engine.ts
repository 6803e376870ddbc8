/**
 * The engine behind the page's messages: it holds the device, the loaded model and dataset, and the
 * comparison that runs. One of it lives in the worker; tests drive it without one.
 */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import { NO_FILES } from '../models/files.ts';
import type { Model } from '../models/model.ts';
import { errorReply } from '../protocol/error-reply.ts';
import type { Artifact, ModelSource, Reply, Request } from '../protocol/messages.ts';
import { tableFromPlain } from '../data/table/plain-table.ts';
import type { DataRequest } from '../protocol/data.ts';
import type { DeviceWish } from '../protocol/device.ts';
import type { Busy } from '../protocol/life.ts';
import type { StartRequest } from '../protocol/starts.ts';
import type { ForecastRequest } from '../protocol/forecasts.ts';
import {
  comparisonSpecs,
  methodRuns,
  methodsOf,
  readSpec,
  runMethod,
  totalSteps,
  type RunSpec,
  type SpecInput,
} from '../runs/spec.ts';
import type { Materials } from '../train/prepare.ts';
import { movedNote } from '../runs/moved.ts';
import { withSavedStarts } from '../runs/adapter-start.ts';
import { openMissing } from '../runs/fusion-adapters.ts';
import { notesOfStarts } from '../runs/start-heads.ts';
import { withModelRatesWritten } from '../runs/model-rates.ts';
import { rateTraits } from '../deltas/model-traits.ts';
import { takeLock, type Locks } from '../runs/storage/locks.ts';
import type { RunStore } from '../runs/storage/run-store.ts';
import type { StoredComparison } from '../runs/storage/stored.ts';
import { Comparison } from './comparison.ts';
import { judgedStored } from './judge-runs.ts';
import { RunKeeper } from './run-keeper.ts';
import { StorageProblems } from './storage-problems.ts';
import { inputsSentence, storageSentence } from './storage-sentences.ts';
import { checkSame, describeComparison, keepInputs, loadEarlier, type Sources } from './stored-comparison.ts';
import { analyseData, fileRows, openData, openMore, TaskTables } from './data.ts';
import type { PageDevice } from './device.ts';
import { AdviceDesk } from './advice.ts';
import { announce } from './announce.ts';
import { INPUTS, type Kept } from './kept.ts';
import { answerForecast } from './forecasts.ts';
import { HeldDevice } from './held-device.ts';
import { HeldStore } from './held-store.ts';
import { MeasureDesk } from './measuring.ts';
import { inUse, nothingTrained, refuseMeanwhile, refuseSecond } from './refusals.ts';
import { answerLife, BusyTeller } from './life.ts';
import { HubDownloads } from './hub.ts';
import { SavedStarts } from './starts.ts';
import { describeTree } from './tree.ts';
import type { PolicyWatch } from './policy.ts';
import type { ReaderPort } from './reading/messages.ts';
import { ReadingRoom } from './reading/room.ts';
import { PreparedCache } from './prepared.ts';
import { modelSource, type TableReader, type Tables } from './sources.ts';
import { StudyDesk } from './study/desk.ts';
import type { CellStore } from '../study/storage/cell-store.ts';
import { summarizeModel } from './summaries.ts';

export interface EngineOptions {
  openDevice: (wish: DeviceWish) => Promise<PageDevice>;
  /** The browser, for run records. */
  runtime: string;
  post: (reply: Reply) => void;
  /** Opens the store of comparisons; without it nothing is kept. */
  openStore?: () => Promise<RunStore>;
  /** Opens the store of a study's cells. */
  openCells?: () => Promise<CellStore>;
  /** `navigator.locks`; undefined where there are none. */
  locks?: Locks;
  /** Starts the worker that files are read in; without it they are read here. */
  startReader?: () => ReaderPort;
  /** Knows what the page's content security policy stops. */
  policy?: PolicyWatch;
}

export class Engine {
  readonly #options: EngineOptions;
  #base = '';
  readonly #device: HeldDevice;
  #model: Model | null = null;
  #tables: Tables | null = null;
  /** Of further tasks, in their order. */
  #more: readonly Tables[] = [];
  readonly #taskTables = new TaskTables();
  #comparison: Comparison | null = null;
  readonly #prepared = new PreparedCache();
  readonly #hub: HubDownloads;
  readonly #busy: BusyTeller;
  readonly #goesOn = (): void => this.#busy.goesOn();
  readonly #reading: ReadingRoom;
  readonly #sources: Partial<Sources> = {};
  readonly #starts = new SavedStarts();
  readonly #advice = new AdviceDesk();
  readonly #study: StudyDesk;
  readonly #store: HeldStore;
  readonly #measuring: MeasureDesk;
  #running = false;
  /** Comparisons of which this engine still stores something, and their locks. */
  readonly #kept = new Map<string, { keeper: RunKeeper; release?: () => void }>();
  readonly #problems: StorageProblems;
  /** Requests of a kind are answered in turn, so that the last one asked is the one that stays. */
  #loading: Promise<unknown> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#device = new HeldDevice(options.openDevice, (error) => options.post(errorReply(error, null)));
    this.#hub = new HubDownloads(options.post, options.policy);
    this.#busy = new BusyTeller(options.post);
    this.#store = new HeldStore(options.openStore);
    this.#measuring = new MeasureDesk(options.post, this.#busy);
    this.#study = new StudyDesk(options, this.#device, this.#hub, this.#busy, this.#starts);
    this.#reading = new ReadingRoom({ start: options.startReader, locks: options.locks });
    this.#problems = new StorageProblems((problem, of) =>
      options.post({ type: 'storage', problem, unstored: of.filter((id) => id !== INPUTS) }),
    );
  }

  /** Acts on one message. Never throws: what goes wrong is posted. */
  async receive(request: Request): Promise<void> {
    try {
      await this.#act(request);
    } catch (error) {
      this.#options.post(errorReply(error, 'id' in request ? request.id : null));
    }
  }

  async #act(request: Request): Promise<void> {
    switch (request.type) {
      case 'open':
        this.#base = request.base;
        return this.#busy.during('device', () => this.#open(request.device ?? {}));
      case 'hello':
      case 'ping':
        return answerLife(request, this.#options.locks, this.#options.post);
      case 'loadModel':
        this.#reading.cancel('model');
        return this.#inTurn('model', () => this.#loadModel(request.id, request.source));
      case 'loadData':
        this.#reading.cancel('table');
        return this.#inTurn('data', () => this.#loadData(request));
      case 'modelTree':
        return this.#inTurn('plan', async () => this.#tree(request.id, request.spec));
      case 'openAdapter':
        return this.#inTurn('data', () => this.#openAdapter(request));
      case 'cancelDownload':
        this.#reading.cancel('model');
        return this.#hub.cancel();
      case 'cancelReading':
        return this.#reading.cancel('table');
      case 'dataRows':
      case 'analyseData':
        return this.#inTurn('data', async () => this.#aboutData(request));
      case 'forecast':
      case 'batchMemory':
      case 'forecastTime':
      case 'findRate':
      case 'advise':
        return this.#inTurn('plan', () => this.#forecast(request));
      case 'stopAdvice':
        return this.#advice.stop();
      case 'measure':
        return this.#inTurn('plan', async () => {
          refuseMeanwhile(this.#running, this.#study.running);
          await this.#measuring.answer(request.id, this.#device.opened());
        });
      case 'stopMeasuring':
        return this.#measuring.stop();
      case 'study':
        return this.#inTurn('plan', () => this.#study.answer(request, this.#base, this.#running));
      case 'controlStudy':
        return this.#study.act(request.act);
      case 'start':
        return this.#inTurn('plan', () => this.#start(request));
      case 'pause':
      case 'step':
      case 'resume':
      case 'stop':
        return this.#running ? this.#comparison?.[request.type](request.run) : undefined;
      case 'export':
        if (request.artifact === 'model') return this.#inTurn('export', () => this.#exportModel(request));
        return this.#export(request.id, request.run, request.artifact);
      case 'predictions':
        return this.#busy.during('answer', () => this.#conclude(request.id));
      case 'judgeStored':
        return this.#busy.during('answer', () => this.#judgeStored(request));
      case 'predict':
        return this.#inTurn('answer', () => this.#predict(request));
      case 'continue':
        return this.#inTurn('plan', () => this.#continue(request));
      case 'adopt':
        return this.#inTurn('plan', () => this.#adopt(request.id, request.comparison));
    }
  }

  /** The verdict takes its resamples: minutes, with many methods on many rows. */
  async #conclude(id: number): Promise<void> {
    const none = { predictions: null, judged: null };
    this.#options.post({ type: 'predictions', id, ...(this.#comparison?.conclusion(this.#goesOn) ?? none) });
  }

  async #judgeStored({ id, comparison }: Extract<Request, { type: 'judgeStored' }>): Promise<void> {
    const store = await this.#store.opens();
    const judged = await judgedStored(store, await store.get(comparison), this.#goesOn);
    this.#options.post({ type: 'predictions', id, predictions: null, judged });
  }

  #inTurn(what: Busy, work: () => Promise<void>): Promise<void> {
    const turn = this.#loading.then(() => this.#busy.during(what, work));
    this.#loading = turn.catch(() => {});
    return turn;
  }

  async #open(wish: DeviceWish): Promise<void> {
    if (this.#device.isOpen) refuseSecond(this.#running, this.#study.running);
    const opened = await this.#device.open(wish);
    if (opened !== null) this.#options.post(opened);
  }

  async #loadModel(id: number, source: ModelSource): Promise<void> {
    const { files, name } =
      source.kind === 'hub' ? await this.#hub.open(source) : modelSource(source, this.#base);
    const chosen = files.model === undefined ? {} : { chosen: files.model };
    this.#model = await this.#reading.read({ kind: 'model', name, ...chosen }, files);
    this.#sources.model = source;
    this.#options.post({ type: 'model', id, model: summarizeModel(this.#model) });
  }

  async #loadData(request: Extract<Request, { type: 'loadData' }>): Promise<void> {
    const { id, source, task, columns, given, reading = {} } = request;
    const readFile: TableReader = async (from, choices) => {
      if (from instanceof File)
        return tableFromPlain(await this.#reading.read({ kind: 'table', file: from, reading: choices }));
      return this.#hub.training(from, choices);
    };
    const choice = { task, columns, given, reading };
    const { tables, summary } = await openData(source, this.#base, this.#model, choice, readFile);
    const { more: further = [] } = source;
    const others = await openMore(further, this.#base, this.#model, summary.task, readFile, this.#taskTables);
    this.#taskTables.settle();
    this.#tables = tables;
    this.#more = others.tables;
    this.#sources.data = source;
    const data = further.length === 0 ? summary : { ...summary, more: others.more };
    this.#options.post({ type: 'data', id, data });
  }

  #aboutData(request: DataRequest): void {
    const [{ post }, model] = [this.#options, this.#model];
    const { id, set = 0 } = request;
    const tables = set === 0 ? this.#read() : this.#more[set - 1];
    if (tables === undefined) throw new StudioError('data', say`There is no data yet; choose a file first.`);
    if (request.type === 'dataRows') post({ type: 'dataRows', id, rows: fileRows(tables, request) });
    else post({ type: 'dataAnalysis', id, analysis: analyseData(tables, model, request, this.#goesOn) });
  }

  async #openAdapter({ id, name, files }: StartRequest): Promise<void> {
    this.#starts.set(name, await this.#reading.read({ kind: 'adapter', name, files }));
    this.#options.post({ type: 'adapterOpened', id, name });
  }

  async #tree(id: number, input: SpecInput): Promise<void> {
    const runs = methodRuns(readSpec(input));
    const { deltaModel } = this.#prepared.get(runs[0].spec, this.#materials());
    await openMissing(methodsOf(runs), deltaModel, (name) => this.#starts.find(name) ?? NO_FILES);
    this.#options.post({ type: 'modelTree', id, tree: describeTree(deltaModel, runs) });
  }

  #materials(): Materials {
    if (this.#model === null) throw new StudioError('model', say`There is no model yet; choose one first.`);
    const { train, validation, test } = this.#read();
    const first = { model: this.#model, train, validation, test, goesOn: this.#goesOn };
    return this.#more.length === 0 ? first : { ...first, tasks: [first, ...this.#more] };
  }

  /** @throws StudioError('data') */
  #read(): Tables {
    if (this.#tables === null) throw new StudioError('data', say`There is no data yet; choose a file first.`);
    return this.#tables;
  }

  async #forecast(request: ForecastRequest): Promise<void> {
    const materials = this.#materials();
    const studio = this.#device.opened();
    const prepared = (spec: RunSpec): ReturnType<PreparedCache['get']> => {
      this.#busy.goesOn();
      return this.#prepared.get(spec, materials);
    };
    // What is not open yet is said at the start; until then its method is forecast as it stands.
    const openStart = (name: string) => this.#starts.find(name) ?? NO_FILES;
    const started = (spec: RunSpec) => withSavedStarts(spec, prepared(spec).deltaModel, openStart);
    if (request.type === 'forecast' || request.type === 'batchMemory')
      return this.#options.post(await answerForecast(request, prepared, started, studio.profile));
    refuseMeanwhile(this.#running, this.#study.running);
    const { post } = this.#options;
    const desk = { studio, prepared, started, openFolder: (name: string) => this.#starts.folder(name), post };
    post(await this.#advice.answer(request, desk));
  }

  async #predict({ id, text, text2, task }: Extract<Request, { type: 'predict' }>): Promise<void> {
    refuseMeanwhile(this.#running, this.#study.running);
    if (this.#comparison === null) throw nothingTrained();
    this.#options.post(await this.#comparison.answer(id, text, text2, task));
  }

  /** Begins a comparison and returns; it goes on by itself and reports through events. */
  async #start({ id, spec, forecast }: Extract<Request, { type: 'start' }>): Promise<void> {
    refuseSecond(this.#running, this.#study.running);
    const asked = readSpec(spec);
    const materials = this.#materials();
    const prepared = this.#prepared.get(comparisonSpecs(asked)[0].spec, materials);
    // What is not open ends its own run, when that comes to it.
    const openStart = (name: string) => this.#starts.find(name) ?? NO_FILES;
    const { deltaModel } = prepared;
    const started = await withSavedStarts(asked, deltaModel, openStart);
    const checked = withModelRatesWritten(started, rateTraits(deltaModel));
    const runs = comparisonSpecs(checked);
    const environment = this.#device.environment(this.#options.runtime);
    const sources = this.#sources as Sources;
    const notes = await notesOfStarts(runs, prepared.model, openStart);
    const stored = await this.#keep(
      await describeComparison({ spec: checked, runs, prepared, environment, sources, forecast }),
    );
    this.#begin(id, checked, stored, notes, forecast);
  }

  /** Goes on with a stored comparison, from its checkpoints. */
  async #continue({ id, comparison, takeOver }: Extract<Request, { type: 'continue' }>): Promise<void> {
    refuseSecond(this.#running, this.#study.running);
    const store = await this.#store.opens();
    await this.#letGo(comparison);
    const release = await takeLock(this.#options.locks, comparison, takeOver);
    if (release === null) throw inUse();
    try {
      const entry = await store.get(comparison);
      const { spec } = entry.comparison;
      await checkSame(entry.comparison, this.#prepared.get(comparisonSpecs(spec)[0].spec, this.#materials()));
      const environment = this.#device.environment(this.#options.runtime);
      const earlier = await loadEarlier(store, entry, true);
      const moved = movedNote(entry.comparison.environment, environment);
      const notes = moved === null ? [] : [moved];
      const kept = { store, comparison: entry.comparison, release, earlier };
      this.#begin(id, spec, kept, notes, entry.comparison.forecast);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Opens a stored comparison as it was left. */
  async #adopt(id: number, comparison: string): Promise<void> {
    refuseSecond(this.#running, this.#study.running);
    const store = await this.#store.opens();
    const entry = await store.get(comparison);
    const { spec } = entry.comparison;
    const prepared = this.#prepared.get(comparisonSpecs(spec)[0].spec, this.#materials());
    await checkSame(entry.comparison, prepared);
    const kept = { store, comparison: entry.comparison, earlier: await loadEarlier(store, entry, false) };
    this.#comparison = this.#makeComparison(spec, kept, null, entry.comparison.forecast);
    this.#options.post({ type: 'adopted', id });
  }

  /**
   * @param notes what is to be said beside what the data and the model say
   * @param forecast seconds that one run of each method was said to take
   */
  #begin(
    id: number,
    spec: SpecInput,
    stored: Kept | null,
    notes: readonly Sentence[],
    forecast?: Readonly<Record<string, number>>,
  ): void {
    const { post } = this.#options;
    const keeper = stored && this.#keeperOf(stored);
    const comparison = this.#makeComparison(spec, stored, keeper, forecast);
    const runs = comparisonSpecs(spec);
    const prepared = this.#prepared.get(runs[0].spec, this.#materials());
    this.#comparison = comparison;
    this.#running = true;
    post({
      type: 'started',
      id,
      runs: runs.map((run) => ({
        run: run.key,
        method: runMethod(run.spec),
        steps: totalSteps(run.spec),
      })),
      metric: runs[0].spec.training.metric,
      notes: [...notes, ...prepared.notes],
      comparison: stored?.comparison.id ?? null,
    });
    void comparison
      .run()
      .catch((error: unknown) => post(errorReply(error, null)))
      .finally(() => {
        this.#running = false;
        announce();
        // Nobody else is to touch it while some of it is still to be written.
        void keeper?.stored().then(() => this.#letGo(stored!.comparison.id, keeper));
      });
  }

  /** What stores a comparison that trains here. */
  #keeperOf({ store, comparison, created, release, earlier }: Kept): RunKeeper {
    const { id } = comparison;
    const keeper = new RunKeeper({
      store,
      comparison,
      created,
      events: earlier?.events,
      say: (problem) => this.#problems.report(id, problem),
      changed: announce,
    });
    this.#kept.set(id, { keeper, release });
    return keeper;
  }

  /** Stores no more of a comparison, and lets others have it. */
  async #letGo(id: string, keeper = this.#kept.get(id)?.keeper): Promise<void> {
    const kept = this.#kept.get(id);
    if (kept === undefined || kept.keeper !== keeper) return;
    this.#kept.delete(id);
    await kept.keeper.abandon();
    kept.release?.();
    announce();
  }

  #makeComparison(
    spec: SpecInput,
    stored: Kept | null,
    keeper: RunKeeper | null,
    forecast: Readonly<Record<string, number>> = {},
  ): Comparison {
    const materials = this.#materials();
    const runs = comparisonSpecs(spec);
    const { post } = this.#options;
    return new Comparison({
      studio: () => this.#device.opened(),
      prepared: this.#prepared.get(runs[0].spec, materials),
      base: materials.model,
      runs,
      order: spec.compareOrder ?? 'inTurn',
      environment: stored?.comparison.environment ?? this.#device.environment(this.#options.runtime),
      baseline: spec.baseline,
      forecast,
      post,
      earlier: stored?.earlier,
      openFolder: (name) => this.#starts.folder(name),
      during: (what, work) => this.#busy.during(what, work),
      ...(keeper && { keeper }),
    });
  }

  /** Puts a comparison that starts into the store; null, with a sentence to the page, where that is refused. */
  async #keep(comparison: StoredComparison): Promise<Kept | null> {
    const { locks } = this.#options;
    if (!this.#store.exists) return null;
    try {
      const store = await this.#store.opens();
      const release = (await takeLock(locks, comparison.id)) ?? (() => {});
      this.#problems.report(INPUTS, null);
      let created = true;
      try {
        await store.create(comparison);
        announce();
      } catch (error) {
        // There may be room later: the record is then the first thing to be written.
        created = false;
        this.#problems.report(comparison.id, storageSentence(error, comparison.name, []));
      }
      // Files are large: they are stored behind the training.
      void keepInputs(store, comparison, this.#sources as Sources).catch((error: unknown) =>
        this.#problems.report(INPUTS, inputsSentence(error)),
      );
      return { store, comparison, created, release };
    } catch (error) {
      this.#problems.report(comparison.id, storageSentence(error, comparison.name, []));
      return null;
    }
  }

  async #exportModel({ id, run, task }: Extract<Request, { type: 'export' }>): Promise<void> {
    refuseMeanwhile(this.#running, this.#study.running);
    if (this.#comparison === null) throw nothingTrained();
    const { files, difference } = await this.#comparison.model(run, task);
    this.#options.post({ type: 'files', id, files, difference });
  }

  #export(id: number, run: string, artifact: Exclude<Artifact, 'model'>): void {
    if (this.#comparison === null) throw nothingTrained();
    this.#options.post({ type: 'files', id, files: this.#comparison.files(run, artifact) });
  }
}
