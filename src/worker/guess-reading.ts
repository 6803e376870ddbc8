/** How a table is read when nobody says: the task that the model can do, and the columns. */
import { guessColumns, namedTarget } from '../data/guess-columns.ts';
import type { Table } from '../data/table/table.ts';
import type { Columns } from '../protocol/columns.ts';
import type { Task } from '../runs/spec.ts';
import type { KnownColumns } from '../question.ts';
import { guessTask } from '../data/guess-task.ts';

export interface Reading {
  task: Task;
  columns: Columns;
}

/** Rows looked at. */
const SAMPLE = 1000;
/** Columns of more values than this hold texts rather than classes. */
const MOST_CLASSES = 20;
/** A class has a name of so many words at most. */
const MOST_WORDS = 3;
/** A class stands in so many rows on average. */
const ROWS_OF_CLASS = 3;

/**
 * @param tasks what the model can do; without a model a label is looked for
 * @param given what was said of the columns
 * @throws StudioError('data') when a column cannot be told, with the question which it is
 */
export function guessReading(table: Table, tasks: readonly Task[], given: KnownColumns = {}): Reading {
  const writes = tasks.includes('text2text');
  if (writes && given.label === undefined && (given.target !== undefined || !prefersClasses(table))) {
    const { text, target } = guessColumns(table, given, 'target');
    return { task: 'text2text', columns: { text: text.map(String), target: String(target) } };
  }
  const { text, label } = guessColumns(table, given);
  const columns = { text: text.map(String), label: String(label) };
  // A model that writes answers with the labels' words.
  return { task: writes ? 'text2text' : guessTask(table.column(columns.label)), columns };
}

/** A table for whoever chooses, when not everything can be told: what can, else the first column and the last. */
export function anyReading(table: Table, tasks: readonly Task[]): Reading {
  const [first] = table.columns;
  const last = table.columns.at(-1)!;
  if (tasks.includes('text2text')) return { task: 'text2text', columns: { text: [first], target: last } };
  let label = last;
  try {
    label = String(guessColumns(table, { text: [first] }).label);
  } catch {
    // Labels cannot be told either.
  }
  const text = table.columns.find((name) => name !== label) ?? first;
  return { task: guessTask(table.column(label)), columns: { text: [text], label } };
}

/** Has the table labels, and no texts to write? */
function prefersClasses(table: Table): boolean {
  const named = namedTarget(table);
  if (named !== undefined && !holdsClasses(table, named)) return false;
  try {
    return holdsClasses(table, String(guessColumns(table).label));
  } catch {
    return false;
  }
}

function holdsClasses(table: Table, column: string): boolean {
  const values = table
    .column(column)
    .slice(0, SAMPLE)
    .map((value) => value.trim())
    .filter((value) => value !== '');
  const distinct = [...new Set(values)];
  const names = distinct.every((value) => value.split(/\s+/).length <= MOST_WORDS);
  const { length } = distinct;
  return names && length > 1 && length <= MOST_CLASSES && values.length >= ROWS_OF_CLASS * length;
}
