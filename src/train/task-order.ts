/**
 * Which task an optimizer step trains: a pure function of seed and step, as the order of rows is, so that a run taken
 * up again at any step goes on as it would have.
 */
import { permutation } from '../data/batching/order.ts';
import { TASK_STREAM } from '../data/streams.ts';
import { PhiloxStream } from '../graph/philox.ts';
import type { TaskSampling } from '../runs/spec-training.ts';

export interface TaskOrderOptions {
  /** Optimizer steps that see each task's rows once. */
  steps: readonly number[];
  /** As often as a task has such steps, or all alike. */
  sampling: TaskSampling;
  /** A fresh order every round; else tasks are dealt out as evenly as their shares allow. */
  shuffle: boolean;
  seed: number;
}

export interface TaskTurn {
  task: number;
  /** How often it has been its turn, this one included. */
  step: number;
}

export class TaskOrder {
  /** A round in the order without a shuffle: which task each of its steps trains. */
  readonly #round: number[];
  readonly #times: readonly number[];
  readonly #options: TaskOrderOptions;
  #known: { round: number; turns: TaskTurn[] } | null = null;

  constructor(options: TaskOrderOptions) {
    this.#options = options;
    this.#times = options.sampling === 'equal' ? options.steps.map(() => 1) : options.steps;
    this.#round = dealt(this.#times);
  }

  /** @param step from 1 */
  at(step: number): TaskTurn {
    const round = Math.floor((step - 1) / this.#round.length);
    if (this.#known?.round !== round) this.#known = { round, turns: this.#turnsOf(round) };
    return this.#known.turns[(step - 1) % this.#round.length];
  }

  /** Turns of each task within so many steps. */
  turns(steps: number): number[] {
    const counts = this.#times.map(() => 0);
    // Whole rounds need no counting.
    const rounds = Math.floor(steps / this.#round.length);
    this.#times.forEach((times, task) => (counts[task] = times * rounds));
    for (let step = rounds * this.#round.length + 1; step <= steps; step++) counts[this.at(step).task]++;
    return counts;
  }

  #turnsOf(round: number): TaskTurn[] {
    const { seed, shuffle } = this.#options;
    const order = shuffle
      ? Array.from(
          permutation(this.#round.length, new PhiloxStream(seed, TASK_STREAM, round)),
          (at) => this.#round[at],
        )
      : this.#round;
    const had = this.#times.map((times) => times * round);
    return order.map((task) => ({ task, step: ++had[task] }));
  }
}

/** Every task so many times, always the one that is furthest behind its share; of equals the first. */
function dealt(times: readonly number[]): number[] {
  const all = times.reduce((sum, count) => sum + count, 0);
  const had = times.map(() => 0);
  return Array.from({ length: all }, (_, at) => {
    const behind = times.map((count, task) => (count * (at + 1)) / all - had[task]);
    const next = behind.indexOf(Math.max(...behind));
    had[next]++;
    return next;
  });
}
