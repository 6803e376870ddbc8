/** Bytes of a data file to a `Table`: encoding, format and header are found out, and said. */
import type { Cells } from './cells.ts';
import { readCsv } from './csv.ts';
import { decodeText } from './decode.ts';
import { dataError } from './error.ts';
import { detectFormat, type TableFormat } from './format.ts';
import { looksLikeHeader } from './header.ts';
import { readJsonLines } from './jsonl.ts';
import { readLabelledLines } from './labelled-lines.ts';
import { Table, type ColumnName } from './table.ts';
import { isParquet, readParquet } from './parquet.ts';
import type { InvalidRows } from './row-problems.ts';
import { readTsv } from './tsv.ts';

export interface ReadOptions {
  /** Taken from name and content if left out. */
  format?: TableFormat;
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
  const { text, encoding, notes } = decodeText(bytes, name);
  if (text.trim() === '') throw dataError(name, null, 'the file has no rows; choose a file with rows');
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
  const cells = await readParquet(bytes, name);
  return tableOf(cells, { name, format: 'parquet', encoding: 'binary', notes: [] }, options);
}

interface About {
  name: string;
  format: Table['format'];
  encoding: string;
  notes: readonly string[];
}

function tableOf(cells: Cells, about: About, options: ReadOptions): Table {
  const { columns, lines, names } = cells;
  const { name } = about;
  const notes = [...about.notes, ...(cells.notes ?? [])];
  if (names !== null)
    return new Table({
      ...about,
      columns: names,
      cells: columns,
      lines,
      header: true,
      notes,
      lists: cells.lists,
    });

  const header = options.header ?? hasHeader(columns, options.columns ?? []);
  if (!header) {
    const indices = columns.map((_, c) => String(c));
    const said = [...notes, 'The first line was taken as data: the file has no header.'];
    return new Table({ ...about, columns: indices, cells: columns, lines, header, notes: said });
  }
  const titles = columns.map((column, c) => column[0].trim() || String(c));
  const seen = new Set<string>();
  const twice = titles.find((title) => seen.size === seen.add(title).size);
  if (twice !== undefined) throw dataError(name, lines[0], `two columns are named "${twice}"; rename one`);
  if (lines.length === 1)
    throw dataError(name, null, 'the file has a header but no rows; add at least one row below it');
  for (const column of columns) column.shift();
  lines.shift();
  return new Table({ ...about, columns: titles, cells: columns, lines, header, notes });
}

function hasHeader(columns: readonly (readonly string[])[], wanted: readonly ColumnName[]): boolean {
  const first = new Set(columns.map((column) => column[0].trim()));
  const names = wanted.map(String).filter((column) => !/^\d+$/.test(column));
  return names.some((column) => first.has(column)) || looksLikeHeader(columns);
}
