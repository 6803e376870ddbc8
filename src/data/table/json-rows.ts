/** Gathers JSON objects into columns: each field's path is one, in the order they first appear. */
import { say, type Sentence } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { dataError } from './error.ts';
import { emitCells } from './json-cells.ts';
import { checkCellCount, checkColumnCount, checkRowCount, mostRows } from './limits.ts';

export class JsonRows {
  private readonly file: string;
  private readonly most: number;
  private readonly columns = new Map<string, string[]>();
  private readonly lines: number[] = [];
  private readonly lists = new Map<string, Map<number, readonly string[]>>();

  /** @param size of the file, in bytes or characters */
  constructor(file: string, size: number) {
    this.file = file;
    this.most = mostRows(size);
  }

  /**
   * @param line from 1, where the object begins
   * @throws StudioError('data') for what is no object, too wide or deep, or one row too many
   */
  add(value: unknown, line: number): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw dataError(
        this.file,
        line,
        say`${kindOf(value)} where an object is needed; write ${'{"text": …, "label": …}'}`,
      );
    const row = this.lines.length;
    emitCells(
      value,
      null,
      (path, cell, texts) => {
        let column = this.columns.get(path);
        if (column === undefined) {
          column = [];
          this.columns.set(path, column);
          checkColumnCount(this.columns.size, this.file, line);
        }
        // A path that a row has twice ("a.b" beside {"a": {"b": …}}) keeps its first value.
        if (column.length > row) return;
        fill(column, row);
        column.push(cell);
        if (texts !== undefined && texts.length > 1) this.keepTexts(path, row, texts);
      },
      { file: this.file, line },
    );
    this.lines.push(line);
    checkRowCount(this.lines.length, this.most, this.file);
  }

  /** @throws StudioError('data') where there is no row, or rows have hardly a field in common */
  finish(): Cells {
    const rows = this.lines.length;
    if (rows === 0) throw dataError(this.file, null, say`the file has no rows; choose a file with rows`);
    if (this.columns.size === 0)
      throw dataError(
        this.file,
        this.lines[0],
        say`the objects have no fields; write ${'{"text": …, "label": …}'}`,
      );
    checkCellCount(rows, this.columns.size, this.file);
    const columns = [...this.columns.values()];
    for (const column of columns) fill(column, rows);
    return { columns, lines: this.lines, names: [...this.columns.keys()], lists: this.lists };
  }

  private keepTexts(path: string, row: number, texts: readonly string[]): void {
    const rows = this.lists.get(path) ?? new Map<number, readonly string[]>();
    this.lists.set(path, rows.set(row, texts));
  }
}

/** Empty cells where rows had no such field. */
function fill(column: string[], length: number): void {
  while (column.length < length) column.push('');
}

function kindOf(value: unknown): Sentence {
  if (value === null) return say`a JSON null`;
  if (Array.isArray(value)) return say`a JSON array`;
  if (typeof value === 'string') return say`a JSON string`;
  return typeof value === 'number' ? say`a JSON number` : say`a JSON boolean`;
}
