/**
 * Rows of one table dealt out to training, validation and test: disjoint, drawn without replacement from the seed
 * alone, stratified by class.
 *
 * Of n rows a fraction f holds out T = max(1, round(n f)). How many of them each class gives is told without chance,
 * by largest remainders (Hamilton's method): class c of n_c rows gives floor(T n_c / n), and the rest go one by one to
 * the largest remainders, to the class that appears first where they are equal. Then a class of at least two rows
 * that would give none gives one in place of a class that gives the most above its share, as long as there is one
 * that gives two. A class always keeps a row to train on, so one of a single row gives none. Validation is told
 * before test, so that adding a test part does not change it. Which rows it is, the seed tells: all rows are drawn in
 * one order, and of each class the first are validation, the next test.
 */
import { PhiloxStream } from '../graph/philox.ts';
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { permutation } from './batching/order.ts';
import { SPLIT_STREAM } from './streams.ts';
import { dataError } from './table/error.ts';

export interface SplitFractions {
  /** Of all rows, in (0, 1); nothing is held out where it is left out. */
  validation?: number;
  test?: number;
}

/** Rows of the table by number, each part in the table's order. */
export interface SplitRows {
  train: number[];
  validation: number[];
  test: number[];
}

/**
 * @param rows of the table
 * @param classes of each row, any value that is equal within a class; null to draw from all rows alike
 * @param file how messages name the table
 * @throws StudioError('spec') for fractions outside (0, 1) or that leave nothing, ('data') for too few rows
 */
export function splitRows(
  rows: number,
  { validation, test }: SplitFractions,
  seed: number,
  classes: ArrayLike<unknown> | null,
  file: string,
): SplitRows {
  checkFraction('data.validation', validation);
  checkFraction('data.test', test);
  if ((validation ?? 0) + (test ?? 0) >= 1)
    throw new StudioError(
      'spec',
      say`${field('data.validation')} and ${field('data.test')} together leave no rows to train on; give fractions that add up to less than 1.`,
      { where: 'data.test' },
    );
  const strata = strataOf(rows, classes);
  const sizes = countsOf(strata);
  const held = {
    validation: wantedRows(rows, validation),
    test: wantedRows(rows, test),
  };
  if (held.validation + held.test >= rows) throw tooFew(rows, file);
  const free = sizes.map((size) => size - 1);
  const forValidation = shares(held.validation, sizes, free);
  const left = sizes.map((size, c) => size - 1 - forValidation[c]);
  const forTest = shares(held.test, sizes, left);
  // Labels that nearly all differ: what is asked for cannot be had.
  if ((held.validation > 0 && sum(forValidation) === 0) || (held.test > 0 && sum(forTest) === 0))
    throw tooFew(rows, file);
  const parts: SplitRows = { train: [], validation: [], test: [] };
  for (const row of permutation(rows, new PhiloxStream(seed, SPLIT_STREAM))) {
    const stratum = strata[row];
    if (forValidation[stratum]-- > 0) parts.validation.push(row);
    else if (forTest[stratum]-- > 0) parts.test.push(row);
    else parts.train.push(row);
  }
  for (const part of Object.values(parts) as number[][]) part.sort((a, b) => a - b);
  return parts;
}

function checkFraction(where: string, fraction: number | undefined): void {
  if (fraction === undefined || (fraction > 0 && fraction < 1)) return;
  throw new StudioError(
    'spec',
    say`${field(where)} is ${fraction}; give a file or a fraction between 0 and 1.`,
    { where },
  );
}

function wantedRows(rows: number, fraction: number | undefined): number {
  return fraction === undefined ? 0 : Math.max(1, Math.round(rows * fraction));
}

/** The class of each row, numbered from 0 in the order of first appearance; all 0 where there are none. */
function strataOf(rows: number, classes: ArrayLike<unknown> | null): Int32Array {
  const strata = new Int32Array(rows);
  if (classes === null) return strata;
  const numbers = new Map<unknown, number>();
  for (let row = 0; row < rows; row++) {
    const number = numbers.get(classes[row]) ?? numbers.size;
    numbers.set(classes[row], number);
    strata[row] = number;
  }
  return strata;
}

function countsOf(strata: Int32Array): number[] {
  const counts: number[] = [];
  for (const stratum of strata) counts[stratum] = (counts[stratum] ?? 0) + 1;
  return counts;
}

/**
 * How many rows each class gives of `wanted`, at most `free` each: less in all where they have no more to give.
 * @param sizes rows of each class, whose shares are told by them
 */
function shares(wanted: number, sizes: readonly number[], free: readonly number[]): number[] {
  const rows = sum(sizes);
  const exact = sizes.map((size) => (wanted * size) / rows);
  const given = exact.map((share, c) => Math.min(Math.floor(share), free[c]));
  // A class that has no more to give passes what it would get to the next.
  const order = sizes.map((_, c) => c).sort((a, b) => remainder(exact[b]) - remainder(exact[a]) || a - b);
  let left = wanted - sum(given);
  while (left > 0) {
    const open = order.filter((c) => given[c] < free[c]);
    if (open.length === 0) break;
    for (const c of open.slice(0, left)) given[c]++;
    left -= Math.min(left, open.length);
  }
  for (let c = 0; c < sizes.length; c++) {
    if (given[c] > 0 || free[c] < 1 || wanted === 0) continue;
    const donor = mostAbove(given, exact);
    if (donor === -1) break;
    given[donor]--;
    given[c]++;
  }
  return given;
}

/** The class of at least two rows given that gives the most above its share; −1 when none gives two. */
function mostAbove(given: readonly number[], exact: readonly number[]): number {
  let best = -1;
  for (let c = 0; c < given.length; c++)
    if (given[c] > 1 && (best === -1 || given[c] - exact[c] > given[best] - exact[best])) best = c;
  return best;
}

const remainder = (share: number): number => share - Math.floor(share);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function tooFew(rows: number, file: string): StudioError {
  return dataError(
    file,
    null,
    rows === 1
      ? say`1 row cannot be split into training and validation; add rows`
      : say`${rows} rows cannot be split into training and validation; add rows`,
  );
}
