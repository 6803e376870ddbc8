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
