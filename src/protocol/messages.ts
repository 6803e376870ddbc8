/**
 * What the page and its worker say to each other. Every message is plain data (structured clone);
 * a request that has an answer carries an `id`, and the answer or the error repeats it.
 */
import type { StartReply, StartRequest } from './starts.ts';
import type { Columns } from './columns.ts';
import type { StudioErrorCode } from '../errors.ts';
import { type Sentence } from '../sentence.ts';
import type { SpecInput, Task } from '../runs/spec.ts';
import type { RunEvent } from '../train/events.ts';
import type { ControlReply, ControlRequest } from './controls.ts';
import type { LabelSpace } from '../data/labels.ts';
import type { ReadingChoices } from '../data/reading.ts';
import type { DataQuestion, KnownColumns } from '../question.ts';
import type { DataReply, DataRequest } from './data.ts';
import type { DeviceReply, DeviceWish } from './device.ts';
import type { HistoryReply, HistoryRequest } from './history.ts';
import type { HubReply, HubRequest } from './hub.ts';
import type { TreeReply, TreeRequest } from './tree.ts';
import type { LifeReply, LifeRequest } from './life.ts';
import type { ForecastReply, ForecastRequest } from './forecasts.ts';
import type { DataSource, ModelSource } from './sources.ts';
import type { StudyReply, StudyRequest } from './study.ts';
import type { MeasureReply, MeasureRequest } from './measure.ts';
import type { PredictionReply, PredictionRequest } from './predictions.ts';

export type { Columns } from './columns.ts';
export type { FolderFile } from './files.ts';
export type { DataSource, ModelSource, TableSource, TaskSource } from './sources.ts';

export type { Forecast } from './forecasts.ts';

export interface ModelSummary {
  /** Spec's `model.source`. */
  source: string;
  name: string;
  /** `model_type` of its config. */
  architecture: string;
  /** Null where config.json does not say. */
  layers: number | null;
  hiddenSize: number | null;
  vocabularySize: number | null;
  parameters: number;
  opset: number;
  /** Longest sequence its position embeddings allow, or null when it has no bound. */
  maxPositions: number | null;
  /** What it can be asked to do, the likeliest first. */
  tasks: readonly Task[];
  /** Whether the export carries a classifier. */
  hasClassifier: boolean;
  /** What a person should know about how the model was taken, a sentence each. */
  notes: Sentence[];
  /** Bytes of its tensors. */
  bytes: number;
  /** Why it cannot be trained as it came, and what to do; null or absent when it can. */
  problem?: Sentence | null;
}

export interface ClassCount {
  label: string;
  train: number;
  validation: number;
}

export interface DataSummary {
  /** Short name, from the file or the built-in set. */
  name: string;
  /** Spec's `data.train`, `data.validation` and, where there is such a file, `data.test`. */
  files: { train: string; validation: string | null; test?: string };
  /** Rows of the files, whether they can be used or not; of validation 0 without such a file. */
  fileRows: { train: number; validation: number; test?: number };
  columnNames: string[];
  columns: Columns;
  task: Task;
  rows: { train: number; validation: number; test?: number };
  /** Whether validation rows were cut from the training file. */
  validationCut: boolean;
  /** Empty where there are none. */
  classes: ClassCount[];
  /** How labels became class indices; null for a regression. */
  labelSource: LabelSpace['source'] | null;
  /** What was assumed on reading, a sentence each. */
  notes: Sentence[];
  /** How the person said that the files are read. */
  reading?: ReadingChoices;
  /** How the training file was read. */
  read?: ReadAs;
  /** Why the file, though read, cannot be trained on as its columns stand; null or absent when it can. */
  problem?: DataProblem | null;
  /** Further tasks, in their order; absent where there are none. */
  more?: readonly TaskSummary[];
}

export interface TaskSummary {
  name: string;
  data: Omit<DataSummary, 'more'>;
}

