/** Keeps what a run's best and last evaluation said of the validation rows; the rest is not worth its memory. */
import type { RunEvent } from './events.ts';

/** Logits of every validation row with the weights of one step. */
export interface StepPredictions {
  step: number;
  /** By row, row-major [rows, outputs]. */
  logits: Float64Array;
}

export class PredictionKeeper {
  readonly #metric: string;
  #heard: Float64Array | null = null;
  #last: StepPredictions | null = null;
  #best: StepPredictions | null = null;
  #bestValue = -Infinity;

  /** @param metric by which the run's best step is chosen */
  constructor(metric: string) {
    this.#metric = metric;
  }

  /** Logits of an evaluation whose event comes next. */
  take(logits: Float64Array): void {
    this.#heard = logits;
  }

  /** Takes in the run's events, in their order. */
  hear(event: RunEvent): void {
    // Each stage has a best step of its own.
    if (event.type === 'stage') this.#bestValue = -Infinity;
    if (event.type !== 'evaluate' || this.#heard === null) return;
    this.#last = { step: event.step, logits: this.#heard };
    this.#heard = null;
    const value = this.#metric === 'loss' ? -event.metrics.loss : event.metrics[this.#metric];
    // As the run itself chooses: of equals the first, and a metric that is undefined is no better.
    if (Number.isFinite(value) && value > this.#bestValue) {
      this.#best = this.#last;
      this.#bestValue = value;
    }
  }

  /** Predictions with the weights of a step, else those of the last evaluation; null without any. */
  at(step: number): StepPredictions | null {
    return this.#best?.step === step ? this.#best : this.#last;
  }
}
