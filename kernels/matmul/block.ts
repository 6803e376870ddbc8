/** One block of a product, c = alpha · a·b + base + bias, through the thread's own memory. Other kernels use it too. */
import { dots2, rest2 } from './dots';
import { groupOf, packA, packB, packB4, turnB } from './pack';
import { row1 } from './row';
import { finish, packed6, rows6, tile1, tile2, tile4, tile6 } from './tiles';

/** Longest stretch of k at a time: four panels of b of so many rows are 40 KiB. */
export const MOST_K: i32 = 320;

/** Bytes of the packed panels of b, four of them, and of the sums of one tile. */
const PANELS: usize = (<usize>MOST_K) << 7;
const SUMS: usize = 256;

/** Memory before the packed a. */
export const BEFORE_A: usize = SUMS + PANELS;

/** Up to so many columns do not repay packing a: it is read once or twice. */
const FEW_COLUMNS: i32 = 16;

/** Columns of one row that are summed at a time: their sums stay in the first cache. */
const ROW: i32 = 1024;

/** Rows and columns of b that few rows of a are multiplied with at a time: 24 KiB of the first cache. */
const STRETCH: i32 = 48;
const WIDTH: i32 = 128;

/** Rows of b a multiple of so many bytes apart fall into few sets of the first cache: they are copied. */
const CROWDED: usize = 1024;

/** So short sums are made row by row: storing them costs as much, and all panels of b stay in the first cache. */
const SHORT_K: i32 = 16;

/** Operands along k of so many rows at most, or of FEW_COLUMNS, are multiplied as they lie. */
const FEW_ROWS: i32 = 16;

/** 8 columns of `rows` rows, one or two, whose operands lie along k. @inline */
function dots(
  rows: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bColumn: usize,
  k: i32,
  c: usize,
  cRow: usize,
): void {
  const whole = k & ~3;
  const rest = (<usize>whole) << 2;
  // A single row is taken twice: c has room.
  const row = rows == 2 ? aRow : 0;
  for (let half = 0; half < 2; half++, b += 4 * bColumn, c += 16) {
    dots2(a, row, b, bColumn, whole, c, cRow);
    if (whole < k) rest2(a + rest, row, b + rest, bColumn, k - whole, c, cRow);
  }
}

/** One tile of `rows` rows, packed ([k][rows], or a transposed operand as it is) or with rows `aRow` apart. @inline */
function tile(
  rows: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  k: i32,
  c: usize,
  cRow: usize,
): void {
  if (rows == 6) {
    if (aRow == 4 && aStep == 24 && bRow == 32) packed6(a, b, k, c, cRow);
    else if (aRow == 4) tile6(a, aStep, b, bRow, k, c, cRow);
    else rows6(a, aRow, b, bRow, k, c, cRow);
  } else if (rows == 4 && aRow == 4) tile4(a, aStep, b, bRow, k, c, cRow);
  else if (rows == 2 && aRow == 4) tile2(a, aStep, b, bRow, k, c, cRow);
  else for (; rows > 0; rows--, a += aRow, c += cRow) tile1(a, aStep, b, bRow, k, c, cRow);
}

/** Panels of all columns of b, n a multiple of 8: k·n floats. */
function packPanels(b: usize, bStep: usize, bColumn: usize, k: i32, n: i32, to: usize): void {
  for (let j = 0; j < n;) {
    const from = b + <usize>j * bColumn;
    const panel = to + ((<usize>(j * k)) << 2);
    if (bColumn == 4 && n - j >= 32) {
      packB4(from, bStep, k, panel);
      j += 32;
    } else {
      packB(from, bStep, bColumn, k, 8, panel);
      j += 8;
    }
  }
}

