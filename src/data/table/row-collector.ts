/** Gathers rows into columns. Rows of another width than the first are refused together, or left out. */
import { say } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { dataError } from './error.ts';
import { checkColumnCount, checkRowCount, mostRows } from './limits.ts';
import { RowProblems, type InvalidRows } from './row-problems.ts';
import { filledWidth, fitsWidth } from './separator.ts';

export class RowCollector {
  private readonly file: string;
  private readonly most: number;
  private readonly invalidRows: InvalidRows;
  private readonly columns: string[][] = [];
  private readonly lines: number[] = [];
  private readonly ragged: RowProblems;
  /** Columns of the first row up to the last that holds something. */
  private least = 0;

  /** @param size of the file, in bytes or characters */
  constructor(file: string, size: number, invalidRows: InvalidRows = 'refuse') {
    this.file = file;
    this.most = mostRows(size);
    this.invalidRows = invalidRows;
    this.ragged = new RowProblems(file);
  }

  /**
   * @param line from 1, where the row began
   * @throws StudioError('data') for too many columns or rows
   */
  add(fields: readonly string[], line: number): void {
    if (this.lines.length === 0) {
      checkColumnCount(fields.length, this.file, line);
      for (let c = 0; c < fields.length; c++) this.columns.push([]);
      this.least = filledWidth(fields);
    }
    if (!fitsWidth(fields, this.columns.length, this.least)) {
      const [found, first, wanted] = [fields.length, this.lines[0], this.columns.length];
      this.ragged.add(line, {
        what:
          found === 1
            ? say`1 column where line ${first} has ${wanted}`
            : say`${found} columns where line ${first} has ${wanted}`,
        remedy: say`give every line the same number of columns`,
      });
      return;
    }
    for (let c = 0; c < this.columns.length; c++) this.columns[c].push(fields[c] ?? '');
    this.lines.push(line);
    checkRowCount(this.lines.length, this.most, this.file);
  }

  /** @throws StudioError('data') if the file had no rows or rows of different widths */
  finish(): Cells {
    if (this.lines.length === 0)
      throw dataError(this.file, null, say`the file has no rows; choose a file with rows`);
    if (this.ragged.count > 0 && this.invalidRows === 'refuse') throw this.ragged.error();
    const note = this.ragged.note();
    return { columns: this.columns, lines: this.lines, names: null, notes: note === null ? [] : [note] };
  }
}
