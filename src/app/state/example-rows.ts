/** Two rows that show what a dataset asks. */
import type { FileRow } from '../../protocol/data.ts';
import { answerColumn, type Columns } from '../../protocol/columns.ts';

export interface ExampleRow {
  texts: string[];
  answer: string;
}

/** Rows to choose from. */
export const EXAMPLE_ROWS_ASKED = 120;

/** Longer texts are shown cut. */
const MOST = 110;

/**
 * Two rows with different answers, short enough to be read at a glance.
 * @param about rows that speak of it are taken first
 */
export function exampleRows(
  rows: readonly FileRow[],
  columnNames: readonly string[],
  columns: Columns,
  about?: RegExp,
): ExampleRow[] {
  const texts = columns.text.map((name) => columnNames.indexOf(name));
  const answerAt = columnNames.indexOf(answerColumn(columns));
  const all = rows
    .map(({ cells }) => ({
      texts: texts.map((column) => (cells[column] ?? '').trim()),
      answer: (cells[answerAt] ?? '').trim(),
    }))
    .filter((row) => row.answer !== '' && row.texts.some((text) => text !== ''));
  const length = (row: ExampleRow): number => row.texts.reduce((sum, text) => sum + text.length, 0);
  const off = (row: ExampleRow): number => (about !== undefined && !about.test(row.texts.join(' ')) ? 1 : 0);
  const tooLong = (row: ExampleRow): number => (length(row) > MOST ? 1 : 0);
  // Sorting keeps the file's order among equals.
  const sorted = all.toSorted((a, b) => off(a) - off(b) || tooLong(a) - tooLong(b));
  const first = sorted.at(0);
  if (first === undefined) return [];
  const second = sorted.find(({ answer }) => answer !== first.answer) ?? sorted.at(1);
  return [first, ...(second === undefined ? [] : [second])].map(({ texts: long, answer }) => ({
    texts: long.map((text) => (text.length > MOST ? `${text.slice(0, MOST - 1).trimEnd()}…` : text)),
    answer,
  }));
}
