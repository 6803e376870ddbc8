/**
 * The engine behind the page's messages: it holds the device, the loaded model and dataset, and the
 * comparison that runs. One of it lives in the worker; tests drive it without one.
 */
import { StudioError } from '../errors.ts';
import { openDevice, type OpenedDevice } from '../gpu/device.ts';
import type { ShaderSource } from '../gpu/shaders.ts';
import { prepareData, type PreparedData } from '../data/dataset.ts';
import { guessColumns } from '../data/guess-columns.ts';
import { loadModel, type Model } from '../models/model.ts';
import { errorReply } from '../protocol/error-reply.ts';
import type { Columns, DataSource, ModelSource, Reply, Request } from '../protocol/messages.ts';
import type { Task } from '../runs/spec.ts';
import { guessTask } from './guess-task.ts';
import { modelSource, readTables, type Tables } from './sources.ts';
import { summarizeData, summarizeModel } from './summaries.ts';

export interface SessionOptions {
  /** `navigator.gpu`; undefined where there is none. */
  gpu: GPU | undefined;
  shaders: ShaderSource;
  post: (reply: Reply) => void;
}

/** Seed of the rows held out for the summary; a run's own seed cuts its own. */
const SUMMARY_SEED = 42;
const VALIDATION_SHARE = 0.1;

export class Session {
  readonly #options: SessionOptions;
  #base = '';
  #device: OpenedDevice | null = null;
  #model: Model | null = null;
  #tables: Tables | null = null;

  constructor(options: SessionOptions) {
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
        return this.#loadModel(request.id, request.source);
      case 'loadData':
        return this.#loadData(request.id, request.source, request.task, request.columns);
      default:
        throw new StudioError('unsupported', 'not yet');
    }
  }

  async #open(): Promise<void> {
    const device = await openDevice(this.#options.gpu);
    this.#device = device;
    void device.lost.then((error) => {
      this.#device = null;
      this.#options.post(errorReply(error, null));
    });
    this.#options.post({ type: 'device', adapter: device.profile });
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
    const prepared: PreparedData = prepareData(tables.train, tables.validation ?? VALIDATION_SHARE, {
      columns,
      task: kind,
      seed: SUMMARY_SEED,
    });
    this.#tables = tables;
    this.#options.post({ type: 'data', id, data: summarizeData(tables, prepared, columns, kind) });
  }
}