/** As `block` for sums so short that all of b fits the panels: rows of c are written to their end, one group at a time. */
function shortSums(
  packedA: usize,
  b: usize,
  bStep: usize,
  bColumn: usize,
  m: i32,
  n: i32,
  k: i32,
  c: usize,
  cRow: usize,
  alpha: f32,
  base: usize,
  baseRow: usize,
  bias: usize,
  isPlain: bool,
  sums: usize,
  packedB: usize,
): void {
  packPanels(b, bStep, bColumn, k, n, packedB);
  for (let i = 0; i < m;) {
    const rows = groupOf(m - i);
    const ai = packedA + ((<usize>(i * k)) << 2);
    let panel = packedB;
    for (let j = 0; j < n; j += 8, panel += (<usize>k) << 5) {
      const at = (<usize>j) << 2;
      const ci = c + <usize>i * cRow + at;
      if (isPlain) tile(rows, ai, 4, (<usize>rows) << 2, panel, 32, k, ci, cRow);
      else {
        tile(rows, ai, 4, (<usize>rows) << 2, panel, 32, k, sums, 32);
        const bi = base ? base + <usize>i * baseRow + at : 0;
        finish(rows, sums, ci, cRow, alpha, bi, baseRow, bias ? bias + at : 0);
      }
    }
    i += rows;
  }
}

/**
 * As `block` for few rows and at least 32 columns that lie side by side: b is read as it lies, or copied where it would
 * crowd, in pieces that stay in the first cache while they are read for a few rows.
 * @param pa a, packed or with its rows side by side, `paStep` bytes from k to k where `isPacked` is false
 */
function fewRows(
  pa: usize,
  isPacked: bool,
  paStep: usize,
  b: usize,
  bStep: usize,
  m: i32,
  n: i32,
  k: i32,
  c: usize,
  cRow: usize,
  alpha: f32,
  base: usize,
  baseRow: usize,
  bias: usize,
  sums: usize,
  packedB: usize,
): void {
  const isCrowded = bStep % CROWDED == 0;
  for (let column = 0; column < n; column += WIDTH) {
    const columns = min(WIDTH, n - column);
    for (let from = 0; from < k; from += STRETCH) {
      const length = min(STRETCH, k - from);
      const piece = b + <usize>from * bStep + ((<usize>column) << 2);
      if (isCrowded) packPanels(piece, bStep, 4, length, columns, packedB);
      for (let j = column; j < column + columns; j += 8) {
        const at = (<usize>j) << 2;
        const inPiece = j - column;
        const bj = isCrowded ? packedB + ((<usize>(inPiece * length)) << 2) : piece + ((<usize>inPiece) << 2);
        for (let i = 0; i < m;) {
          const rows = groupOf(m - i);
          const step = isPacked ? (<usize>rows) << 2 : paStep;
          const ai = (isPacked ? pa + ((<usize>(i * k)) << 2) : pa + ((<usize>i) << 2)) + <usize>from * step;
          tile(rows, ai, 4, step, bj, isCrowded ? 32 : bStep, length, sums, 32);
          const ci = c + <usize>i * cRow + at;
          if (from > 0) finish(rows, sums, ci, cRow, alpha, ci, cRow, 0);
          else
            finish(
              rows,
              sums,
              ci,
              cRow,
              alpha,
              base ? base + <usize>i * baseRow + at : 0,
              baseRow,
              bias ? bias + at : 0,
            );
          i += rows;
        }
      }
    }
  }
}

/**
 * c[m, n] = alpha · a[m, k]·b[k, n] + base + bias, k at most MOST_K. Steps in bytes; `aRow`, `aStep` along m and k of a,
 * `bStep`, `bColumn` along k and n of b. c, base and bias are used in whole eights of columns, so n is a multiple of 8 or
 * their rows have room. base may be c; address 0: no base, no bias.
 * @param work BEFORE_A bytes and room for m·k floats
 */
