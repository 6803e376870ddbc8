/** What methods would take before anything is allocated: messages of the forecast and the batch-size curve. */
import type { Fitted } from '../train/fit-memory.ts';
import { type Sentence } from '../sentence.ts';
import type { Advised } from '../advice/advise.ts';
import type { PilotRecord } from '../advice/pilot-record.ts';
import type { RateCurve } from '../advice/range-test.ts';
import type { MemoryBytes } from '../plan/plan.ts';
import type { SpecInput } from '../runs/spec.ts';

/** What one method would take. */
export interface Forecast {
  /** Key of the run in the comparison, as in `RunHeader`. */
  run: string;
  method: string;
  trainableParameters: number;
  totalParameters: number;
  /** Dispatches of one training step, optimizer included. */
  dispatches: number;
  memory: MemoryBytes;
  /** What `training.fitMemory` chose. */
  fitted?: Fitted;
}

/** A method that cannot run as asked: why, and what to do. The others are not affected. */
export interface ForecastRefusal {
  run: string;
  method: string;
  message: Sentence;
}

export type ForecastRequest =
  | { type: 'forecast'; id: number; spec: SpecInput }
  /** Memory of one run of the spec at another batch size. */
  | { type: 'batchMemory'; id: number; spec: SpecInput; run: string; batchSize: number }
  | AdviceRequest;

/** What takes steps on the device to be told. */
export type AdviceRequest =
  /** How long every run will take. */
  | { type: 'forecastTime'; id: number; spec: SpecInput }
  /** The range test of a run's learning rate. */
  | { type: 'findRate'; id: number; spec: SpecInput; run: string }
  /** What to train, by pilots within so many minutes; `stopAdvice` ends them, and what they have shown is answered. */
  | { type: 'advise'; id: number; spec: SpecInput; minutes: number };

/** How far the pilots are. */
export interface Advising {
  /** How many methods and rates are tried first. */
  candidates: number;
  pilots: PilotRecord[];
}

export type ForecastReply =
  /** Seconds by run; of those that cannot be told, none. */
  | { type: 'forecastTime'; id: number; seconds: Record<string, number> }
  | { type: 'advised'; id: number; advised: Advised }
  | { type: 'advising'; advising: Advising }
  | { type: 'foundRate'; id: number; found: RateCurve }
  | { type: 'forecast'; id: number; forecasts: Forecast[]; refusals: ForecastRefusal[] }
  /** `memory` is null where it does not fit; `message` then says why. */
  | { type: 'batchMemory'; id: number; memory: MemoryBytes | null; message: Sentence | null };
