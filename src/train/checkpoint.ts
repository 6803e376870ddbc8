/**
 * The state of a run between two steps: enough to go on as if it had never stopped. Batch order, random
 * streams and schedule are functions of seed and step, so trained tensors, optimizer moments and what the
 * run remembers of its evaluations are all there is to keep.
 */
import type { Tensors } from './weight-guard.ts';
import type { EndEvent } from './events.ts';
import type { KeptAnswers } from './predictions.ts';

export type Moments = ReadonlyMap<string, readonly Float32Array[]>;

/** Of one stage; steps are those of the stage. */
export interface RunCheckpoint {
  /** Steps done. */
  step: number;
  tensors: Tensors;
  moments: Moments;
  /** Weights of the best evaluation so far, where they are kept. */
  bestTensors: Tensors | null;
  best: EndEvent['best'];
  /** Evaluations in a row without progress. */
  stale: number;
  /** Step of the last evaluation; −1 before the first. */
  evaluatedAt: number;
  /** The run's own time so far. */
  milliseconds: number;
}

/** Of a whole run. */
export interface StagedCheckpoint {
  /** Stage that was training, from 0, and its state. */
  stage: number;
  run: RunCheckpoint;
  /** What each stage before it has learned. */
  earlier: Tensors[];
  /** Steps, seconds and kept step of the stages before. */
  steps: number;
  seconds: number;
  kept: number;
  /** What it said of the validation rows; absent of one kept by an earlier version. */
  answers?: KeptAnswers;
}

/** Keeps the state of a run from time to time. */
export interface CheckpointKeeper<State> {
  /** Is it time? Asked between steps, most eagerly right after an evaluation, when nothing is in flight. */
  due: (afterEvaluation: boolean) => boolean;
  /** Takes the state over. Resolves when the run may go on, which need not be when it is stored. */
  keep: (state: State) => Promise<void> | void;
}

/** Longest time between two checkpoints, in milliseconds, where they cost little. */
const INTERVAL = 30_000;
/** A checkpoint may take at most this share of a run's time: the next waits accordingly longer. */
const SHARE = 1 / 40;

/** When the next checkpoint of a run is due. */
export class CheckpointTimer {
  readonly #now: () => number;
  #last: number;
  #cost = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#last = now();
  }

  due(afterEvaluation: boolean): boolean {
    return this.#now() - this.#last >= Math.max(afterEvaluation ? 0 : INTERVAL, this.#cost / SHARE);
  }

  /** @param milliseconds what reading it back and storing it took */
  taken(milliseconds: number): void {
    this.#last = this.#now();
    this.#cost = milliseconds;
  }
}
