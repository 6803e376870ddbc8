/** Bytes of a data file to a `Table`: encoding, format and header are found out, and said. */
import { field, say, type Sentence } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { readCsv } from './csv.ts';
import { isColumnName } from './column-names.ts';
import { decodeText } from './decode.ts';
import { dataError, quoted } from './error.ts';
import { detectFormat, type TableFormat } from './format.ts';
import { judgeHeader } from './header.ts';
import { readJson } from './json.ts';
import { readJsonLines } from './jsonl.ts';
import { readLabelledLines } from './labelled-lines.ts';
import { nameColumns } from './name-columns.ts';
import { Table, type ColumnName } from './table.ts';
import { isParquet, readParquet } from './parquet.ts';
import { asking } from './question.ts';
import type { InvalidRows } from './row-problems.ts';
import { readTsv } from './tsv.ts';

export interface ReadOptions {
  /** Taken from name and content if left out. */
  format?: TableFormat;
  /** Label of the Encoding Standard; found out if left out. */
  encoding?: string;
  /** Whether the first row names the columns; found out if left out. */
  header?: boolean;
  /** Columns that will be asked for: one of their names in the first row proves it a header. */
  columns?: readonly ColumnName[];
  /** Whether rows of another width than the first are refused (unless said otherwise) or left out. */
  invalidRows?: InvalidRows;
}

const READERS: Record<TableFormat, (text: string, file: string, invalidRows?: InvalidRows) => Cells> = {
  csv: readCsv,
  tsv: readTsv,
  jsonl: readJsonLines,
  json: readJson,
  labelledLines: readLabelledLines,
};

/**
 * A table of a text format.
 * @param content the file's bytes, or its text
 * @param name the file's name: for its extension and for messages
 * @throws StudioError('data') with file and line: empty, binary, ragged, misquoted, header without rows
 */
export function readTable(content: Uint8Array | string, name: string, options: ReadOptions = {}): Table {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const { text, encoding, notes } = decodeText(bytes, name, options.encoding);
  if (text.trim() === '') throw dataError(name, null, say`the file has no rows; choose a file with rows`);
  const format = options.format ?? detectFormat(text, name);
  const cells = READERS[format](text, name, options.invalidRows);
  return tableOf(cells, { name, format, encoding, notes }, options);
}

/** A table of any format, Parquet too. @throws as `readTable` */
export async function readTableFile(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  options: ReadOptions = {},
): Promise<Table> {
  if (!isParquet(bytes)) return readTable(bytes, name, options);
  return readParquet(bytes, name);
}

interface About {
  name: string;
  format: Table['format'];
  encoding: string | null;
  notes: readonly Sentence[];
}

function tableOf(cells: Cells, about: About, options: ReadOptions): Table {
  const { columns, lines, names, separator = null } = cells;
  const { name } = about;
  const notes = [...about.notes, ...(cells.notes ?? [])];
  if (names !== null)
    return new Table({
      ...about,
      separator,
      columns: names,
      cells: columns,
      lines,
      header: true,
      notes,
      lists: cells.lists,
    });

  const again = repeatsOfFirst(columns);
  if (again.length > 0 && options.header !== false) {
    const once = withoutRows(cells, again);
    // Files put one after the other: each begins with the names.
    if (options.header === true || isHeader(once.columns)) {
      const note = say`The first line names the columns, and lines that say the same were left out: ${again.length}, the first of them line ${lines[again[0]]}.`;
      return tableOf(once, { ...about, notes: [...about.notes, note] }, { ...options, header: true });
    }
  }
  const header = options.header ?? hasHeader(cells, name, options.columns ?? []);
  if (!header) {
    const indices = columns.map((_, c) => String(c));
    const said = [...notes, say`The first line was taken as data: the file has no header.`];
    return new Table({ ...about, separator, columns: indices, cells: columns, lines, header, notes: said });
  }
  if (lines.length === 1)
    throw dataError(name, null, say`the file has a header but no rows; add at least one row below it`);
  const titled = nameColumns(columns);
  for (const column of titled.cells) column.shift();
  lines.shift();
  return new Table({
    ...about,
    separator,
    columns: titled.names,
    cells: titled.cells,
    lines,
    header,
    notes: [...notes, ...titled.notes],
    repeated: titled.repeated,
  });
}

/** Rows below the first that have the same cells, a byte-order mark aside. */
function repeatsOfFirst(columns: readonly (readonly string[])[]): number[] {
  const plain = (cell: string): string => cell.replace(/^\ufeff/, '').trim();
  const first = columns.map((column) => plain(column[0]));
  const rows: number[] = [];
  for (let row = 1; row < columns[0].length; row++)
    if (columns.every((column, c) => plain(column[row]) === first[c])) rows.push(row);
  return rows;
}

function withoutRows(cells: Cells, rows: readonly number[]): Cells {
  const left = new Set(rows);
  const kept = <Value>(values: readonly Value[]): Value[] => values.filter((_, row) => !left.has(row));
  return { ...cells, columns: cells.columns.map(kept), lines: kept(cells.lines) };
}

/** Names that are told for such by what they say, and by what stands below them. */
function isHeader(columns: readonly (readonly string[])[]): boolean {
  const named = columns.some(([first]) => isColumnName(first.trim()));
  return named && columns.length > 1 && columns[0].length > 1 && judgeHeader(columns) === 'header';
}

/** @throws StudioError('data') where the first row may be either */
function hasHeader({ columns, lines }: Cells, name: string, wanted: readonly ColumnName[]): boolean {
  const first = columns.map((column) => column[0].trim());
  const names = wanted.map(String).filter((column) => !/^\d+$/.test(column));
  if (names.some((column) => first.includes(column))) return true;
  const verdict = judgeHeader(columns);
  if (verdict !== 'unclear') return verdict === 'header';
  // Columns that are asked for by number alone have no names.
  if (wanted.length > 0 && names.length === 0) return false;
  const shown = first.slice(0, 3).map(quoted).join(', ') + (first.length > 3 ? ', …' : '');
  const error = dataError(
    name,
    lines[0],
    say`it cannot be told whether ${shown} name the columns or are a row of data; set ${field('data.header')} to true or false`,
  );
  throw asking(error, { kind: 'header', cells: first.slice(0, 8) });
}
