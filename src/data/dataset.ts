/** A table given its meaning: texts, labels, and the lines they came from. */
import { StudioError } from '../errors.ts';
import { isMissing, labelIndex, labelSpace, type LabelSpace, type ModelLabels } from './labels.ts';
import { splitRows } from './split.ts';
import { dataError, quoted } from './table/error.ts';
import { RowProblems, type InvalidRows } from './table/row-problems.ts';
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
  /** What was done about rows that cannot be used, a sentence each. */
  notes: string[];
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
  /** Whether rows without text or with a label that does not read are refused, or left out. */
  invalidRows?: InvalidRows;
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
  if (space && split === 'train') refuseNearlyUnique(table, columns.label, labelColumn, space);
  const problems = new RowProblems(table.name);
  const used: number[] = [];
  const values: number[] = [];
  for (const row of chosen) {
    const read = space
      ? classAt(columns.label, labelColumn[row], space)
      : targetAt(columns.label, labelColumn[row]);
    const problem =
      textProblem(columns.text[0], first[row]) ??
      (second && textProblem(columns.text[1], second[row])) ??
      (typeof read === 'string' ? read : null);
    if (problem !== null) problems.add(table.lineOf(row), problem);
    else {
      used.push(row);
      values.push(read as number);
    }
  }
  if (problems.count > 0 && (options.invalidRows !== 'skip' || used.length === 0)) throw problems.error();
  const labels = space ? Int32Array.from(values) : Float32Array.from(values);
  if (space && split === 'train') refuseOneClass(table, columns.label, labels, space);
  const note = problems.note();
  return {
    name: table.name,
    split,
    task,
    rows: used.length,
    texts: used.map((row) => first[row]),
    pairs: second ? used.map((row) => second[row]) : null,
    labels,
    labelSpace: space,
    lines: used.map((row) => table.lineOf(row)),
    notes: note === null ? [] : [note],
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
    invalidRows?: InvalidRows;
  },
): PreparedData {
  const { columns, task, seed, limit, model, invalidRows } = options;
  const held = typeof validation === 'number' ? splitRows(train.rows, validation, seed, train.name) : null;
  const trainSet = buildDataset(train, {
    columns,
    task,
    split: 'train',
    model,
    limit: limit?.train,
    rows: held?.train,
    invalidRows,
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
      invalidRows,
    });
  const notes = [...new Set([train, ...(validationTable ? [validationTable] : [])])].flatMap((table) =>
    table.notes.map((note) => (note.startsWith(table.name) ? note : `${table.name}: ${note}`)),
  );
  notes.push(...trainSet.notes, ...(validationSet?.notes ?? []));
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
    notes: [],
  };
}

/** Rows of every class, in the order of the classifier's outputs. */
export function classCounts(dataset: Dataset): number[] {
  const counts = new Array<number>(dataset.labelSpace?.names.length ?? 0).fill(0);
  if (dataset.labelSpace) for (const label of dataset.labels) counts[label]++;
  return counts;
}

/** What is wrong with a text; null where nothing is. */
function textProblem(column: ColumnName, text: string): string | null {
  return text.trim() === '' ? `the text in column "${column}" is empty; fill it in or remove the line` : null;
}

function missingLabel(column: ColumnName, label: string): string {
  return `the label in column "${column}" is ${label === '' ? 'missing' : label}; fill it in or remove the line`;
}

/** The class of a label, or what is wrong with it. */
function classAt(column: ColumnName, value: string, space: LabelSpace): number | string {
  const label = value.trim();
  if (isMissing(label)) return missingLabel(column, label);
  const index = labelIndex(space, label);
  if (index >= 0) return index;
  return (
    `the label ${quoted(label)} in column "${column}" does not occur in the training data, which has ` +
    `${listed(space)}; correct it or add training rows with it`
  );
}

/** The target of a regression, or what is wrong with it. */
function targetAt(column: ColumnName, value: string): number | string {
  const label = value.trim();
  if (isMissing(label)) return missingLabel(column, label);
  const target = Number(label);
  if (Number.isFinite(target)) return target;
  return (
    `the label ${quoted(label)} in column "${column}" is not a number, which a regression needs; ` +
    'correct it or choose the task classification'
  );
}

/** So many labels are classes whatever the number of rows. */
const CLASSES_OF_ANY_FILE = 50;

/** Labels that hardly repeat are texts or names: a classifier of them learns nothing. */
function refuseNearlyUnique(
  table: Table,
  column: ColumnName,
  labels: readonly string[],
  space: LabelSpace,
): void {
  const distinct = space.names.length;
  if (distinct <= CLASSES_OF_ANY_FILE || distinct <= labels.length / 2) return;
  throw dataError(
    table.name,
    null,
    `column "${column}" has ${distinct} different labels in ${labels.length} rows, so it names no classes; ` +
      'choose another label column, or the task text-to-text if it holds answers in words',
  );
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
