/** What the cells of a row mean, or what is wrong with them, as a sentence that its file and line complete. */
import { isMissing, labelIndex, type LabelSpace } from './labels.ts';
import { dataError, quoted } from './table/error.ts';
import type { ColumnName, Table } from './table/table.ts';

/** What is wrong with a text; null where nothing is. @param what `text` or `target` */
export function textProblem(column: ColumnName, text: string, what: 'text' | 'target'): string | null {
  return text.trim() === ''
    ? `the ${what} in column "${column}" is empty; fill it in or remove the line`
    : null;
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
): number | string {
  const label = value.trim();
  if (isMissing(label)) return missingLabel(column, label);
  const index = labelIndex(space, label);
  if (index >= 0) return index;
  const problem = `the label ${quoted(label)} in column "${column}"`;
  return words
    ? `${problem} has no word in data.verbalizer, which has ${listed(space)}; add one`
    : `${problem} does not occur in the training data, which has ${listed(space)}; ` +
        'correct it or add training rows with it';
}

/** The target of a regression, or what is wrong with it. */
export function numberOf(column: ColumnName, value: string): number | string {
  const label = value.trim();
  if (isMissing(label)) return missingLabel(column, label);
  const target = Number(label);
  if (Number.isFinite(target)) return target;
  return (
    `the label ${quoted(label)} in column "${column}" is not a number, which a regression needs; ` +
    'correct it or choose the task classification'
  );
}

function missingLabel(column: ColumnName, label: string): string {
  return `the label in column "${column}" is ${label === '' ? 'missing' : label}; fill it in or remove the line`;
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
    `column "${column}" has ${distinct} different labels in ${labels.length} rows, so it names no classes; ` +
      'choose another label column, or the task text-to-text if it holds answers in words',
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
