/** A table given its meaning: texts, labels or targets, and the lines they came from. */
import { StudioError } from '../errors.ts';
import { english, field, say, type Sentence } from '../sentence.ts';
import type { DataColumns, DatasetOptions, DataTask, Split, Verbalizer } from './dataset-options.ts';
import { fewShotRows } from './few-shot.ts';
import { labelIndex, labelSpace, verbalizerSpace, type LabelSpace, type ModelLabels } from './labels.ts';
import { nearLabelNotes } from './label-notes.ts';
import type { IsMissing } from './missing.ts';
import type { ReadingChoices } from './reading.ts';
import { refuseNearlyUnique, refuseOneClass } from './rows.ts';
import { splitRows } from './split.ts';
import { dataError, listedNames } from './table/error.ts';
import type { ColumnName, Table } from './table/table.ts';
import { missingRule, usableRows } from './usable-rows.ts';

export type { DataColumns, DatasetOptions, DataTask, Split, Verbalizer } from './dataset-options.ts';

export interface Dataset {
  /** File it came from, for messages. */
  name: string | Sentence;
  split: Split;
  task: DataTask;
  rows: number;
  texts: string[];
  /** Second texts; null where there is one text column. */
  pairs: string[] | null;
  /** Texts to write; null where the answer is a class or a number, and for prediction. */
  targets: string[] | null;
  /** All that would be right, the target first: cells that hold a list have several. Null as `targets` is. */
  references: (readonly string[])[] | null;
  /** Class indices, or the targets of a regression; zeros where there are neither. [rows] */
  labels: Int32Array | Float32Array;
  /** Class names; null where there are no classes. */
  labelSpace: LabelSpace | null;
  /** Line of the file each row began on. */
  lines: number[];
  /** What was done about rows that cannot be used, a sentence each. */
  notes: Sentence[];
}

/**
 * Builds one split from a table.
 * @throws StudioError('data'), with file, line and column: an unknown column, an empty text or target, a missing
 * or non-numeric label, a label the training data does not know or that has no word, a training split with one
 * class only
 */
export function buildDataset(table: Table, options: DatasetOptions): Dataset {
  const { columns, task, split, verbalizer } = options;
  if (columns.text.length < 1 || columns.text.length > 2)
    throw new StudioError(
      'spec',
      say`${field('data.columns.text')} has ${columns.text.length} columns; name one or two.`,
      {
        where: 'data.columns.text',
      },
    );
  const chosen = (options.rows ?? allRows(table)).slice(0, options.limit);
  if (chosen.length === 0) throw dataError(table.name, null, NOTHING_LEFT[split]);
  const isMissing = missingRule(table, options);
  const space = spaceOf(table, options, isMissing);
  if (space && split === 'train' && !verbalizer)
    refuseNearlyUnique(table, columns.label!, table.column(columns.label!), space);
  const { rows, values, notes } = usableRows(table, chosen, options, space, isMissing);
  const kept = keptRows(values, options, space, table.name);
  const used = kept === null ? rows : kept.map((at) => rows[at]);
  const answers = kept === null ? values : kept.map((at) => values[at]);
  const labels = task === 'regression' ? Float32Array.from(answers) : Int32Array.from(answers);
  if (space && split === 'train') refuseOneClass(table, columns.label!, labels, space);
  if (space && split === 'train' && !verbalizer)
    notes.push(...nearLabelNotes(table.name, presentLabels(table, columns.label!, isMissing), space));
  const references = task === 'text2text' ? referencesOf(table, used, options, labels, space) : null;
  const [first, second] = columns.text.map((column) => {
    const cells = table.column(column);
    return used.map((row) => cells[row]);
  });
  return {
    name: table.name,
    split,
    task,
    rows: used.length,
    texts: first,
    pairs: second ?? null,
    targets: references && references.map(([target]) => target),
    references,
    labels,
    labelSpace: space,
    lines: used.map((row) => table.lineOf(row)),
    notes,
  };
}

