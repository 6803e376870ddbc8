/** Keeps what a run says of the rows held out: at its best and its last evaluation, and of the test set at its end. */
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

/** What a run has said of the validation rows so far. */
export interface KeptAnswers {
  best: StepPredictions | null;
  last: StepPredictions | null;
}

export class PredictionKeeper {
  #heard: RowAnswers | null = null;
  #last: StepPredictions | null;
  #best: StepPredictions | null;
  #test: StepPredictions | null = null;

  /** @param earlier of a run that goes on */
  constructor(earlier: KeptAnswers = { best: null, last: null }) {
    this.#best = earlier.best;
    this.#last = earlier.last;
  }

  /** Answers of an evaluation whose event comes next. */
  take(answers: RowAnswers): void {
    this.#heard = answers;
  }

  /** Takes in the run's events, in their order. */
  hear(event: RunEvent): void {
    if (event.type !== 'evaluate' || event.task !== undefined || this.#heard === null) return;
    const heard = { step: event.step, ...this.#heard };
    this.#heard = null;
    if (event.split === 'test') this.#test = heard;
    if (event.split === 'validation') this.#last = heard;
  }

  /** The run has chosen the weights that the last evaluation was of: they are the best so far. */
  choose(): void {
    this.#best = this.#last;
  }

  /** Of the validation rows, with the weights of a step, else those of the last evaluation; null without any. */
  at(step: number): StepPredictions | null {
    return this.#best?.step === step ? this.#best : this.#last;
  }

  /** Of the test rows; null where they were not scored. */
  get test(): StepPredictions | null {
    return this.#test;
  }

  /** What is to be put back where the run goes on from here. */
  get kept(): KeptAnswers {
    return { best: this.#best, last: this.#last };
  }

  /** Lets go of all that was kept. */
  forget(): void {
    this.#heard = this.#last = this.#best = this.#test = null;
  }
}
