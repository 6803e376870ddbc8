/**
 * y = act(alpha · a·b + bias + residual), or (alpha · a·b + residual) · act′(gate); see `MatMul` in
 * src/graph/program.ts. Any strides: NN, NT, TN and TT are one kernel. The order of loops and copies is Goto's and
 * van de Geijn's ("Anatomy of High-Performance Matrix Multiplication", 2008): a part is a tile of one product; a
 * block of its rows of a is packed for the second cache, a panel of b for the first, and the sums stay in registers.
 *
 * a: batch × (m × k), b: batch × (k × n), steps in elements; y, residual, gate, z: [batch, m, n]; bias: [n].
 * Absent operands repeat y and are not touched.
 */
import { workMemory } from '../runtime/work';
import { block } from './block';
import { finishRow } from './epilogue';

/** Longest stretch of k at a time: a panel of b of so many rows takes a quarter of a small first cache. */
const MOST_K: i32 = 320;

/** @param tileRows,tileColumns sizes of a part; at most 192 and 256 */
export function product(
  part: i32,
  parts: i32,
  a: usize,
  b: usize,
  y: usize,
  bias: usize,
  residual: usize,
  gate: usize,
  z: usize,
  m: i32,
  n: i32,
  k: i32,
  aBatch: i32,
  aRow: i32,
  aStep: i32,
  bBatch: i32,
  bStep: i32,
  bColumn: i32,
  tileRows: i32,
  tileColumns: i32,
  alpha: f32,
  wanted: i32,
  activation: i32,
  gradient: i32,
): void {
  const across = (n + tileColumns - 1) / tileColumns;
  const down = (m + tileRows - 1) / tileRows;
  const index = part / (across * down);
  const row = ((part / across) % down) * tileRows;
  const column = (part % across) * tileColumns;
  const rows = min(tileRows, m - row);
  const columns = min(tileColumns, n - column);
  a += ((<usize>index * aBatch) << 2) + ((<usize>row * aRow) << 2);
  b += ((<usize>index * bBatch) << 2) + ((<usize>column * bColumn) << 2);

  const blocks = (k + MOST_K - 1) / MOST_K;
  const each = (k + blocks - 1) / blocks;
  const packedB = workMemory();
  const packedA = packedB + ((<usize>MOST_K) << 5);
  const sums = packedA + ((<usize>tileRows * MOST_K) << 2);
  const sumsRow = (<usize>((columns + 7) & ~7)) << 2;
  for (let from = 0; from < k; from += each) {
    const length = min(each, k - from);
    const pa = a + ((<usize>from * aStep) << 2);
    const pb = b + ((<usize>from * bStep) << 2);
    block(
      pa,
      (<usize>aRow) << 2,
      (<usize>aStep) << 2,
      pb,
      (<usize>bStep) << 2,
      (<usize>bColumn) << 2,
      rows,
      columns,
      length,
      sums,
      sumsRow,
      from > 0,
      packedA,
      packedB,
    );
  }
  let at = ((<usize>index * m + row) * n + column) << 2;
  for (let i = 0; i < rows; i++, at += (<usize>n) << 2)
    finishRow(
      sums + <usize>i * sumsRow,
      y,
      bias,
      residual,
      gate,
      z,
      at,
      (<usize>column) << 2,
      columns,
      alpha,
      wanted,
      activation,
      gradient,
    );
}
