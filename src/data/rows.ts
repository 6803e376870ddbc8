/** What the cells of a row mean, or what is wrong with them, as a sentence that its file and line complete. */
import { field, say, type Sentence, type SentenceValue } from '../sentence.ts';
import { isMissing, labelIndex, type LabelSpace } from './labels.ts';
import { dataError, quoted } from './table/error.ts';
import type { RowProblem } from './table/row-problems.ts';
import type { ColumnName, Table } from './table/table.ts';

/** What is wrong with a text; null where nothing is. @param what `text` or `target` */
export function textProblem(column: ColumnName, text: string, what: 'text' | 'target'): RowProblem | null {
  if (text.trim() !== '') return null;
  return {
    what:
      what === 'text'
        ? say`the text in column "${column}" is empty`
        : say`the target in column "${column}" is empty`,
    remedy: FILL_IN,
  };
}

const FILL_IN = say`fill it in or remove the line`;

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
  if (isMissing(label)) return missingLabel(column, label);
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

/** The target of a regression, or what is wrong with it. */
export function numberOf(column: ColumnName, value: string): number | RowProblem {
  const label = value.trim();
  if (isMissing(label)) return missingLabel(column, label);
  const target = Number(label);
  if (Number.isFinite(target)) return target;
  return {
    what: say`the label ${quoted(label)} in column "${column}" is not a number, which a regression needs`,
    remedy: say`correct it or choose the task classification`,
  };
}

function missingLabel(column: ColumnName, label: string): RowProblem {
  const what: Sentence =
    label === ''
      ? say`the label in column "${column}" is missing`
      : say`the label in column "${column}" is ${label}`;
  return { what, remedy: FILL_IN };
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
  const remedy = say`add rows of another class or raise ${field('data.limit.train')}`;
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
