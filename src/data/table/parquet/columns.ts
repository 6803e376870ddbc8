/** A Parquet file's columns: known from its metadata, read when they are asked for. */
import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { parquetMetadata, parquetSchema } from 'hyparquet';
import { assembleNested } from 'hyparquet/src/assemble.js';
import { isListLike, isMapLike } from 'hyparquet/src/schema.js';
import { chatOf, cellOf, isRecord, isTexts } from '../json-cells.ts';
import { classLabels } from './class-labels.ts';
import { PARSERS, readChunk } from './chunks.ts';
import { Inflater } from './inflate.ts';

export interface ParquetColumn {
  name: string;
  /** Its cells as text, read from the file now. @throws Error where it is damaged */
  read: () => string[];
}

export interface ParquetColumns {
  rows: number;
  columns: ParquetColumn[];
  /** Columns of bytes that are no text, such as images. */
  binary: string[];
  /** Texts of cells that hold several, of columns that were read. */
  lists: Map<string, Map<number, readonly string[]>>;
  /** Names of classes 0..n−1, by column. */
  classes: ReadonlyMap<string, readonly string[]>;
}

/** Characters of a column's cells, of which a dictionary holds each once: so many always, and for each byte. */
const MOST_CHARACTERS = 2 ** 28;
const CHARACTERS_EACH_BYTE = 64;
/** Structs within structs, lists within lists. */
const MAX_DEPTH = 32;

/** @throws Error for a file that is damaged */
export function openColumns(bytes: Uint8Array): ParquetColumns {
  const metadata = parquetMetadata(bytes, { geoparquet: false });
  const tree = parquetSchema(metadata);
  const file: OpenFile = {
    bytes,
    metadata,
    rows: groupRows(metadata),
    inflater: new Inflater(bytes.length),
    read: new Map(),
    lists: new Map(),
    labels: classLabels(metadata.key_value_metadata),
  };
  const binary: string[] = [];
  const columns: ParquetColumn[] = [];
  for (const child of tree.children) {
    if (child.children.length > 0 && holdsBinary(child)) binary.push(child.element.name);
    else columns.push(...columnsOf(file, child));
  }
  const rows = file.rows.reduce((sum, count) => sum + count, 0);
  return { rows, columns, binary, lists: file.lists, classes: file.labels };
}

interface OpenFile {
  bytes: Uint8Array;
  metadata: FileMetaData;
  /** Rows of each group. */
  rows: number[];
  inflater: Inflater;
  /** Values of top-level columns that several columns are made of. */
  read: Map<SchemaTree, unknown[]>;
  lists: ParquetColumns['lists'];
  labels: ReadonlyMap<string, readonly string[]>;
}

function groupRows(metadata: FileMetaData): number[] {
  const rows = metadata.row_groups.map((group) => Number(group.num_rows));
  const sum = rows.reduce((total, count) => total + count, 0);
  if (rows.some((count) => !Number.isSafeInteger(count) || count < 0) || sum !== Number(metadata.num_rows))
    throw new Error('its groups have other rows than the file');
  return rows;
}

/** The fields of a struct by path, the roles of a chat, or the column itself. */
function columnsOf(file: OpenFile, child: SchemaTree): ParquetColumn[] {
  const { name } = child.element;
  if (isChat(child)) {
    const roles = new Set<string>();
    for (const value of valuesOf(file, child))
      for (const role of chatOf(value)?.keys() ?? []) roles.add(role);
    if (roles.size > 0)
      return [...roles].map((role) =>
        cellsOf(file, `${name}.${role}`, child, (value) => chatOf(value)?.get(role) ?? null, '\n'),
      );
  }
  return fieldsOf(child).map((steps) =>
    cellsOf(file, [name, ...steps].join('.'), child, (value) => walk(value, steps)),
  );
}

/** Paths to the fields of structs within a column; one empty path where it is no struct. */
function fieldsOf(node: SchemaTree, depth = 0): string[][] {
  if (depth > MAX_DEPTH) throw new Error(`nested more than ${MAX_DEPTH} deep`);
  const isStruct =
    node.children.length > 0 &&
    !isListLike(node) &&
    !isMapLike(node) &&
    node.element.repetition_type !== 'REPEATED' &&
    node.element.logical_type?.type !== 'VARIANT';
  if (!isStruct) return [[]];
  return node.children.flatMap((child) =>
    fieldsOf(child, depth + 1).map((steps) => [child.element.name, ...steps]),
  );
}

