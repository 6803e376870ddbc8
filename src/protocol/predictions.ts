/** What finished runs say: about the validation rows, and about texts that a person types. */
import { type Sentence } from '../sentence.ts';
import type { Judged } from '../evidence/comparison-summary.ts';

/** Validation rows as they were read, and each run's answers to them. */
export interface ValidationPredictions {
  /** Whose rows they are, of several tasks. */
  task?: string;
  texts: string[];
  /** Second texts; null where there is one text column. */
  pairs: string[] | null;
  /** Class indices, or the targets of a regression. [rows] */
  labels: Int32Array | Float32Array;
  /** Line of the file each row began on. */
  lines: number[];
  /** Classes by index; null where there are none. */
  labelNames: string[] | null;
  /** All that would be right to write, the target first; null where nothing is written. */
  references: (readonly string[])[] | null;
  runs: RunPredictions[];
}

export interface RunPredictions {
  run: string;
  /** Step of the weights that predicted. */
  step: number;
  /** Probabilities [rows, classes], row-major; of a regression the values [rows]; empty where only texts are written. */
  values: Float32Array<ArrayBuffer>;
  /** Texts written for the first rows; null where none are. */
  written: string[] | null;
}

/** Key under which the untuned model answers. */
export const UNTUNED = '';

/** What one model makes of one text. */
export interface Answer {
  /** Key of the run, or `UNTUNED`. */
  run: string;
  /** Of a classification, by label words too, by class; null for a regression and for free texts. */
  probabilities: number[] | null;
  /** Of a regression. */
  value: number | null;
  /** Of text to text: what it writes. */
  written: string | null;
  /** Why there is no answer; the other models answer all the same. */
  message: Sentence | null;
}

/** What a comparison that has ended comes to; null before, or where nothing was evaluated. */
export interface Conclusion {
  predictions: ValidationPredictions | null;
  /** The same of the further tasks of a comparison of several. */
  more?: readonly ValidationPredictions[];
  judged: Judged | null;
}

export type PredictionRequest =
  | { type: 'predictions'; id: number }
  /** The verdict of a stored comparison, from its records alone; answered by `predictions` without any. */
  | { type: 'judgeStored'; id: number; comparison: string }
  /** `text2` is null where the comparison reads one text. */
  | { type: 'predict'; id: number; text: string; text2: string | null; task?: string };

export type PredictionReply =
  | ({ type: 'predictions'; id: number } & Conclusion)
  | {
      type: 'answers';
      id: number;
      labelNames: string[] | null;
      /** Whether the untuned model's head is its own or a fresh one that has learned nothing. */
      untunedHead: 'own' | 'fresh';
      answers: Answer[];
    };
