/** What the page knows, as its components read it; only `studio.ts` and its helpers change it. */
import type { ModelTree } from '../../protocol/tree.ts';
import type { HubReply } from '../../protocol/hub.ts';
import type { Advised } from '../../advice/advise.ts';
import { StudioError } from '../../errors.ts';
import { type Sentence, type Told } from '../../sentence.ts';
import type { RunControlState } from '../../protocol/controls.ts';
import type { DataAnalysis } from '../../protocol/data.ts';
import type { DeviceReply } from '../../protocol/device.ts';
import type { Advising, ForecastRefusal } from '../../protocol/forecasts.ts';
import type {
  DataSource,
  DataSummary,
  ErrorReply,
  Forecast,
  ModelSummary,
  SessionState,
} from '../../protocol/messages.ts';
import type { Judged } from '../../evidence/comparison-summary.ts';
import type { PredictionReply, ValidationPredictions } from '../../protocol/predictions.ts';
import type { Measurement, MeasureProgress } from '../../measure/measure.ts';
import type { SpecInput } from '../../runs/spec.ts';
import type { ReadingChoices } from '../../data/reading.ts';
import type { DataQuestion } from '../../question.ts';
import type { BatchCurves } from './batch-curve.ts';
import { EngineError } from './engine-client.ts';
import type { Doing } from '../../train/doing.ts';
import type { EngineState } from './engine-life.ts';
import type { Form } from './form.ts';
import type { Shown } from './opened.ts';
import type { RunSnapshot } from './recorder.ts';

/** How a comparison ended, and how long it took from Start, pauses left out. */
export interface Ending {
  /** `stopped`: before its last step, by the person. `failed`: no run came to its end. */
  kind: 'done' | 'stopped' | 'failed';
  seconds: number;
}

/** A sentence for the person, and whether it is a defect of ours. */
export interface Problem {
  message: Told;
  internal: boolean;
  /** Path of the field it is about, where it is about one. */
  where?: string;
  /** Where the sentence stands for several rows: the first ones, a sentence each. */
  details?: readonly Sentence[];
  /** What the person may answer. */
  question?: DataQuestion;
}

/** Something that is asked of the engine: its last answer stays while a new one is awaited. */
export interface Asked<Value> {
  loading: boolean;
  value: Value | null;
  problem: Problem | null;
}

export type Answers = Extract<PredictionReply, { type: 'answers' }>;

/** What the page knows of "Find out for me". */
export interface AdviceState {
  /** While pilots train: how far they are; `stopping` once they are to end. */
  going: (Advising & { stopping: boolean }) | null;
  found: Advised | null;
  problem: Problem | null;
}

/** What the page knows of "Measure this device". */
export interface MeasureState {
  /** While it is measured: how far it is; `stopping` once it is to end. */
  going: { progress: MeasureProgress | null; stopping: boolean } | null;
  found: Measurement | null;
  problem: Problem | null;
}

export interface StudioState {
  /** Whether the engine is there and answers. */
  engine: EngineState;
  device: Asked<Omit<DeviceReply, 'type'>>;
  model: Asked<ModelSummary>;
  data: Asked<DataSummary>;
  /** Files of the dataset being shown, to read again with other columns. */
  dataSource: DataSource;
  /** How the person said that it is read. */
  reading: ReadingChoices;
  /** Names of the model and the data that were read last; null before the first. */
  before: { model: string | null; data: string | null };
  /** Names of files of the last visit that have to be chosen again; null where there is none. */
  again: { model: string | null; data: string | null };
  /** What a look at every row found, of each data set: the first, and those of further tasks. */
  looks: readonly Asked<DataAnalysis>[];
  /** A file of a model on its way from a hub; null while there is none. */
  download: HubReply | null;
  /** What is inside the model and what each run would train of it; null until it is known. */
  tree: ModelTree | null;
  forecast: Asked<Forecast[]>;
  /** Seconds that one run of each method of a forecast would take, by its name; null before they are known. */
  times: { of: Forecast[] | null; seconds: Readonly<Record<string, number>> } | null;
  /** The same of the comparison on show, as said before it began; empty where that is not known. */
  startedTimes: Readonly<Record<string, number>>;
  /** Methods of the form that cannot run as asked, each with its sentence. */
  refusals: ForecastRefusal[];
  /** What the device was measured to do. */
  measuring: MeasureState;
  /** What pilots find out of what to train. */
  advice: AdviceState;
  /** Memory over batch sizes, as far as it has been worked out. */
  batchCurves: BatchCurves;
  form: Form;
  session: SessionState;
  /** What is done before the first steps; null before it is known. */
  doing: Doing | null;
  /** How the comparison that was started here last has ended; null before, and while one is going. */
  ending: Ending | null;
  /** What went wrong with starting or running. */
  runProblem: Problem | null;
  runs: RunSnapshot[];
  /** What was asked of the runs that have not ended, by key. */
  controls: Record<string, RunControlState>;
  /** What the runs say of the validation rows, once they have ended; null before, or when nothing was evaluated. */
  predictions: ValidationPredictions | null;
  /** The same of the further tasks of a comparison of several. */
  morePredictions: readonly ValidationPredictions[];
  /** The task that is looked at, of a comparison of several; null for their mean. */
  shownTask: string | null;
  /** What is to be said of the runs, once they have ended. */
  judged: Judged | null;
  /** Is that still being worked out? With many methods on many rows it takes minutes. */
  judging: boolean;
  /** What was assumed of model and data on starting, a sentence each. */
  runNotes: readonly Told[];
  /** Metric by which the comparison's best steps are chosen. */
  metric: string;
  /** What the runs were started with; null before the first. */
  startedSpec: SpecInput | null;
  /** The comparison on show, where it is a stored one. */
  shown: Shown | null;
  /** Runs of other comparisons, laid over the charts. */
  overlays: RunSnapshot[];
  /** Why something is not stored, a sentence. */
  storageProblem: Sentence | null;
  /** Comparisons that are still to be written, in whole or in part. */
  unstored: readonly string[];
}

/** What to show for an error, whoever threw it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof EngineError) {
    const details = error.details.length > 0 && { details: error.details };
    const where = error.where !== null && { where: error.where };
    return {
      message: error.sentence ?? error.message,
      internal: error.code === 'internal',
      ...where,
      ...details,
      ...(error.question && { question: error.question }),
    };
  }
  if (error instanceof StudioError) return { message: error.sentence, internal: false };
  if (isErrorReply(error))
    return { message: error.sentence ?? error.message, internal: error.code === 'internal' };
  return { message: error instanceof Error ? error.message : String(error), internal: true };
}

function isErrorReply(value: unknown): value is ErrorReply {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'error';
}
