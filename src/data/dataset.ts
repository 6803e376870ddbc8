/** A table given its meaning: texts, labels, and the lines they came from. */
import { StudioError } from '../errors.ts';
import { isMissing, labelIndex, labelSpace, type LabelSpace, type ModelLabels } from './labels.ts';
import { splitRows } from './split.ts';
import { dataError, quoted } from './table/error.ts';
import type { ColumnName, Table } from './table/table.ts';

export type DataTask = 'classification' | 'regression';
export type Split = 'train' | 'validation' | 'test';

/** `data.columns` of the run spec: one or two text columns and the label's. */
export interface DataColumns {
  text: readonly ColumnName[];
  label: ColumnName;
}

export interface Dataset {
  /** File it came from, for messages. */
  name: string;
  split: Split;
  task: DataTask;
  rows: number;
  texts: string[];
  /** Second texts; null where there is one text column. */
  pairs: string[] | null;
  /** Class indices, or the targets of a regression. [rows] */
  labels: Int32Array | Float32Array;
  /** Class names; null for a regression. */
  labelSpace: LabelSpace | null;
  /** Line of the file each row began on. */
  lines: number[];
}

export interface DatasetOptions {
  columns: DataColumns;
  task: DataTask;
  split: Split;
  /** The training set's space, for every other split; made from the table's own labels if left out. */
  labelSpace?: LabelSpace | null;
  /** The model's own classes, for a training table. */
  model?: ModelLabels;
  /** At most so many rows, from the first. */
  limit?: number;
  /** Rows of the table that belong to the split, in order; all if left out. */
  rows?: readonly number[];
}

/**
 * Builds one split from a table.
 * @throws StudioError('data'), with file, line and column: an unknown column, an empty text, a missing or
 * non-numeric label, a label the training data does not know, a training split with one class only
 */
export function buildDataset(table: Table, options: DatasetOptions): Dataset {
  const { columns, task, split } = options;
  if (columns.text.length < 1 || columns.text.length > 2)
    throw new StudioError('spec', `data.columns.text has ${columns.text.length} columns; name one or two.`, {
      where: 'data.columns.text',
    });
  const [first, second] = columns.text.map((column) => table.column(column));
  const labelColumn = table.column(columns.label);
  const chosen = (options.rows ?? Array.from({ length: table.rows }, (_, r) => r)).slice(0, options.limit);
  if (chosen.length === 0)
    throw dataError(table.name, null, `no rows are left for ${split}; raise data.limit or data.validation`);

  const space =
    task === 'classification' ? (options.labelSpace ?? labelSpace(labelColumn, options.model)) : null;
  const labels = space ? new Int32Array(chosen.length) : new Float32Array(chosen.length);
  const texts: string[] = [];
  const pairs: string[] | null = second ? [] : null;
  chosen.forEach((row, i) => {
    texts.push(textAt(table, row, columns.text[0], first[row]));
    pairs?.push(textAt(table, row, columns.text[1], second[row]));
    labels[i] = space
      ? classAt(table, row, columns.label, labelColumn[row], space)
      : targetAt(table, row, columns.label, labelColumn[row]);
  });
  if (space && split === 'train') refuseOneClass(table, columns.label, labels, space);
  return {
    name: table.name,
    split,
    task,
    rows: chosen.length,
    texts,
    pairs,
    labels,
    labelSpace: space,
    lines: chosen.map((row) => table.lineOf(row)),
  };
}

export interface PreparedData {
  train: Dataset;
  /** Null where the spec names no validation data. */
  validation: Dataset | null;
  /** Null for a regression. */
  labelSpace: LabelSpace | null;
  notes: string[];
}

/**
 * Training and validation data as the run spec's `data` says.
 * @param validation a table, a fraction of the training rows to hold out (drawn with `seed`, kept in file
 * order), or null
 */
