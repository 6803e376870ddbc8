/**
 * What training does for a delta beside following the gradient of the task's loss. All of it is data: nodes of
 * ONNX operators over the delta's tensors, numbers by step, and what becomes of tensors at a step. Whoever trains
 * applies it without knowing the method (train/compile-rules.ts).
 */
import type { Initializer, SourceNode } from '../graph/source.ts';

/** How long a run trains: some methods do something at a step near its end. */
export interface RunLength {
  steps: number;
}

/**
 * A number by step, from 1. A power goes from `from` at step `first` to `to` at step `last`:
 * to + (from − to)·(1 − t)^power, and stays where it is before and after.
 */
export type Schedule =
  | { kind: 'constant'; value: number }
  /** `value` up to step `last`, 0 after it. */
  | { kind: 'until'; value: number; last: number }
  | { kind: 'power'; from: number; to: number; first: number; last: number; power: number };

export function valueAt(schedule: Schedule, step: number): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.value;
    case 'until':
      return step <= schedule.last ? schedule.value : 0;
    case 'power': {
      const { from, to, first, last, power } = schedule;
      if (step <= first) return from;
      if (step >= last) return to;
      return to + (from - to) * (1 - (step - first) / (last - first)) ** power;
    }
  }
}

/** Nodes that are no part of the model, and the constants they read beside the delta's tensors. */
export interface Fragment {
  nodes: readonly SourceNode[];
  initializers: readonly Initializer[];
}

/** A term of the loss: weight · value, where the value, one number, comes from trained tensors alone. */
export interface Penalty extends Fragment {
  value: string;
  weight: Schedule;
}

/**
 * A scalar of the rewritten graph that training sets anew each step. Its initializer `name`, which begins with
 * `delta.`, holds what it is when nothing trains (an export's value).
 */
export interface ScheduledScalar {
  name: string;
  schedule: Schedule;
}

/** Memory that outlives steps and is no weight; zero at the start, and in checkpoints. Its name begins with `state.`. */
export interface State {
  name: string;
  dims: readonly number[];
}

/**
 * What follows the optimizer's update, each step. The nodes may read the trained tensors, as they are after the
 * update, states, and by `gradientOf` the clipped gradients of the step. Everything is computed before anything is
 * written.
 */
export interface AfterUpdate extends Fragment {
  writes: readonly { value: string; to: string }[];
}

/** Name under which `AfterUpdate` nodes read the gradient of a trained tensor. */
export const gradientOf = (tensor: string): string => `clipped:${tensor}`;

/** Something done to tensors between two steps, on the host: a projection, an allocation of a budget. */
export interface TensorEvent {
  /** After the updates of steps `first`, `first + every`, ..., not past `last`. */
  first: number;
  every: number;
  last: number;
  /** Trained tensors and states it needs. */
  reads: readonly string[];
  /** New values of some of them. Must be a function of its arguments alone, so that a resumed run repeats it. */
  apply: (step: number, values: ReadonlyMap<string, Float32Array>) => Map<string, Float32Array>;
  /** The optimizer begins anew: every moment is zero, and bias corrections count from here. */
  restartsOptimizer?: boolean;
  /** Earlier evaluations no longer count: what was best before is not what the method promises. */
  forgetsBest?: boolean;
}

export interface TrainingRules {
  penalties?: readonly Penalty[];
  scalars?: readonly ScheduledScalar[];
  states?: readonly State[];
  after?: readonly AfterUpdate[];
  events?: readonly TensorEvent[];
}

export function isDue({ first, every, last }: TensorEvent, step: number): boolean {
  return step >= first && step <= last && (step - first) % every === 0;
}

/** The last step before `step` after which the optimizer began anew; 0 where it never did. */
export function optimizerStart(events: readonly TensorEvent[] | undefined, step: number): number {
  const starts = (events ?? []).map(({ restartsOptimizer, first, every, last }) => {
    const latest = Math.min(step - 1, last);
    return restartsOptimizer === true && latest >= first ? latest - ((latest - first) % every) : 0;
  });
  return Math.max(0, ...starts);
}

/** The rules of several deltas that train together; undefined where none has any. */
export function joinRules(rules: readonly (TrainingRules | undefined)[]): TrainingRules | undefined {
  const some = rules.filter((one) => one !== undefined);
  if (some.length === 0) return undefined;
  return {
    penalties: some.flatMap(({ penalties }) => penalties ?? []),
    scalars: some.flatMap(({ scalars }) => scalars ?? []),
    states: some.flatMap(({ states }) => states ?? []),
    after: some.flatMap(({ after }) => after ?? []),
    events: some.flatMap(({ events }) => events ?? []),
  };
}
