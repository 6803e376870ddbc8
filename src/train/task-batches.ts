/** The batches of a run: of its one data set, or of several tasks in turn, a task an optimizer step. */
import type { Batch, BatchLengths } from '../data/batch.ts';
import type { TrainingBatches } from '../data/batching/batcher.ts';
import { TaskOrder, type TaskOrderOptions, type TaskTurn } from './task-order.ts';

export interface RunBatches {
  /** Micro-batches of an optimizer step, from 1. */
  step: (step: number) => Batch[];
  /** Which task a step trains, and how often that has been its turn; null where there is one data set. */
  turn: (step: number) => TaskTurn | null;
  /** Lengths of the batches of steps 1..`steps`: of each task, or of the one data set. */
  lengths: (steps: number) => BatchLengths[][];
}

export function oneTask(batches: TrainingBatches): RunBatches {
  return {
    step: (step) => batches.step(step),
    turn: () => null,
    lengths: (steps) => [batches.lengths(steps)],
  };
}

/** @param tasks batches of each task, by its own steps */
export function tasksInTurn(
  tasks: readonly TrainingBatches[],
  options: Omit<TaskOrderOptions, 'steps'>,
): RunBatches {
  const order = new TaskOrder({ ...options, steps: tasks.map(({ stepsPerEpoch }) => stepsPerEpoch) });
  return {
    step: (step) => {
      const turn = order.at(step);
      return tasks[turn.task].step(turn.step);
    },
    turn: (step) => order.at(step),
    // A task that is not reached has a training program all the same: it says what its head is.
    lengths: (steps) => order.turns(steps).map((turns, i) => tasks[i].lengths(Math.max(1, turns))),
  };
}
