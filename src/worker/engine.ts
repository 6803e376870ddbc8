/**
 * The engine behind the page's messages: it holds the device, the loaded model and dataset, and the
 * comparison that runs. One of it lives in the worker; tests drive it without one.
 */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import { NO_FILES } from '../models/files.ts';
import type { Model } from '../models/model.ts';
import { errorReply } from '../protocol/error-reply.ts';
import type { Artifact, DataSource, ModelSource, Reply, Request } from '../protocol/messages.ts';
import { tableFromPlain } from '../data/table/plain-table.ts';
import type { DataRequest } from '../protocol/data.ts';
import type { DeviceWish } from '../protocol/device.ts';
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
import { inTurns } from '../steps.ts';
import type { Materials } from '../train/prepare.ts';
import type { Prepared } from '../train/prepared.ts';
import { movedNote } from '../runs/moved.ts';
import { withSavedStarts } from '../runs/adapter-start.ts';
import { openMissing } from '../runs/fusion-adapters.ts';
import { notesOfStarts } from '../runs/start-heads.ts';
import { withModelRatesWritten } from '../runs/model-rates.ts';
import { rateTraits } from '../deltas/model-traits.ts';
import { takeLock, type Locks } from '../runs/storage/locks.ts';
import type { RunStore } from '../runs/storage/run-store.ts';
import { Comparison } from './comparison.ts';
import { judgedStored } from './judge-runs.ts';
import { checkSame, describeComparison, loadEarlier, type Sources } from './stored-comparison.ts';
import { analyseData, fileRows, openData, openMore, TaskTables } from './data.ts';
import type { PageDevice } from './device.ts';
import { AdviceDesk } from './advice.ts';
import { announce } from './announce.ts';
import type { Kept } from './kept.ts';
import { Keeping } from './keeping.ts';
import type { RunKeeper } from './run-keeper.ts';
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
import { Turns, type Turn } from './turns.ts';

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
  readonly #keeping: Keeping;
  readonly #turns: Turns;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#device = new HeldDevice(options.openDevice, (error) => options.post(errorReply(error, null)));
    this.#hub = new HubDownloads(options.post, options.policy);
    this.#busy = new BusyTeller(options.post);
    this.#turns = new Turns(this.#busy);
    this.#store = new HeldStore(options.openStore);
    this.#measuring = new MeasureDesk(options.post, this.#busy);
    this.#study = new StudyDesk(options, this.#device, this.#hub, this.#busy, this.#starts);
    this.#reading = new ReadingRoom({ start: options.startReader, locks: options.locks });
    this.#keeping = new Keeping(this.#store, options.locks, (problem, unstored) =>
      options.post({ type: 'storage', problem, unstored }),
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
        return this.#turns.take(request, 'model', (turn) => this.#loadModel(request, turn));
      case 'loadData':
        return this.#turns.take(request, 'data', (turn) => this.#loadData(request, turn));
      case 'modelTree':
        return this.#turns.take(request, 'plan', (turn) => this.#tree(request.id, request.spec, turn));
      case 'openAdapter':
        return this.#turns.take(request, 'data', () => this.#openAdapter(request));
      case 'cancelDownload':
        this.#reading.cancel('model');
        return this.#hub.cancel();
      case 'cancelReading':
        return this.#reading.cancel('table');
      case 'dataRows':
      case 'analyseData':
        return this.#turns.take(request, 'data', (turn) => this.#aboutData(request, turn));
      case 'forecast':
      case 'batchMemory':
      case 'forecastTime':
      case 'findRate':
      case 'advise':
        return this.#turns.take(request, 'plan', (turn) => this.#forecast(request, turn));
      case 'stopAdvice':
        return this.#advice.stop();
      case 'measure':
        return this.#turns.take(request, 'plan', async () => {
          refuseMeanwhile(this.#running, this.#study.running);
          await this.#measuring.answer(request.id, this.#device.opened());
        });
      case 'stopMeasuring':
        return this.#measuring.stop();
      case 'study':
        return this.#turns.take(request, 'plan', () =>
          this.#study.answer(request, this.#base, this.#running),
        );
      case 'controlStudy':
        return this.#study.act(request.act);
      case 'start':
        return this.#turns.take(request, 'plan', (turn) => this.#start(request, turn));
      case 'pause':
      case 'step':
      case 'resume':
      case 'stop':
        return this.#running ? this.#comparison?.[request.type](request.run) : undefined;
      case 'export':
        if (request.artifact === 'model')
          return this.#turns.take(request, 'export', () => this.#exportModel(request));
        return this.#export(request.id, request.run, request.artifact);
      case 'predictions':
        return this.#busy.during('answer', () => this.#conclude(request.id));
      case 'judgeStored':
        return this.#busy.during('answer', () => this.#judgeStored(request));
      case 'predict':
        return this.#turns.take(request, 'answer', () => this.#predict(request));
      case 'continue':
        return this.#turns.take(request, 'plan', (turn) => this.#continue(request, turn));
      case 'adopt':
        return this.#turns.take(request, 'plan', (turn) => this.#adopt(request, turn));
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

  async #open(wish: DeviceWish): Promise<void> {
    if (this.#device.isOpen) refuseSecond(this.#running, this.#study.running);
    const opened = await this.#device.open(wish);
    if (opened !== null) this.#options.post(opened);
  }

  async #loadModel({ id, source }: Extract<Request, { type: 'loadModel' }>, turn: Turn): Promise<void> {
    turn.whenGivenUp(() => this.#cancel('model', source));
    const { files, name } =
      source.kind === 'hub' ? await this.#hub.open(source) : modelSource(source, this.#base);
    const chosen = files.model === undefined ? {} : { chosen: files.model };
    this.#model = await this.#reading.read({ kind: 'model', name, ...chosen }, files);
    this.#sources.model = source;
    this.#options.post({ type: 'model', id, model: summarizeModel(this.#model) });
  }

  /** Gives up what is being read or downloaded. */
  #cancel(kind: 'model' | 'table', { kind: place }: Pick<ModelSource | DataSource, 'kind'>): void {
    this.#reading.cancel(kind);
    if (place === 'hub') this.#hub.cancel();
  }

  async #loadData(request: Extract<Request, { type: 'loadData' }>, turn: Turn): Promise<void> {
    const { id, source, task, columns, given, reading = {} } = request;
    turn.whenGivenUp(() => this.#cancel('table', source));
    const readFile: TableReader = async (from, choices) => {
      if (from instanceof File)
        return tableFromPlain(await this.#reading.read({ kind: 'table', file: from, reading: choices }));
      return this.#hub.training(from, choices);
    };
    const choice = { task, columns, given, reading };
    const { tables, summary } = await openData(source, this.#base, this.#model, choice, readFile);
    turn.check();
    const { more: further = [] } = source;
    const others = await openMore(further, this.#base, this.#model, summary.task, readFile, this.#taskTables);
    this.#taskTables.settle();
    this.#tables = tables;
    this.#more = others.tables;
    this.#sources.data = source;
    const data = further.length === 0 ? summary : { ...summary, more: others.more };
    this.#options.post({ type: 'data', id, data });
  }

  async #aboutData(request: DataRequest, turn: Turn): Promise<void> {
    const [{ post }, model] = [this.#options, this.#model];
    const { id, set = 0 } = request;
    const tables = set === 0 ? this.#read() : this.#more[set - 1];
    if (tables === undefined) throw new StudioError('data', say`There is no data yet; choose a file first.`);
    if (request.type === 'dataRows') post({ type: 'dataRows', id, rows: fileRows(tables, request) });
    else
      post({
        type: 'dataAnalysis',
        id,
        analysis: await inTurns(analyseData(tables, model, request), turn.check),
      });
  }

  async #openAdapter({ id, name, files }: StartRequest): Promise<void> {
    this.#starts.set(name, await this.#reading.read({ kind: 'adapter', name, files }));
    this.#options.post({ type: 'adapterOpened', id, name });
  }

  async #tree(id: number, input: SpecInput, turn: Turn): Promise<void> {
    const runs = methodRuns(readSpec(input));
    const { deltaModel } = await this.#ready(runs[0].spec, turn);
    await openMissing(methodsOf(runs), deltaModel, (name) => this.#starts.find(name) ?? NO_FILES);
    this.#options.post({ type: 'modelTree', id, tree: describeTree(deltaModel, runs) });
  }

  #materials(): Materials {
    if (this.#model === null) throw new StudioError('model', say`There is no model yet; choose one first.`);
    const { train, validation, test } = this.#read();
    const first = { model: this.#model, train, validation, test };
    return this.#more.length === 0 ? first : { ...first, tasks: [first, ...this.#more] };
  }

  /** What a spec trains on, with messages heard while that is made. @throws StudioError as `prepare`, or when given up */
  #ready(spec: RunSpec, turn: Turn): Promise<Prepared> {
    return this.#prepared.inTurns(spec, this.#materials(), turn.check);
  }

  /** @throws StudioError('data') */
  #read(): Tables {
    if (this.#tables === null) throw new StudioError('data', say`There is no data yet; choose a file first.`);
    return this.#tables;
  }

  async #forecast(request: ForecastRequest, turn: Turn): Promise<void> {
    const materials = this.#materials();
    const studio = this.#device.opened();
    const prepared = (spec: RunSpec): Prepared => {
      this.#busy.goesOn();
      return this.#prepared.get(spec, materials);
    };
    await this.#ready(methodRuns(readSpec(request.spec))[0].spec, turn);
    // What is not open yet is said at the start; until then its method is forecast as it stands.
    const openStart = (name: string) => this.#starts.find(name) ?? NO_FILES;
    const started = (spec: RunSpec) => withSavedStarts(spec, prepared(spec).deltaModel, openStart);
    if (request.type === 'forecast' || request.type === 'batchMemory')
      return this.#options.post(
        await answerForecast(request, prepared, started, studio.profile, turn.between),
      );
    refuseMeanwhile(this.#running, this.#study.running);
    const { post } = this.#options;
    const goesOn = (): boolean => {
      this.#busy.goesOn();
      return turn.wanted;
    };
    const openFolder = (name: string) => this.#starts.folder(name);
    const desk = { studio, prepared, started, openFolder, goesOn, post };
    const answer = await this.#advice.answer(request, desk);
    turn.check();
    post(answer);
  }

  async #predict({ id, text, text2, task }: Extract<Request, { type: 'predict' }>): Promise<void> {
    refuseMeanwhile(this.#running, this.#study.running);
    if (this.#comparison === null) throw nothingTrained();
    this.#options.post(await this.#comparison.answer(id, text, text2, task));
  }

  /** Begins a comparison and returns; it goes on by itself and reports through events. */
  async #start({ id, spec, forecast }: Extract<Request, { type: 'start' }>, turn: Turn): Promise<void> {
    refuseSecond(this.#running, this.#study.running);
    const asked = readSpec(spec);
    const prepared = await this.#ready(comparisonSpecs(asked)[0].spec, turn);
    // What is not open ends its own run, when that comes to it.
    const openStart = (name: string) => this.#starts.find(name) ?? NO_FILES;
    const { deltaModel } = prepared;
    const started = await withSavedStarts(asked, deltaModel, openStart);
    const checked = withModelRatesWritten(started, rateTraits(deltaModel));
    const runs = comparisonSpecs(checked);
    const environment = this.#device.environment(this.#options.runtime);
    const sources = this.#sources as Sources;
    const notes = await notesOfStarts(runs, prepared.model, openStart);
    const described = await describeComparison({
      spec: checked,
      runs,
      prepared,
      environment,
      sources,
      forecast,
    });
    const stored = await this.#keeping.keep(described, sources);
    this.#begin(id, checked, stored, notes, forecast);
  }

  /** Goes on with a stored comparison, from its checkpoints. */
  async #continue(
    { id, comparison, takeOver }: Extract<Request, { type: 'continue' }>,
    turn: Turn,
  ): Promise<void> {
    refuseSecond(this.#running, this.#study.running);
    const store = await this.#store.opens();
    await this.#keeping.letGo(comparison);
    const release = await takeLock(this.#options.locks, comparison, takeOver);
    if (release === null) throw inUse();
    try {
      const entry = await store.get(comparison);
      const { spec } = entry.comparison;
      await checkSame(entry.comparison, await this.#ready(comparisonSpecs(spec)[0].spec, turn));
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
  async #adopt({ id, comparison }: Extract<Request, { type: 'adopt' }>, turn: Turn): Promise<void> {
    refuseSecond(this.#running, this.#study.running);
    const store = await this.#store.opens();
    const entry = await store.get(comparison);
    const { spec } = entry.comparison;
    await checkSame(entry.comparison, await this.#ready(comparisonSpecs(spec)[0].spec, turn));
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
    const keeper = stored && this.#keeping.keeperOf(stored);
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
        void keeper?.stored().then(() => this.#keeping.letGo(stored!.comparison.id, keeper));
      });
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
