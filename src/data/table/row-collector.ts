/** Gathers rows into columns and refuses a ragged table, naming its first odd line. */
import type { Cells } from './cells.ts';
import { dataError } from './error.ts';

export class RowCollector {
  private readonly file: string;
  private readonly columns: string[][] = [];
  private readonly lines: number[] = [];
  private ragged: { line: number; width: number; count: number } | null = null;

  constructor(file: string) {
    this.file = file;
  }

  /** @param line from 1, where the row began */
  add(fields: readonly string[], line: number): void {
    if (this.lines.length === 0) for (let c = 0; c < fields.length; c++) this.columns.push([]);
    if (fields.length !== this.columns.length) {
      if (this.ragged) this.ragged.count++;
      else this.ragged = { line, width: fields.length, count: 1 };
      return;
    }
    for (let c = 0; c < fields.length; c++) this.columns[c].push(fields[c]);
    this.lines.push(line);
  }

  /** @throws StudioError('data') if the file had no rows or rows of different widths */
  finish(): Cells {
    if (this.lines.length === 0)
      throw dataError(this.file, null, 'the file has no rows; choose a file with rows');
    if (this.ragged) {
      const { line, width, count } = this.ragged;
      const others = count > 1 ? ` (and ${count - 1} more such line${count > 2 ? 's' : ''})` : '';
      throw dataError(
        this.file,
        line,
        `${width} column${width === 1 ? '' : 's'} where line ${this.lines[0]} has ${this.columns.length}${others}; ` +
          'give every line the same number of columns',
      );
    }
    return { columns: this.columns, lines: this.lines, names: null };
  }
}