function walk(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((inner, step) => (isRecord(inner) ? inner[step] : null), value);
}

function cellsOf(
  file: OpenFile,
  name: string,
  child: SchemaTree,
  take: (value: unknown) => unknown,
  between = ' ',
): ParquetColumn {
  const names = child.children.length === 0 ? file.labels.get(name) : undefined;
  const read = () => {
    const texts = new Map<number, readonly string[]>();
    let left = MOST_CHARACTERS + CHARACTERS_EACH_BYTE * file.bytes.length;
    const spend = (cell: string): string => {
      left -= cell.length;
      if (left < 0) throw new Error('a few texts are repeated until they fill the memory');
      return cell;
    };
    const cells = valuesOf(file, child).map((whole, row) => {
      const value = take(whole);
      if (isTexts(value)) {
        if (value.length > 1) texts.set(row, value);
        return spend(value.join(between));
      }
      if (names !== undefined && (typeof value === 'bigint' || typeof value === 'number'))
        return names[Number(value)] ?? String(value);
      return spend(cellOf(value));
    });
    if (texts.size > 0) file.lists.set(name, texts);
    return cells;
  };
  return { name, read };
}

/** Values of a top-level column, a row each. */
function valuesOf(file: OpenFile, child: SchemaTree): unknown[] {
  const known = file.read.get(child);
  if (known !== undefined) return known;
  file.inflater.begin();
  const values = file.rows.flatMap((rows, group) => groupValues(file, child, group, rows));
  // Of a plain column nobody needs them again.
  if (child.children.length > 0) file.read.set(child, values);
  return values;
}

function groupValues(file: OpenFile, child: SchemaTree, group: number, rows: number): unknown[] {
  const parts = new Map<string, unknown[]>();
  for (const path of leavesOf(child)) {
    const leaf = path.at(-1)!;
    const key = leaf.path.join('.');
    const column = file.metadata.row_groups[group].columns.find(
      ({ meta_data }) => meta_data !== undefined && meta_data.path_in_schema.join('.') === key,
    );
    if (column?.meta_data === undefined) throw new Error('a group of rows lacks it');
    if (column.file_path) throw new Error(`it stands in another file, ${column.file_path}`);
    const meta = column.meta_data;
    if (meta.type !== leaf.element.type) throw new Error('its type is not the one of the schema');
    const isFlat = path.every(({ element }) => element.repetition_type !== 'REPEATED');
    if (isFlat && Number(meta.num_values) !== rows) throw new Error('it has not a value for each row');
    parts.set(key, readChunk(file.bytes, { meta, schemaPath: [ROOT, ...path], rows }, file.inflater));
  }
  if (child.children.length > 0) assembleNested(parts, child, PARSERS);
  const values = parts.get(child.element.name);
  if (values?.length !== rows) throw new Error('it has not a value for each row');
  return values;
}

/** What stands above all columns; levels are counted below it. */
const ROOT: SchemaTree = {
  count: 0,
  children: [],
  path: [],
  element: { name: 'root', repetition_type: 'REQUIRED' },
};

/** Paths from a top-level column to its leaves. */
function leavesOf(node: SchemaTree): SchemaTree[][] {
  if (node.children.length === 0) return [[node]];
  return node.children.flatMap((child) => leavesOf(child).map((path) => [node, ...path]));
}

/** Bytes that no type says are text, within a column that has parts. */
function holdsBinary(node: SchemaTree): boolean {
  return leavesOf(node).some((path) => isBinary(path.at(-1)!.element));
}

function isBinary({ type, converted_type, logical_type }: SchemaElement): boolean {
  return type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
}

/** A list of structs with who speaks and what is said. */
function isChat(child: SchemaTree): boolean {
  if (!isListLike(child)) return false;
  const repeated = child.children[0];
  const element = repeated.children.length === 1 ? repeated.children[0] : repeated;
  const fields = element.children.map((field) => field.element.name);
  return ['role content', 'from value'].some((pair) =>
    pair.split(' ').every((name) => fields.includes(name)),
  );
}
