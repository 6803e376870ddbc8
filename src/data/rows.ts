/** What the cells of a row mean, or what is wrong with them, as a sentence that its file and line complete. */
import { field, say, type SentenceValue } from '../sentence.ts';
import { labelIndex, type LabelSpace } from './labels.ts';
import { dataError, quoted } from './table/error.ts';
import type { RowProblem } from './table/row-problems.ts';
import type { ColumnName, Table } from './table/table.ts';

const FILL_IN = say`fill it in, or leave such rows out with ${field('data.missing')} "drop"`;

/** A text, a target or a number that is not there. */
export function missingProblem(
  column: ColumnName,
  value: string,
  what: 'text' | 'target' | 'label',
): RowProblem {
  const found = value.trim();
  return { what: found === '' ? EMPTY[what](column) : STANDS_FOR_NONE[what](column, found), remedy: FILL_IN };
}

const EMPTY = {
  text: (column: ColumnName) => say`the text in column "${column}" is empty`,
  target: (column: ColumnName) => say`the target in column "${column}" is empty`,
  label: (column: ColumnName) => say`the label in column "${column}" is missing`,
};

const STANDS_FOR_NONE = {
  text: (column: ColumnName, found: string) =>
    say`the text in column "${column}" is ${found}, which stands for a missing one`,
  target: (column: ColumnName, found: string) =>
    say`the target in column "${column}" is ${found}, which stands for a missing one`,
  label: (column: ColumnName, found: string) =>
    say`the label in column "${column}" is ${found}, which stands for a missing one`,
};

/** A label that stands for a missing one, and may be a class. */
export function missingClassProblem(column: ColumnName, value: string): RowProblem {
  const found = value.trim();
  if (found === '') return missingProblem(column, found, 'label');
  return {
    what: say`the label ${quoted(found)} in column "${column}" stands for a missing one`,
    remedy: say`leave such rows out with ${field('data.missing')} "drop", or keep it as a class with ${field('data.missingValues')} []`,
  };
}

/** A list as JSON, Python and data frames write it, of two and more. */
const SEVERAL = /^(\[[^,]+,[^]*\]|\{[^,:]+,[^:]*\})$/;

/** Tells of which rows the label is a list of several; joined, every combination would be a class of its own. */
export function severalLabels(table: Table, column: ColumnName): (row: number) => boolean {
  const lists = table.listsOf(column);
  const labels = table.column(column);
  return (row) => lists.has(row) || SEVERAL.test(labels[row].trim());
}

/** Tells of which labels the number is none of a class that the file has named. */
export function beyondNames(table: Table, column: ColumnName): ((label: string) => boolean) | null {
  const names = new Set(table.classNames(column));
  return names.size === 0 ? null : (label) => /^-?\d+$/.test(label.trim()) && !names.has(label.trim());
}

export function beyondNamesProblem(table: Table, column: ColumnName, label: string): RowProblem {
  const names = table.classNames(column);
  return {
    what: say`the label ${quoted(label.trim())} in column "${column}" is none of the ${names.length} classes that the file names, ${quoted(names[0])} first`,
    remedy: say`correct it`,
  };
}

export function severalLabelsProblem(column: ColumnName): RowProblem {
  return {
    what: say`the label in column "${column}" is a list of several`,
    remedy: say`give every row one label, or train on one of them at a time, each in a column of its own`,
  };
}

/**
 * The class of a label, or what is wrong with it.
 * @param words whether classes are those that have a word in `data.verbalizer`
 */
export function classOf(
  column: ColumnName,
  value: string,
  space: LabelSpace,
  words: boolean,
): number | RowProblem {
  const label = value.trim();
  const index = labelIndex(space, label);
  if (index >= 0) return index;
  const found = quoted(label);
  return words
    ? {
        what: say`the label ${found} in column "${column}" has no word in ${field('data.verbalizer')}, which has ${listed(space)}`,
        remedy: say`add one`,
      }
    : {
        what: say`the label ${found} in column "${column}" does not occur in the training data, which has ${listed(space)}`,
        remedy: say`correct it or add training rows with it`,
      };
}

/** A number as data files write it: `0x10` and `Infinity` are numbers to JavaScript alone. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** 0,50 and 1.234,5 as many languages write them, or 1,234.5. Which of the two 1,234 is, the file does not say. */
export const NUMBER_WITH_COMMA = /^[+-]?(\d+(\.\d{3})*,\d+|\d{1,3}(,\d{3})+\.\d+)$/;
/** Errors are squared, and training is in single precision, which ends at 3.4e38. */
const LARGEST_TARGET = 1e18;

/** The target of a regression, or what is wrong with it. */
export function numberOf(column: ColumnName, value: string): number | RowProblem {
  const label = value.trim();
  if (DECIMAL.test(label)) {
    const target = Number(label);
    if (Math.abs(target) <= LARGEST_TARGET) return target;
    return {
      what: say`the label ${quoted(label)} in column "${column}" is too large: its square is beyond single precision`,
      remedy: say`scale the labels, to about -1 to 1`,
    };
  }
  if (NUMBER_WITH_COMMA.test(label)) {
    return {
      what: say`the label ${quoted(label)} in column "${column}" is a number with a comma`,
      remedy: say`write it without one, decimals with a point, or choose the task classification`,
    };
  }
  return {
    what: say`the label ${quoted(label)} in column "${column}" is not a number, which a regression needs`,
    remedy: say`correct it or choose the task classification`,
  };
}

/** So many labels are classes whatever the number of rows. */
const CLASSES_OF_ANY_FILE = 50;

/** Labels that hardly repeat are texts or names: a classifier of them learns nothing. @throws StudioError('data') */
export function refuseNearlyUnique(
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
    say`column "${column}" has ${distinct} different labels in ${labels.length} rows, so it names no classes; choose another label column, or the task text-to-text if it holds answers in words`,
  );
}

/** Training rows that are all of one class teach nothing. @throws StudioError('data') */
export function refuseOneClass(
  table: Table,
  column: ColumnName,
  labels: ArrayLike<number>,
  space: LabelSpace,
): void {
  for (let i = 1; i < labels.length; i++) if (labels[i] !== labels[0]) return;
  const label = quoted(space.names[labels[0]]);
  // Where the file has another class, its rows are beyond the limit, or held out.
  const alone = new Set(table.column(column)).size === 1;
  const remedy = alone
    ? say`add rows of another class`
    : say`add rows of another class or raise ${field('data.limit.train')}`;
  throw dataError(
    table.name,
    null,
    labels.length === 1
      ? say`the only row for training has the label ${label} in column "${column}", and a classifier needs two classes; ${remedy}`
      : say`all ${labels.length} rows for training have the label ${label} in column "${column}", and a classifier needs two classes; ${remedy}`,
  );
}

function listed(space: LabelSpace): SentenceValue {
  const shown = space.names.slice(0, 8).map(quoted).join(', ');
  return space.names.length > 8 ? say`${shown}, … (${space.names.length} classes)` : shown;
}
