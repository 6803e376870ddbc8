/** Keeps what a run says of the rows held out: at its best and its last evaluation, and of the test set at its end. */
import { lessIsBetter } from './metrics/metrics.ts';
import type { RunEvent } from './events.ts';

/** What an evaluation said of its rows. */
export interface RowAnswers {
  /** By row, row-major [rows, outputs]; empty where texts are the only answer. */
  logits: Float64Array;
  /** Texts written for the first rows; absent where none are written. */
  texts?: string[];
}

/** Answers with the weights of one step. */
export interface StepPredictions extends RowAnswers {
  step: number;
}

export class PredictionKeeper {
  readonly #metric: string;
  #heard: RowAnswers | null = null;
  #last: StepPredictions | null = null;
  #best: StepPredictions | null = null;
  #bestValue = -Infinity;
  #test: StepPredictions | null = null;

  /** @param metric by which the run's best step is chosen */
  constructor(metric: string) {
    this.#metric = metric;
  }

  /** Answers of an evaluation whose event comes next. */
  take(answers: RowAnswers): void {
    this.#heard = answers;
  }

  /** Takes in the run's events, in their order. */
  hear(event: RunEvent): void {
    // Each stage has a best step of its own.
    if (event.type === 'stage') this.#bestValue = -Infinity;
    if (event.type !== 'evaluate' || event.task !== undefined || this.#heard === null) return;
    const heard = { step: event.step, ...this.#heard };
    this.#heard = null;
    if (event.split === 'test') this.#test = heard;
    if (event.split !== 'validation') return;
    this.#last = heard;
    const value = (lessIsBetter(this.#metric) ? -1 : 1) * event.metrics[this.#metric];
    // As the run itself chooses: of equals the first, and a metric that is undefined is no better.
    if (Number.isFinite(value) && value > this.#bestValue) {
      this.#best = this.#last;
      this.#bestValue = value;
    }
  }

  /** Of the validation rows, with the weights of a step, else those of the last evaluation; null without any. */
  at(step: number): StepPredictions | null {
    return this.#best?.step === step ? this.#best : this.#last;
  }

  /** Of the test rows; null where they were not scored. */
  get test(): StepPredictions | null {
    return this.#test;
  }

  /** Lets go of all that was kept. */
  forget(): void {
    this.#heard = this.#last = this.#best = this.#test = null;
  }
}