const NOTHING_LEFT = {
  train: say`no rows are left for train; raise ${field('data.limit')} or ${field('data.validation')}`,
  validation: say`no rows are left for validation; raise ${field('data.limit')} or ${field('data.validation')}`,
  test: say`no rows are left for test; raise ${field('data.limit')} or ${field('data.test')}`,
};

/** Classes of a task that has them. */
function spaceOf(table: Table, options: DatasetOptions, isMissing: IsMissing | null): LabelSpace | null {
  const { columns, task, verbalizer } = options;
  if (columns.label === undefined || task === 'regression') return null;
  if (options.labelSpace) return options.labelSpace;
  if (verbalizer) return verbalizerSpace(verbalizer);
  const present = presentLabels(table, columns.label, isMissing);
  return labelSpace(present, options.model, options.aliases, table.classNames(columns.label));
}

/** The different labels of all rows. */
function presentLabels(table: Table, column: ColumnName, isMissing: IsMissing | null): readonly string[] {
  const labels = [...new Set(table.column(column))];
  return isMissing === null ? labels : labels.filter((label) => !isMissing(label));
}

function allRows(table: Table): number[] {
  const rows: number[] = [];
  for (let row = 0; row < table.rows; row++) rows.push(row);
  return rows;
}

/** Positions of the usable rows that stay, where those are a few of each class; null where all do. */
function keptRows(
  values: readonly number[],
  { fewShot }: DatasetOptions,
  space: LabelSpace | null,
  file: string,
): number[] | null {
  if (!fewShot || !space) return null;
  return fewShotRows(values, space, fewShot.count, fewShot.seed, file);
}

/** Class of every row of a table, −1 where it has none; null where there are no classes. */
function classesOf(
  table: Table,
  options: Pick<DatasetOptions, 'columns' | 'task' | 'verbalizer' | 'model' | 'aliases' | 'reading'>,
): Int32Array | null {
  const whole: DatasetOptions = { ...options, split: 'train' };
  const space = spaceOf(table, whole, missingRule(table, whole));
  const { label } = options.columns;
  if (space === null || label === undefined) return null;
  return Int32Array.from(table.column(label), (cell) => labelIndex(space, cell));
}

/** Texts to write: the target column's, or the words of the labels. */
function referencesOf(
  table: Table,
  rows: readonly number[],
  { columns, verbalizer }: DatasetOptions,
  labels: ArrayLike<number>,
  space: LabelSpace | null,
): (readonly string[])[] {
  const { target } = columns;
  if (target !== undefined) return rows.map((row) => table.texts(row, target));
  if (!space || !verbalizer) throw new Error('internal: text to text without targets or label words');
  return Array.from(labels, (label) => [verbalizer[space.names[label]]]);
}

export interface PreparedData {
  train: Dataset;
  /** Null where the spec names no validation data. */
  validation: Dataset | null;
  /** Null where the spec names no test data. */
  test: Dataset | null;
  /** Null where there are no classes. */
  labelSpace: LabelSpace | null;
  notes: Sentence[];
}

/**
 * Training, validation and test data as the run spec's `data` says.
 * @param validation a table, a fraction of the training rows to hold out (drawn with `seed`, kept in file
 * order), or null; so with `options.test`
 */
