/** What a split is read from a table by. */
import type { LabelSpace, ModelLabels } from './labels.ts';
import type { ReadingChoices } from './reading.ts';
import type { ColumnName } from './table/table.ts';

export type DataTask = 'classification' | 'regression' | 'text2text' | 'maskedLm';
export type Split = 'train' | 'validation' | 'test';

/** `data.columns` of the run spec: one or two text columns, and the label's or the target's. */
export interface DataColumns {
  text: readonly ColumnName[];
  /** Absent where there are targets. */
  label?: ColumnName;
  /** Of text to text without a verbalizer. */
  target?: ColumnName;
}

/** The word that stands for each label, by label. */
export type Verbalizer = Readonly<Record<string, string>>;

export interface DatasetOptions {
  columns: DataColumns;
  task: DataTask;
  split: Split;
  /** Gives classes their words, and text to text classes. */
  verbalizer?: Verbalizer;
  /** The training set's space, for every other split; made from the table's own labels if left out. */
  labelSpace?: LabelSpace | null;
  /** The model's own classes, for a training table. */
  model?: ModelLabels;
  /** What labels of the file are called among the classes. */
  aliases?: LabelSpace['aliases'];
  /** At most so many rows, from the first. */
  limit?: number;
  /** So many rows of each class, drawn by the seed from those within the limit. */
  fewShot?: { count: number; seed: number };
  /** Rows of the table that belong to the split, in order; all if left out. */
  rows?: readonly number[];
  /** Whether rows without values, or with a label that does not read, are refused or left out. */
  reading?: ReadingChoices;
}