export function block(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  bColumn: usize,
  m: i32,
  n: i32,
  k: i32,
  c: usize,
  cRow: usize,
  alpha: f32,
  base: usize,
  baseRow: usize,
  bias: usize,
  work: usize,
): void {
  const sums = work;
  const packedB = work + SUMS;
  const packedA = work + BEFORE_A;
  const isPlain = alpha == 1 && base == 0 && bias == 0;
  if (m == 1 && bColumn == 4 && n % 8 == 0) {
    for (let j = 0; j < n; j += ROW) {
      const columns = min(ROW, n - j);
      const at = (<usize>j) << 2;
      const to = isPlain ? c + at : packedB;
      row1(a, aStep, b + at, bStep, k, to, columns);
      if (!isPlain)
        for (let o: usize = 0; o < (<usize>columns) << 2; o += 32)
          finish(1, to + o, c + at + o, 0, alpha, base ? base + at + o : 0, 0, bias ? bias + at + o : 0);
    }
    return;
  }
  if (m <= FEW_ROWS && bColumn == 4 && n >= 32 && n % 8 == 0) {
    const isPacked = aRow != 4;
    if (isPacked) packA(a, aRow, aStep, m, k, packedA);
    const pa = isPacked ? packedA : a;
    fewRows(pa, isPacked, aStep, b, bStep, m, n, k, c, cRow, alpha, base, baseRow, bias, sums, packedB);
    return;
  }
  if (k <= SHORT_K && n >= 32 && n % 8 == 0 && (<usize>(k * n)) << 2 <= PANELS) {
    packA(a, aRow, aStep, m, k, packedA);
    shortSums(
      packedA,
      b,
      bStep,
      bColumn,
      m,
      n,
      k,
      c,
      cRow,
      alpha,
      base,
      baseRow,
      bias,
      isPlain,
      sums,
      packedB,
    );
    return;
  }
  const asItIs = m == 1 || (n <= FEW_COLUMNS && (aStep == 4 || aRow == 4));
  // Few columns for many rows are turned along k first: they are read for every two rows.
  const isTurned = aStep == 4 && bStep != 4 && bColumn == 4 && m > FEW_ROWS && n <= FEW_COLUMNS;
  const isAlongK = isTurned || (aStep == 4 && bStep == 4 && (m <= FEW_ROWS || n <= FEW_COLUMNS));
  if (!asItIs && !(isAlongK && n % 8 == 0)) packA(a, aRow, aStep, m, k, packedA);
  for (let j = 0; j < n;) {
    const left = n - j;
    // Neighbouring columns are read together, so that a cache line of b is read once.
    const panels = bColumn == 4 && left >= 32 ? 4 : 1;
    const at = (<usize>j) << 2;
    if (isAlongK && left >= 8) {
      if (isTurned) turnB(b, bStep, k, packedB);
      const columns = isTurned ? packedB : b;
      const apart = isTurned ? (<usize>k) << 2 : bColumn;
      for (let i = 0; i < m; i += 2) {
        const rows = min(2, m - i);
        const ai = a + <usize>i * aRow;
        const ci = c + <usize>i * cRow + at;
        if (isPlain && rows == 2) dots(2, ai, aRow, columns, apart, k, ci, cRow);
        else {
          dots(rows, ai, aRow, columns, apart, k, sums, 32);
          const bi = base ? base + <usize>i * baseRow + at : 0;
          finish(rows, sums, ci, cRow, alpha, bi, baseRow, bias ? bias + at : 0);
        }
      }
    } else {
      const isPacked = panels == 4 || bColumn != 4 || left < 8;
      if (panels == 4) packB4(b, bStep, k, packedB);
      else if (isPacked) packB(b, bStep, bColumn, k, min(8, left), packedB);
      const bRow = isPacked ? 32 : bStep;
      const panel = isPacked ? packedB : b;
      for (let p = 0; p < panels; p++) {
        const from = panel + ((<usize>(p * k)) << 5);
        const to = at + ((<usize>p) << 5);
        let ai = asItIs ? a : packedA;
        let ci = c + to;
        let bi = base ? base + to : 0;
        for (let i = 0; i < m;) {
          const rows = groupOf(m - i);
          const d = isPlain ? ci : sums;
          const dRow = isPlain ? cRow : 32;
          if (asItIs) tile(rows, ai, aRow, aStep, from, bRow, k, d, dRow);
          else tile(rows, ai, 4, (<usize>rows) << 2, from, bRow, k, d, dRow);
          if (!isPlain) finish(rows, sums, ci, cRow, alpha, bi, baseRow, bias ? bias + to : 0);
          i += rows;
          ai += asItIs ? <usize>rows * aRow : (<usize>(rows * k)) << 2;
          ci += <usize>rows * cRow;
          if (base) bi += <usize>rows * baseRow;
        }
      }
    }
    j += 8 * panels;
    b += <usize>(8 * panels) * bColumn;
  }
}