export function prepareData(
  train: Table,
  validation: Table | number | null,
  options: {
    columns: DataColumns;
    task: DataTask;
    seed: number;
    verbalizer?: Verbalizer;
    /** Rows of each class to train on. */
    fewShot?: number;
    limit?: { train?: number; validation?: number; test?: number };
    test?: Table | number | null;
    model?: ModelLabels;
    aliases?: LabelSpace['aliases'];
    reading?: ReadingChoices;
    /** Whether a fraction is drawn from each class alike, where there are classes; yes if left out. */
    stratify?: boolean;
  },
): PreparedData {
  const { columns, task, seed, verbalizer, fewShot, limit, model, aliases, reading, test = null } = options;
  const fractions = {
    ...(typeof validation === 'number' && { validation }),
    ...(typeof test === 'number' && { test }),
  };
  const held =
    Object.keys(fractions).length > 0
      ? splitRows(
          train.rows,
          fractions,
          seed,
          options.stratify === false ? null : classesOf(train, options),
          train.name,
        )
      : null;
  const trainSet = buildDataset(train, {
    columns,
    task,
    split: 'train',
    verbalizer,
    model,
    aliases,
    limit: limit?.train,
    ...(fewShot !== undefined && { fewShot: { count: fewShot, seed } }),
    rows: held?.train,
    reading,
  });
  for (const other of [validation, test])
    if (other !== null && typeof other !== 'number') refuseOtherColumns(other, train, columns);
  const partOf = (split: 'validation' | 'test', source: Table | number | null): Dataset | null =>
    source === null
      ? null
      : buildDataset(typeof source === 'number' ? train : source, {
          columns,
          task,
          split,
          verbalizer,
          labelSpace: trainSet.labelSpace,
          limit: limit?.[split],
          ...(typeof source === 'number' && { rows: held?.[split] }),
          reading,
        });
  const parts = { validation: partOf('validation', validation), test: partOf('test', test) };
  const tables = [train, validation, test].filter((one) => one !== null && typeof one !== 'number');
  const notes = [...new Set(tables)].flatMap((table) =>
    table.notes.map((note) => (english(note).startsWith(table.name) ? note : say`${table.name}: ${note}`)),
  );
  notes.push(...trainSet.notes);
  for (const set of Object.values(parts)) if (set !== null) notes.push(...set.notes);
  return { train: trainSet, ...parts, labelSpace: trainSet.labelSpace, notes };
}

/** Files of one data set have the same columns. @throws StudioError('data') naming those of both */
function refuseOtherColumns(other: Table, train: Table, { text, label, target }: DataColumns): void {
  const missing = [...text, label, target].filter(
    (column) => column !== undefined && other.indexOf(column) < 0 && train.indexOf(column) >= 0,
  );
  if (missing.length === 0 || !other.header) return;
  throw dataError(
    other.name,
    null,
    missing.length === 1
      ? say`it has no column ${listedNames(missing.map(String))}, which ${train.name} has, but ${listedNames(other.columns)}; name its columns as there`
      : say`it has no columns ${listedNames(missing.map(String))}, which ${train.name} has, but ${listedNames(other.columns)}; name its columns as there`,
  );
}

/**
 * Texts without labels, for prediction: labels are zeros and mean nothing.
 * @param word stands as every row's target where label words are to be ranked; null where there are none
 */
export function unlabelledDataset(
  texts: readonly string[],
  pairs: readonly string[] | null = null,
  task: DataTask = 'classification',
  name: Dataset['name'] = 'text',
  word: string | null = null,
): Dataset {
  texts.forEach((text, i) => {
    if (text.trim() === '' || pairs?.[i].trim() === '')
      throw dataError(name, i + 1, say`the text is empty; write one`);
  });
  return {
    name,
    split: 'test',
    task,
    rows: texts.length,
    texts: [...texts],
    pairs: pairs && [...pairs],
    targets: word === null ? null : texts.map(() => word),
    references: null,
    labels: task === 'regression' ? new Float32Array(texts.length) : new Int32Array(texts.length),
    labelSpace: null,
    lines: texts.map((_, i) => i + 1),
    notes: [],
  };
}

/** Rows of every class, in the order of the classifier's outputs. */
export function classCounts(dataset: Dataset): number[] {
  const counts = new Array<number>(dataset.labelSpace?.names.length ?? 0).fill(0);
  if (dataset.labelSpace) for (const label of dataset.labels) counts[label]++;
  return counts;
}
