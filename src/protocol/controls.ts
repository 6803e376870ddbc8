/** Pausing, single steps, resuming and stopping: all runs of the comparison, or one by its key. */
import type { Doing } from '../train/doing.ts';

export type ControlRequest =
  | { type: 'pause'; run?: string }
  /** Runs that are paused take one step. */
  | { type: 'step'; run?: string }
  | { type: 'resume'; run?: string }
  | { type: 'stop'; run?: string };

/** What was asked of a run that has not ended. */
export type RunControlState = 'going' | 'paused' | 'stopping';

/** What a run has left, once it has ended. */
export interface RunLeft {
  /** Bytes of the adapter's files; null when nothing usable is left. */
  adapterBytes: number | null;
  /** Step whose weights the adapter holds. */
  adapterStep: number | null;
}

export type ControlReply =
  /** What it does before the first steps. */
  | { type: 'doing'; doing: Doing }
  | { type: 'controls'; controls: Record<string, RunControlState> }
  | { type: 'left'; run: string; left: RunLeft };
