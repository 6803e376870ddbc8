/**
 * The engine behind the page's messages: it holds the device, the loaded model and dataset, and the
 * comparison that runs. One of it lives in the worker; tests drive it without one.
 */
import { prepareData } from '../data/dataset.ts';
import { guessColumns } from '../data/guess-columns.ts';
import { StudioError } from '../errors.ts';
import type { ShaderSource } from '../gpu/shaders.ts';
import { openStudio, type Studio } from '../gpu/studio.ts';
import { loadModel } from '../models/load.ts';
import type { Model } from '../models/model.ts';
import { errorReply } from '../protocol/error-reply.ts';
import type { RunEnvironment } from '../runs/record.ts';
import type { Artifact, Columns, DataSource, ModelSource, Reply, Request } from '../protocol/messages.ts';
import type { ForecastRequest } from '../protocol/forecasts.ts';
import {
  comparisonSpecs,
  readSpec,
  runMethod,
  totalSteps,
  type RunSpec,
  type SpecInput,
  type Task,
} from '../runs/spec.ts';
import { modelLabels, type Materials, type Prepared } from '../train/prepare.ts';
import { Comparison } from './comparison.ts';
import { VERSION } from '../runs/version.ts';
import { answerForecast } from './forecasts.ts';
import { guessTask } from './guess-task.ts';
import { PreparedCache } from './prepared.ts';
import { modelSource, readTables, type Tables } from './sources.ts';
import { summarizeData, summarizeModel } from './summaries.ts';

export interface EngineOptions {
  /** `navigator.gpu`; undefined where there is none. */
  gpu: GPU | undefined;
  shaders: ShaderSource;
  /** The browser, for run records. */
  runtime: string;
  post: (reply: Reply) => void;
}

/** Seed of the rows held out for the summary; a run's own seed cuts its own. */
const SUMMARY_SEED = 42;
const VALIDATION_SHARE = 0.1;

export class Engine {
  readonly #options: EngineOptions;
  #base = '';
  #studio: Studio | null = null;
  #model: Model | null = null;
  #tables: Tables | null = null;
  #comparison: Comparison | null = null;
  readonly #prepared = new PreparedCache();
  #running = false;
  /** Requests of a kind are answered in turn, so that the last one asked is the one that stays. */
  #loading: Promise<unknown> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
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
        return this.#open();
      case 'loadModel':
        return this.#inTurn(() => this.#loadModel(request.id, request.source));
      case 'loadData':
        return this.#inTurn(() => this.#loadData(request.id, request.source, request.task, request.columns));
      case 'forecast':
      case 'batchMemory':
        return this.#inTurn(() => this.#forecast(request));
      case 'start':
        return this.#inTurn(() => this.#start(request.id, request.spec));
      case 'pause':
        return this.#running ? this.#comparison?.pause(request.run) : undefined;
      case 'resume':
        return this.#running ? this.#comparison?.resume(request.run) : undefined;
      case 'stop':
        return this.#running ? this.#comparison?.stop(request.run) : undefined;
      case 'export':
        return this.#export(request.id, request.run, request.artifact);
      case 'predictions':
        return this.#options.post({
          type: 'predictions',
          id: request.id,
          predictions: this.#comparison?.predictions() ?? null,
        });
      case 'predict':
        return this.#inTurn(() => this.#predict(request));
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#loading.then(work);
    this.#loading = turn.catch(() => {});
    return turn;
  }

  async #open(): Promise<void> {
    const { gpu, shaders, post } = this.#options;
    const studio = await openStudio(gpu, shaders);
    this.#studio = studio;
    void studio.lost.then((error) => {
      this.#studio = null;
      post(errorReply(error, null));
    });
    post({ type: 'device', adapter: studio.profile });
  }

  async #loadModel(id: number, source: ModelSource): Promise<void> {
    const { files, name } = modelSource(source, this.#base);
    this.#model = await loadModel(files, name);
    this.#options.post({ type: 'model', id, model: summarizeModel(this.#model) });
  }

  async #loadData(id: number, source: DataSource, task: Task | null, chosen: Columns | null): Promise<void> {
    const tables = await readTables(source, this.#base);
    const guessed = chosen ?? guessColumns(tables.train);
    const columns: Columns = { text: guessed.text.map(String), label: String(guessed.label) };
    const kind = task ?? guessTask(tables.train.column(columns.label));
    const prepared = prepareData(tables.train, tables.validation ?? VALIDATION_SHARE, {
      columns,
      task: kind,
      seed: SUMMARY_SEED,
      ...(this.#model !== null && { model: modelLabels(this.#model) }),
    });
    this.#tables = tables;
    this.#options.post({ type: 'data', id, data: summarizeData(tables, prepared, columns, kind) });
  }

  #materials(): Materials {
    if (this.#model === null) throw new StudioError('model', 'There is no model yet; choose one first.');
    if (this.#tables === null) throw new StudioError('data', 'There is no data yet; choose a file first.');
    return { model: this.#model, train: this.#tables.train, validation: this.#tables.validation };
  }

  /** The open device. @throws StudioError('device') */
  #opened(): Studio {
    if (this.#studio === null) {
      throw new StudioError('device', 'There is no WebGPU device; open it again or reload the page.');
    }
    return this.#studio;
  }

  async #forecast(request: ForecastRequest): Promise<void> {
    const materials = this.#materials();
    const { profile } = this.#opened();
    const prepared = (spec: RunSpec): Prepared => this.#prepared.get(spec, materials);
    this.#options.post(answerForecast(request, prepared, profile));
  }

  async #predict({ id, text, text2 }: Extract<Request, { type: 'predict' }>): Promise<void> {
    if (this.#running) {
      throw new StudioError('training', 'A comparison is running; wait for its end, then ask again.');
    }
    if (this.#comparison === null) throw nothingTrained();
    this.#options.post(await this.#comparison.answer(id, text, text2));
  }

  /** Begins a comparison and returns; it goes on by itself and reports through events. */
  async #start(id: number, input: SpecInput): Promise<void> {
    if (this.#running) {
      throw new StudioError('training', 'A comparison is running; stop it before starting another.');
    }
    const { post } = this.#options;
    const checked = readSpec(input);
    const runs = comparisonSpecs(checked);
    const studio = this.#opened();
    const materials = this.#materials();
    const prepared = this.#prepared.get(runs[0].spec, materials);
    const comparison = new Comparison({
      studio,
      prepared,
      base: materials.model,
      runs,
      order: checked.compareOrder ?? 'inTurn',
      environment: this.#environment(studio),
      post,
    });
    this.#comparison = comparison;
    this.#running = true;
    post({
      type: 'started',
      id,
      runs: runs.map(({ key, spec }) => ({ run: key, method: runMethod(spec), steps: totalSteps(spec) })),
      metric: runs[0].spec.training.metric,
      notes: prepared.notes,
    });
    void comparison
      .run()
      .catch((error: unknown) => post(errorReply(error, null)))
      .finally(() => (this.#running = false));
  }

  #export(id: number, run: string, artifact: Artifact): void {
    if (this.#comparison === null) {
      throw nothingTrained();
    }
    this.#options.post({ type: 'files', id, files: this.#comparison.files(run, artifact) });
  }

  #environment({ profile }: Studio): RunEnvironment {
    const { vendor, architecture, description, software } = profile;
    return {
      studio: VERSION,
      runtime: this.#options.runtime,
      adapter: { vendor, architecture, description, software },
    };
  }
}

function nothingTrained(): StudioError {
  return new StudioError('training', 'Nothing has been trained yet; start a comparison first.');
}