export function prepareData(
  train: Table,
  validation: Table | number | null,
  options: {
    columns: DataColumns;
    task: DataTask;
    seed: number;
    limit?: { train?: number; validation?: number };
    model?: ModelLabels;
  },
): PreparedData {
  const { columns, task, seed, limit, model } = options;
  const held = typeof validation === 'number' ? splitRows(train.rows, validation, seed, train.name) : null;
  const trainSet = buildDataset(train, {
    columns,
    task,
    split: 'train',
    model,
    limit: limit?.train,
    rows: held?.train,
  });
  const validationTable = held ? train : (validation as Table | null);
  const validationSet =
    validationTable &&
    buildDataset(validationTable, {
      columns,
      task,
      split: 'validation',
      labelSpace: trainSet.labelSpace,
      limit: limit?.validation,
      rows: held?.validation,
    });
  const notes = [...new Set([train, ...(validationTable ? [validationTable] : [])])].flatMap((table) =>
    table.notes.map((note) => `${table.name}: ${note}`),
  );
  return { train: trainSet, validation: validationSet, labelSpace: trainSet.labelSpace, notes };
}

/** Texts without labels, for prediction: labels are zeros and mean nothing. */
export function unlabelledDataset(
  texts: readonly string[],
  pairs: readonly string[] | null = null,
  task: DataTask = 'classification',
  name = 'text',
): Dataset {
  texts.forEach((text, i) => {
    if (text.trim() === '' || pairs?.[i].trim() === '')
      throw dataError(name, i + 1, 'the text is empty; write one');
  });
  return {
    name,
    split: 'test',
    task,
    rows: texts.length,
    texts: [...texts],
    pairs: pairs && [...pairs],
    labels: task === 'classification' ? new Int32Array(texts.length) : new Float32Array(texts.length),
    labelSpace: null,
    lines: texts.map((_, i) => i + 1),
  };
}

/** Rows of every class, in the order of the classifier's outputs. */
export function classCounts(dataset: Dataset): number[] {
  const counts = new Array<number>(dataset.labelSpace?.names.length ?? 0).fill(0);
  if (dataset.labelSpace) for (const label of dataset.labels) counts[label]++;
  return counts;
}

function textAt(table: Table, row: number, column: ColumnName, text: string): string {
  if (text.trim() === '')
    throw dataError(
      table.name,
      table.lineOf(row),
      `the text in column "${column}" is empty; fill it in or remove the line`,
    );
  return text;
}

function labelPresent(table: Table, row: number, column: ColumnName, value: string): string {
  const label = value.trim();
  if (isMissing(label))
    throw dataError(
      table.name,
      table.lineOf(row),
      `the label in column "${column}" is ${label === '' ? 'missing' : label}; fill it in or remove the line`,
    );
  return label;
}

function classAt(table: Table, row: number, column: ColumnName, value: string, space: LabelSpace): number {
  const label = labelPresent(table, row, column, value);
  const index = labelIndex(space, label);
  if (index < 0)
    throw dataError(
      table.name,
      table.lineOf(row),
      `the label ${quoted(label)} in column "${column}" does not occur in the training data, which has ` +
        `${listed(space)}; correct it or add training rows with it`,
    );
  return index;
}

function targetAt(table: Table, row: number, column: ColumnName, value: string): number {
  const label = labelPresent(table, row, column, value);
  const target = Number(label);
  if (!Number.isFinite(target))
    throw dataError(
      table.name,
      table.lineOf(row),
      `the label ${quoted(label)} in column "${column}" is not a number, which a regression needs; ` +
        'correct it or choose the task classification',
    );
  return target;
}

function refuseOneClass(
  table: Table,
  column: ColumnName,
  labels: ArrayLike<number>,
  space: LabelSpace,
): void {
  for (let i = 1; i < labels.length; i++) if (labels[i] !== labels[0]) return;
  const rows = labels.length === 1 ? 'the only row' : `all ${labels.length} rows`;
  throw dataError(
    table.name,
    null,
    `${rows} for training have the label ${quoted(space.names[labels[0]])} in column "${column}", and a ` +
      'classifier needs two classes; add rows of another class or raise data.limit.train',
  );
}

function listed(space: LabelSpace): string {
  const shown = space.names.slice(0, 8).map(quoted).join(', ');
  return space.names.length > 8 ? `${shown}, … (${space.names.length} classes)` : shown;
}
