/** What a comparison left of each method, as far as judging it needs: plain numbers, one a seed. */
import type { Reference, Split } from '../train/events.ts';

export type { Reference, Split } from '../train/events.ts';

/** Answers to the rows of the judged set, by row: class indices, the values of a regression, or what the written texts score. */
export interface RowAnswers {
  /** What is right. */
  truth: ArrayLike<number>;
  given: ArrayLike<number>;
}

export interface MethodOutcome {
  /** Unique in the comparison. */
  name: string;
  /** The method's type, or types: `lora`, `lora+bitfit`. */
  type: string;
  /** Seeds whose runs came to an end with weights to use, in order; every method sees the same ones. */
  seeds: readonly number[];
  /** Seeds whose runs diverged: a loss or a gradient became no number. */
  lost: readonly number[];
  /** Seeds whose runs came to nothing otherwise: no memory, a device lost, not begun. */
  failed?: readonly number[];
  /** The metric by seed, on each set that was scored with all of `seeds`. */
  scores: Partial<Record<Split, readonly number[]>>;
  /** Did the score still rise at the last evaluation, by seed? */
  improving?: readonly boolean[];
  /** Is some class that the judged set has never answered, by seed? */
  oneClass?: readonly boolean[];
  /** By seed; where all have them. */
  answers?: readonly RowAnswers[];
  trainableParameters: number;
  /** Of the plan, in bytes. */
  peakBytes: number;
  /** Of one run, the mean over seeds. */
  seconds: number;
}

export interface Outcomes {
  metric: string;
  /** Of a loss, less is better. */
  lowerIsBetter?: boolean;
  /** Of a classification; absent where there are none. */
  classes?: number;
  /** Their names, where they are known. */
  classNames?: readonly string[];
  methods: readonly MethodOutcome[];
  /** Name of the method that differences are taken to. */
  baseline: string;
  /** Were all of its runs stopped, before their ends? */
  stopped?: boolean;
  /** On the judged set. */
  reference: Reference;
  /** Of the resampling. */
  seed: number;
  /** How many; 10,000 where it is left out. */
  resamples?: number;
  /** Called now and then while it is judged: many rows take minutes. */
  goesOn?: () => void;
}
