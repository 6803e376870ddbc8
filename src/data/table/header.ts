/**
 * Whether the first row of a delimited file names the columns. Each column gives evidence in log-odds: how much
 * likelier its first cell is as a name than as one more value of the cells below it.
 */
import { isColumnName } from './column-names.ts';

/** Rows looked at below the first. */
const SAMPLE = 1000;
/** Log-odds from which a first row is a header, and below which it is data; between them it cannot be told. */
const HEADER = 1.5;
const DATA = -1.5;
/** Most files of data have a header. */
const PRIOR = 0.5;
/** No single column decides more than this. */
const MOST = 5;

export type HeaderVerdict = 'header' | 'data' | 'unclear';

/** @param columns column-wise cells, the first row included */
export function judgeHeader(columns: readonly (readonly string[])[]): HeaderVerdict {
  if (namesByNumber(columns)) return 'header';
  const odds = columns.reduce((sum, column, c) => sum + evidence(column, c), PRIOR);
  return odds >= HEADER ? 'header' : odds <= DATA ? 'data' : 'unclear';
}

/** Data frames without names write 0, 1, 2, ... over their columns. */
function namesByNumber(columns: readonly (readonly string[])[]): boolean {
  const numbered = columns.every((column, c) => column[0].trim() === String(c));
  return numbered && columns.length > 1 && columns.some((column) => !column.slice(1, SAMPLE).every(isNumber));
}

function evidence(column: readonly string[], index: number): number {
  const first = column[0].trim();
  const below = column
    .slice(1, SAMPLE + 1)
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (below.length === 0) return first === '' ? 0 : nameEvidence(first);
  // Data frames leave the name of their index empty.
  if (first === '') return index === 0 && below.every((value) => /^\d+$/.test(value)) ? 2 : -0.5;
  const sum = nameEvidence(first) + valueEvidence(first, below);
  return Math.min(MOST, Math.max(-MOST, sum));
}

/** What the cell says alone. */
function nameEvidence(cell: string): number {
  if (isColumnName(cell)) return 3;
  // snake_case and camelCase
  if (/^[a-z]+\d*(_[a-z0-9]+)+$/i.test(cell) || /^[a-z]+[A-Z][A-Za-z0-9]*$/.test(cell)) return 1.5;
  if (/[.!。！]$/u.test(cell)) return -1.5;
  return 0;
}

/** What the cell says beside those below it. */
function valueEvidence(first: string, below: readonly string[]): number {
  const count = new Map<string, number>();
  for (const value of below) count.set(value, (count.get(value) ?? 0) + 1);
  if (count.has(first)) return -(2 + Math.log(below.length + 1));
  if (below.every(isNumber)) return (isNumber(first) ? -1 : 1) * (3 + Math.log(below.length));
  if (isNumber(first)) return -1;
  // Dates, codes and the like all hold a digit.
  const digits = /\d/.test(first) ? 0 : rarity(below, (value) => !/\d/.test(value));
  // Good and Turing: a value not seen yet is about as likely as those seen once are frequent.
  const unseen = rarity(below, (value) => count.get(value) === 1);
  const size = lengthEvidence(first, below);
  return Math.max(digits, unseen) + size;
}

/** −log of how likely a value of this kind is, by those there are. */
function rarity(values: readonly string[], kind: (value: string) => boolean): number {
  const such = values.filter(kind).length;
  return -Math.log((such + 0.5) / (values.length + 1));
}

/** A name is shorter than texts; a cell as long as the texts below is one of them. */
function lengthEvidence(first: string, below: readonly string[]): number {
  const mean = below.reduce((sum, { length }) => sum + length, 0) / below.length;
  if (mean < 12) return first.length > 40 ? -1 : 0;
  if (first.length > mean / 2) return /[?？]$/u.test(first) ? 0 : -1;
  return Math.min(
    3,
    rarity(below, ({ length }) => length <= first.length),
  );
}

function isNumber(value: string): boolean {
  return value.trim() !== '' && !Number.isNaN(Number(value.trim()));
}
