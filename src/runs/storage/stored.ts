/** What the studio's storage holds: plain data, the same in page and worker. */
import { type Told } from '../../sentence.ts';
import type { LabelSpace } from '../../data/labels.ts';
import type { StepPredictions } from '../../train/predictions.ts';
import type { EndEvent, RunEvent } from '../../train/events.ts';
import type { RunEnvironment, RunRecord } from '../record.ts';
import type { RunSpec, SpecInput } from '../spec.ts';
import type { RunSummary } from '../summary.ts';

/** Rises with the shape of what is stored; `database.ts` brings older records up to it. */
export const STORE_FORMAT = 1;

/** A comparison as it was when it started; only its name ever changes. */
export interface StoredComparison {
  format: typeof STORE_FORMAT;
  id: string;
  name: string;
  /** ISO 8601. */
  created: string;
  /** As it was asked for, with `compare`. */
  spec: SpecInput;
  environment: RunEnvironment;
  model: RunRecord['model'];
  labels: LabelSpace | null;
  columns: RunRecord['columns'];
  /** What was assumed on starting, a sentence each. */
  notes: Told[];
  /** Seconds that one run of each method was said to take before it began, by its name. */
  forecast?: Readonly<Record<string, number>>;
  /** SHA-256 of the encoded rows: what a resumed run must find again. */
  dataHash: string;
  /** Keys of what the model and the data were read from, in the database's `inputs`. */
  inputs: { model: string; data: string };
  runs: StoredHeader[];
  /** Where it came from, when it did not run here. */
  imported?: { from: string };
}

/** One run of it, as it was when it started. */
export interface StoredHeader {
  /** Key in the comparison. */
  run: string;
  method: string;
  steps: number;
  /** Completed. */
  spec: RunSpec;
}

/** `interrupted`: it began and neither ended nor runs any more. */
export type StoredPhase = 'waiting' | 'running' | EndEvent['reason'];

/** How far a run is. Written after what it speaks of, so that half-written files read as absent. */
export interface StoredRunState {
  comparison: string;
  run: string;
  phase: StoredPhase;
  /** In numbers, up to the last evaluation or the end; null before the first. */
  summary: RunSummary | null;
  /** The adapter folder's files, and the step whose weights they hold. */
  adapter: { step: number; files: StoredFile[] } | null;
  checkpoint: StoredCheckpoint | null;
}

/** Answers of a run to the validation rows: logits [rows × outputs], texts of the first rows; and the step of the weights. */
export interface StoredPredictions {
  comparison: string;
  run: string;
  predictions: StepPredictions;
}

export interface StoredFile {
  /** Path in the folder. */
  name: string;
  bytes: number;
}

export interface StoredCheckpoint {
  /** The file that holds it: two take turns, so that one is always whole. */
  slot: 0 | 1;
  /** Steps of the run done, stages before it included. */
  step: number;
  /** Events of the run up to there. */
  events: number;
  bytes: number;
}

/** Some events of a run, in order; `first` counts from 0. */
export interface StoredEvents {
  comparison: string;
  run: string;
  first: number;
  events: RunEvent[];
}

/** A comparison in the list: everything but the curves. */
export interface StoredEntry {
  comparison: StoredComparison;
  runs: StoredRunState[];
}

/** Whether a run can go on from where it was: it has not come to its end by itself. */
export function canResume({ phase }: Pick<StoredRunState, 'phase'>): boolean {
  return ['waiting', 'running', 'stopped', 'deviceLost', 'failed'].includes(phase);
}

/** A run before its first step. */
export function waitingRun(comparison: string, run: string): StoredRunState {
  return { comparison, run, phase: 'waiting', summary: null, adapter: null, checkpoint: null };
}
