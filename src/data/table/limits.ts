/** How large a table may be. Documented in docs/run-spec.md. */
import { say } from '../../sentence.ts';
import { dataError } from './error.ts';

/** Columns: a table of text has a few, and every one is kept. */
export const MAX_COLUMNS = 1000;

/** @throws StudioError('data') that says how many there are and what to do */
export function checkColumnCount(count: number, file: string, line: number): void {
  if (count > MAX_COLUMNS)
    throw dataError(
      file,
      line,
      say`${count.toLocaleString('en-US')} columns, and at most ${MAX_COLUMNS.toLocaleString('en-US')} are read; keep the columns of text and label`,
    );
}

/** Cells of a table that its rows need not all have; empty ones take room too. */
const MAX_CELLS = 20_000_000;

/** @throws StudioError('data') that says how many there are and what to do */
export function checkCellCount(rows: number, columns: number, file: string): void {
  if (rows * columns > MAX_CELLS)
    throw dataError(
      file,
      null,
      say`${rows.toLocaleString('en-US')} rows of ${columns.toLocaleString('en-US')} columns are more than ${MAX_CELLS.toLocaleString('en-US')} cells; keep the columns of text and label, or fewer rows`,
    );
}

/**
 * Rows, a few bytes of which can stand for very many: a million in any file, and one more for each 100 bytes, which
 * is less than a text and its label take. Every row costs time and memory, however short it is.
 */
const FIRST_ROWS = 1_000_000;
const BYTES_OF_A_ROW = 100;
const MAX_ROWS = 5_000_000;

/** @param size of the file, in bytes or characters */
export function mostRows(size: number): number {
  return Math.min(MAX_ROWS, FIRST_ROWS + Math.floor(size / BYTES_OF_A_ROW));
}

/**
 * @param most as `mostRows` says
 * @throws StudioError('data') that says how many are read and what to do
 */
export function checkRowCount(rows: number, most: number, file: string): void {
  if (rows > most)
    throw dataError(
      file,
      null,
      say`more than ${most.toLocaleString('en-US')} rows, which is the most that is read from a file of this size; write fewer rows into a file`,
    );
}