/** How a file was read. */
export interface ReadAs {
  /** A label of the Encoding Standard; null of a binary format. */
  encoding: string | null;
  /** What stands between cells; null where the format has its own syntax. */
  separator: string | null;
  /** Whether its first row names the columns. */
  header: boolean;
  /** Some text of it, beyond ASCII where there is such. */
  sample: string;
}

/** What keeps a dataset from being used. */
export interface DataProblem {
  /** One sentence. */
  message: Sentence;
  /** The first rows concerned, a sentence each; leaving them out would help. Empty where it is not about rows. */
  rows: Sentence[];
  /** What the person may answer. */
  question?: DataQuestion;
}

/** What a run is kept as. `adapter` holds the trained tensors of the best step. */
export type Artifact = 'adapter' | 'model' | 'metrics' | 'record';

/** Files of an artifact; `difference`: of a model, the largest between onnxruntime-web and our own forward pass. */
export interface Exported {
  files: NamedFile[];
  difference?: number;
}

export interface NamedFile {
  /** Path inside the download, forward slashes. */
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export type SessionState = 'idle' | 'preparing' | 'running' | 'paused' | 'stopping';

/** Page to worker. `base` is the page's address, from which built-in files are fetched. `spec` is a run spec with `compare`, validated by the worker before it acts. */
export type Request =
  | { type: 'open'; base: string; device?: DeviceWish }
  /** Gives up reading a data file. */
  | { type: 'cancelReading' }
  | { type: 'loadModel'; id: number; source: ModelSource }
  | {
      type: 'loadData';
      id: number;
      source: DataSource;
      task: Task | null;
      columns: Columns | null;
      /** What was said of the columns that are guessed. */
      given?: KnownColumns;
      reading?: ReadingChoices;
    }
  | DataRequest
  | HubRequest
  | TreeRequest
  | StartRequest
  /** `forecast`: seconds that one run of each method was said to take, by its name. */
  | { type: 'start'; id: number; spec: SpecInput; forecast?: Readonly<Record<string, number>> }
  /** `task`: whose model it is, of a run of several tasks. */
  | { type: 'export'; id: number; run: string; artifact: Artifact; task?: string }
  | ForecastRequest
  | { type: 'stopAdvice' }
  | MeasureRequest
  | ControlRequest
  | HistoryRequest
  | PredictionRequest
  | StudyRequest
  | LifeRequest;

/** A run of the comparison as it starts: `run` is its key in later messages. */
export interface RunHeader {
  run: string;
  method: string;
  steps: number;
  /** Comparison and run that it stands for, of a run of another comparison laid over this one. */
  overlay?: string;
}

/** Worker to page. */
export type Reply =
  | DeviceReply
  | { type: 'model'; id: number; model: ModelSummary }
  | { type: 'data'; id: number; data: DataSummary }
  | DataReply
  | HubReply
  | TreeReply
  | StartReply
  /** `comparison` is its id in the store; null where nothing is stored. */
  | {
      type: 'started';
      id: number;
      runs: RunHeader[];
      metric: string;
      notes: Sentence[];
      comparison: string | null;
    }
  | { type: 'events'; run: string; events: RunEvent[] }
  | { type: 'state'; state: SessionState }
  | ({ type: 'files'; id: number } & Exported)
  | ForecastReply
  | ControlReply
  | HistoryReply
  | PredictionReply
  | StudyReply
  | MeasureReply
  | LifeReply
  | ErrorReply;

export interface ErrorReply {
  type: 'error';
  /** Request that failed, or null for what happened on its own (a lost device). */
  id: number | null;
  /** One sentence, in English: what, where, what to do. */
  message: string;
  /** The same with its values apart; absent for a defect of the studio, which is not translated. */
  sentence?: Sentence;
  /** `internal` marks a defect of the studio. */
  code: StudioErrorCode | 'internal';
  where: string | null;
  /** Where the sentence stands for several places: the first ones, a sentence each. */
  details?: Sentence[];
  /** What the person may answer. */
  question?: DataQuestion;
}

/** Requests that are answered by a reply with the same id. */
export type AskedRequest = Extract<Request, { id: number }>;
