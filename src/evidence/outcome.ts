/** What a comparison left of each method, as far as judging it needs: plain numbers, one a seed. */

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

export interface MethodOutcome {
  /** Unique in the comparison. */
  name: string;
  /** The method's type, or types: `lora`, `lora+bitfit`. */
  type: string;
  /** Seeds whose runs came to a good end, in order; every method sees the same ones. */
  seeds: readonly number[];
  /** Seeds whose runs diverged or failed. */
  lost: readonly number[];
  /** The metric by seed, on each set that was scored. */
  scores: Partial<Record<Split, readonly number[]>>;
  /** Did the score still rise at the last evaluation, by seed? */
  improving?: readonly boolean[];
  /** Is some class never answered, by seed? */
  oneClass?: readonly boolean[];
  /** Which rows of the judged set are answered rightly, by seed; of a classifier. */
  right?: readonly Uint8Array[];
  trainableParameters: number;
  /** Of the plan, in bytes. */
  peakBytes: number;
  /** Of all its runs. */
  seconds: number;
}

/** What always answering one thing, and the model as it came, score on the judged set. */
export interface Reference {
  /** The largest class, or the mean of a regression. */
  largestClass?: number;
  untuned?: number;
}

export interface Outcomes {
  metric: string;
  /** Of a loss, less is better. */
  lowerIsBetter?: boolean;
  methods: readonly MethodOutcome[];
  /** Name of the method that differences are taken to. */
  baseline: string;
  reference: Reference;
  /** Of the resampling. */
  seed: number;
  /** How many; 10,000 where it is left out. */
  resamples?: number;
}
