/** Messages about a dataset: its rows, and what a look at all of them found. */
import type { Finding } from '../data/analysis/finding.ts';
import type { BatchView } from '../data/analysis/first-batch.ts';
import type { LengthSurvey } from '../data/analysis/lengths.ts';
import type { Overlap, Repeats } from '../data/analysis/repeats.ts';
import type { Task } from '../runs/spec.ts';
import type { ReadingChoices } from '../data/reading.ts';
import type { Columns } from './columns.ts';

export type DataPart = 'train' | 'validation';

/** A row of a file as it stands there. */
export interface FileRow {
  line: number;
  /** In the order of the columns; long ones are cut. */
  cells: string[];
}

/** What a look at every row found. */
export interface DataAnalysis {
  /** With the rows held out as asked. */
  rows: { train: number; validation: number; test?: number };
  /** What should be known before training, the gravest first. */
  findings: Finding[];
  /** Null without a model: nothing can be tokenised. */
  tokens: {
    train: LengthSurvey;
    validation: LengthSurvey | null;
    /** Of the texts to write in training; null where there are none. */
    targets: LengthSurvey | null;
    batch: BatchView;
  } | null;
  repeats: Repeats;
  /** Null without validation data. */
  overlap: Overlap | null;
  /** Validation rows were held out of the training file: their lines are of that file. */
  heldOut: boolean;
}

export type DataRequest =
  /** `set`: which data set, of several tasks, from the first at 0. */
  | { type: 'dataRows'; id: number; set?: number; part: DataPart; from: number; count: number }
  | {
      type: 'analyseData';
      id: number;
      /** As above. */
      set?: number;
      columns: Columns;
      task: Task;
      maxLength: number;
      /** Of texts to write. */
      maxTargetLength: number;
      /** Around the texts, where they are put into one. */
      template?: string;
      /** Words of the labels, once there is one for each. */
      verbalizer?: Record<string, string>;
      batchSize: number;
      seed: number;
      /** Held out for the test, where no file has its rows. */
      testShare?: number;
      reading: ReadingChoices;
    };

export type DataReply =
  | { type: 'dataRows'; id: number; rows: FileRow[] }
  | { type: 'dataAnalysis'; id: number; analysis: DataAnalysis };
