/**
 * y = act(alpha · a·b + bias + residual), or (alpha · a·b + residual) · act′(gate); see `MatMul` in
 * src/graph/program.ts. Any strides: NN, NT, TN and TT are one kernel. The order of loops and copies is Goto's and
 * van de Geijn's ("Anatomy of High-Performance Matrix Multiplication", 2008): a part is a tile of one product; a
 * block of its rows of a is packed for the second cache, panels of b for the first, and the sums stay in registers.
 *
 * a: batch × (m × k), b: batch × (k × n), steps in elements; y, residual, gate, z: [batch, m, n]; bias: [n].
 * Absent operands repeat y and are not touched; residual may be y. `wanted`: bits 1 bias, 2 residual, 4 z, 8 sums of b's
 * columns, whose neighbours then lie side by side, in z's place.
 */
import { workMemory } from '../runtime/work';
import { BEFORE_A, block, MOST_K } from './block';
import { activateMany, slopeMany } from '../common/activation';
import { columnSums } from '../common/sums';
import { finishRow } from './epilogue';

const BIAS: i32 = 1;
const RESIDUAL: i32 = 2;
const PREACTIVATION: i32 = 4;
const SUMS: i32 = 8;

/** @param tileRows,tileColumns sizes of a part; at most 192 rows, columns in eights */
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
  a += ((<usize>(index * aBatch)) << 2) + ((<usize>(row * aRow)) << 2);
  b += ((<usize>(index * bBatch)) << 2) + ((<usize>(column * bColumn)) << 2);

  if (wanted & SUMS && row == 0)
    columnSums(b, (<usize>bStep) << 2, k, columns, 1, z + ((<usize>column) << 2));

  const blocks = (k + MOST_K - 1) / MOST_K;
  const each = (k + blocks - 1) / blocks;
  const work = workMemory();
  // The last columns, fewer than eight, are made beside their place.
  const whole = columns & ~7;
  const rest = columns - whole;
  const edge = work + BEFORE_A + ((<usize>(tileRows * MOST_K)) << 2);
  const yRow = (<usize>n) << 2;
  const at = ((<usize>index * m + row) * n + column) << 2;
  const target = (wanted & PREACTIVATION ? z : y) + at;
  const rowBias = wanted & BIAS ? bias + ((<usize>column) << 2) : 0;
  for (let from = 0; from < k; from += each) {
    const length = min(each, k - from);
    const isFirst = from == 0;
    const pa = a + ((<usize>(from * aStep)) << 2);
    const pb = b + ((<usize>(from * bStep)) << 2);
    if (whole > 0)
      block(
        pa,
        (<usize>aRow) << 2,
        (<usize>aStep) << 2,
        pb,
        (<usize>bStep) << 2,
        (<usize>bColumn) << 2,
        rows,
        whole,
        length,
        target,
        yRow,
        alpha,
        !isFirst ? target : wanted & RESIDUAL ? residual + at : 0,
        yRow,
        isFirst ? rowBias : 0,
        work,
      );
    if (rest > 0)
      block(
        pa,
        (<usize>aRow) << 2,
        (<usize>aStep) << 2,
        pb + ((<usize>(whole * bColumn)) << 2),
        (<usize>bStep) << 2,
        (<usize>bColumn) << 2,
        rows,
        rest,
        length,
        edge,
        32,
        1,
        isFirst ? 0 : edge,
        32,
        0,
        work,
      );
  }
  const wholeBytes = (<usize>whole) << 2;
  for (let i = 0; i < rows; i++) {
    const o = at + <usize>i * yRow;
    const from = target + <usize>i * yRow;
    if (activation) activateMany(activation, from, y + o, whole);
    else if (gradient) slopeMany(gradient, from, gate + o, y + o, whole);
    if (rest > 0)
      finishRow(
        edge + ((<usize>i) << 5),
        y + o + wholeBytes,
        bias + ((<usize>column) << 2) + wholeBytes,
        residual + o + wholeBytes,
        gate + o + wholeBytes,
        z + o + wholeBytes,
        rest,
        alpha,
        wanted,
        activation,
        gradient,
      );
  }
}
