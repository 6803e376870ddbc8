/**
 * A table of strings: what every data file becomes before it is given a meaning. Columns are addressed by
 * name, or by index ("0", "1", … or a number), which is all there is in a file without a header.
 */
import { say, type Sentence } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { dataError, listedNames } from './error.ts';
import type { TableFormat } from './format.ts';

export type ColumnName = string | number;

/** Cells of a column, or what reads them when they are first asked for. */
export type ColumnCells = readonly string[] | (() => readonly string[]);

export class Table {
  /** File name, as in messages. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly format: TableFormat | 'parquet';
  /** A label of the Encoding Standard, in lower case; null of a binary format. */
  readonly encoding: string | null;
  /** What stands between cells; null where the format has its own syntax. */
  readonly separator: string | null;
  /** False where the file names no columns: `columns` are then "0", "1", … */
  readonly header: boolean;
  /** What was assumed on reading, a sentence each. */
  readonly notes: readonly Sentence[];
  /** Names that the file gives to several columns: which of them is meant cannot be told by the name. */
  readonly repeated: ReadonlySet<string>;
  /** Shared with tables made of this one, so that a column is read once. */
  private readonly cells: ColumnCells[];
  private readonly lines: readonly number[];
  private readonly lists: Cells['lists'];
  private readonly classes: ReadonlyMap<string, readonly string[]>;

  constructor(source: {
    name: string;
    columns: readonly string[];
    cells: readonly ColumnCells[];
    lines: readonly number[];
    format: TableFormat | 'parquet';
    encoding: string | null;
    separator?: string | null;
    header: boolean;
    notes: readonly Sentence[];
    lists?: Cells['lists'];
    classes?: ReadonlyMap<string, readonly string[]>;
    repeated?: ReadonlySet<string>;
  }) {
    this.name = source.name;
    this.columns = source.columns;
    this.cells = source.cells as ColumnCells[];
    this.lines = source.lines;
    this.rows = source.lines.length;
    this.format = source.format;
    this.encoding = source.encoding;
    this.header = source.header;
    this.notes = source.notes;
    this.lists = source.lists;
    this.classes = source.classes ?? new Map();
    this.separator = source.separator ?? null;
    this.repeated = source.repeated ?? new Set();
  }

  /** Index of a column, −1 if there is none. A name wins over an index. */
  indexOf(column: ColumnName): number {
    if (typeof column === 'string') {
      const named = this.columns.indexOf(column);
      if (named >= 0) return named;
      if (!/^\d+$/.test(column)) return -1;
    }
    const index = Number(column);
    return Number.isInteger(index) && index >= 0 && index < this.columns.length ? index : -1;
  }

  /**
   * All values of a column, in file order.
   * @throws StudioError('data') that lists the columns there are, or where the column is damaged
   */
  column(column: ColumnName): readonly string[] {
    const index = this.indexOf(column);
    if (index >= 0) return this.cellsAt(index);
    const has = this.header
      ? say`it has ${listedNames(this.columns)}`
      : say`it has no header, and columns 0 to ${this.columns.length - 1}`;
    throw dataError(this.name, null, say`there is no column "${column}"; ${has}: name one of these`);
  }

  private cellsAt(index: number): readonly string[] {
    const cells = this.cells[index];
    if (typeof cells !== 'function') return cells;
    const read = cells();
    this.cells[index] = read;
    return read;
  }

  /** One cell. @throws StudioError('data') for an unknown column */
  get(row: number, column: ColumnName): string {
    return this.column(column)[row];
  }

  /** The same table with one more sentence about how it was read. */
  withNote(note: Sentence): Table {
    return new Table({ ...this.parts(), notes: [...this.notes, note] });
  }

  /** What it is made of. */
  parts(): ConstructorParameters<typeof Table>[0] {
    const {
      name,
      columns,
      cells,
      lines,
      format,
      encoding,
      separator,
      header,
      notes,
      lists,
      classes,
      repeated,
    } = this;
    return {
      name,
      columns,
      cells,
      lines,
      format,
      encoding,
      separator,
      header,
      notes,
      lists,
      classes,
      repeated,
    };
  }

  /**
   * The texts of a cell that held a list, as of several references; else the cell alone.
   * @throws StudioError('data') for an unknown column
   */
  texts(row: number, column: ColumnName): readonly string[] {
    const cell = this.get(row, column);
    const name = this.columns[this.indexOf(column)];
    return this.lists?.get(name)?.get(row) ?? [cell];
  }

  /** Rows of a column whose cells held lists of several texts. @throws StudioError('data') for an unknown column */
  listsOf(column: ColumnName): ReadonlyMap<number, readonly string[]> {
    this.column(column);
    return this.lists?.get(this.columns[this.indexOf(column)]) ?? new Map();
  }

  /** Names of a column's classes in their order, where the file gives them; else none. */
  classNames(column: ColumnName): readonly string[] {
    return this.classes.get(this.columns[this.indexOf(column)]) ?? [];
  }

  /** Line of the file, from 1, on which a row begins. */
  lineOf(row: number): number {
    return this.lines[row];
  }
}
