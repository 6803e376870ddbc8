/** What is ready once the model suits the task and the rows are encoded: shared by all runs of a comparison. */
import type { EncodedDataset } from '../data/batching/encoded.ts';
import type { DataColumns } from '../data/dataset.ts';
import type { LabelSpace } from '../data/labels.ts';
import type { Tokenizer } from '../data/tokenizer/tokenizer.ts';
import type { DeltaModel } from '../deltas/delta.ts';
import type { Model } from '../models/model.ts';
import type { Sentence } from '../sentence.ts';
import type { KeptPlans } from './kept-plans.ts';

export interface Prepared {
  /** As loaded. */
  base: Model;
  /** With its head for the task. */
  model: Model;
  deltaModel: DeltaModel;
  /** What earlier stages put into `deltaModel`; absent in the first. */
  earlier?: { virtualTokens: number };
  tokenizer: Tokenizer;
  columns: DataColumns;
  /** Classes by index; null for a regression. */
  labelSpace: LabelSpace | null;
  /** Columns of the logits. */
  outputs: number;
  train: EncodedDataset;
  /** What training rows of each class weigh in the loss; absent where all weigh alike. */
  classWeights?: readonly number[];
  /** Null when nothing is evaluated. */
  validation: EncodedDataset | null;
  /** Scored once at the end; null where the spec names none. */
  test: EncodedDataset | null;
  /** Rows of the training set to score at the end: all, or so many drawn from them. */
  trainSample: EncodedDataset;
  /** Of several tasks each for itself; what stands beside is the first one's. */
  tasks?: readonly PreparedTask[];
  /** Of one of several tasks: its place among them. */
  task?: { index: number; name: string; count: number };
  /** Seed that a fresh head is drawn with. */
  seed: number;
  /** Plans of earlier compilations; absent where each run is compiled once. */
  kept?: KeptPlans;
  /** What a person should know, a sentence each. */
  notes: Sentence[];
}

export interface PreparedTask {
  name: string;
  prepared: Prepared;
}
