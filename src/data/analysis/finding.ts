/** What is found in data before anything is trained on them, and what it is found in. */
import type { Sentence } from '../../sentence.ts';
import type { Dataset } from '../dataset.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { LengthSurvey } from './lengths.ts';
import type { Writing } from './scripts.ts';

/** What would help, for whoever can do it by one press. */
export type Remedy =
  | { kind: 'model'; writing: Writing }
  | { kind: 'maxLength'; length: number }
  | { kind: 'metric'; metric: 'f1' | 'matthews' };

export interface Finding {
  code: 'vocabulary' | 'fewRows' | 'absentClass' | 'leak' | 'repeats' | 'cut' | 'imbalance' | 'baseline';
  /** A fault spoils what is measured; advice is worth following; a fact is worth knowing. */
  weight: 'fault' | 'advice' | 'fact';
  sentence: Sentence;
  remedy?: Remedy;
}

export interface DoctorInput {
  train: Dataset;
  validation: Dataset | null;
  test?: Dataset | null;
  /** Null before there is a model. */
  tokenizer: Tokenizer | null;
  /** Of the training rows, where they are known. */
  lengths?: LengthSurvey | null;
  maxLength: number;
  template?: string;
  /** Most tokens that the model takes. */
  mostPositions?: number;
}
