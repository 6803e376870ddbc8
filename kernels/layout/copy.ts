/**
 * Data that only moves. `copy`: elements of the shape [rows.., dim4] from one strided view to another (concatenation,
 * slices, transposes, expansion); f_, t_: steps of source and target, from an offset each, in elements.
 */
import { load4, loadSome, rowOf } from '../common/view';
import { halves4 } from '../common/half';
import { storeSome } from '../common/vector';

/** Stores four elements, `step` apart. */
function scatter4(at: usize, step: i32, v: v128): void {
  const bytes = (<usize>step) << 2;
  v128.store32_lane(at, v, 0);
  v128.store32_lane(at + bytes, v, 1);
  v128.store32_lane(at + 2 * bytes, v, 2);
  v128.store32_lane(at + 3 * bytes, v, 3);
}

export function copy(
  part: i32,
  parts: i32,
  from: usize,
  to: usize,
  rows: i32,
  rowsEach: i32,
  each: i32,
  dim1: i32,
  dim2: i32,
  dim3: i32,
  dim4: i32,
  f0: i32,
  f1: i32,
  f2: i32,
  f3: i32,
  f4: i32,
  t0: i32,
  t1: i32,
  t2: i32,
  t3: i32,
  t4: i32,
  fromOffset: i32,
  toOffset: i32,
): void {
  const columns = (dim4 + each - 1) / each;
  const start = (part % columns) * each;
  const count = min(each, dim4 - start);
  const firstRow = (part / columns) * rowsEach;
  const lastRow = min(firstRow + rowsEach, rows);
  for (let row = firstRow; row < lastRow; row++) {
    let p = from + ((<usize>(fromOffset + rowOf(row, dim1, dim2, dim3, f0, f1, f2, f3) + start * f4)) << 2);
    let q = to + ((<usize>(toOffset + rowOf(row, dim1, dim2, dim3, t0, t1, t2, t3) + start * t4)) << 2);
    if (f4 == 1 && t4 == 1 && count >= 64) {
      memory.copy(q, p, (<usize>count) << 2);
      continue;
    }
    let i = 0;
    for (; i <= count - 4; i += 4, p += (<usize>f4) << 4, q += (<usize>t4) << 4) {
      if (t4 == 1) v128.store(q, load4(p, f4));
      else scatter4(q, t4, load4(p, f4));
    }
    if (t4 == 1) {
      if (i < count) storeSome(q, loadSome(p, f4, count - i), count - i);
    } else {
      for (; i < count; i++, p += (<usize>f4) << 2, q += (<usize>t4) << 2) store<u32>(q, load<u32>(p));
    }
  }
}

/** y = 0; y: [count] */
export function zero(part: i32, parts: i32, y: usize, count: i32): void {
  const each = (count + parts - 1) / parts;
  const first = min(part * each, count);
  const last = min(first + each, count);
  memory.fill(y + ((<usize>first) << 2), 0, (<usize>(last - first)) << 2);
}

/**
 * Zeros around one axis, seen as a matrix: y[row, c] = x[row, c − before] for before ≤ c < before + inner, else 0.
 * y: [rows, outer], x: [rows, inner]
 */
export function pad(
  part: i32,
  parts: i32,
  x: usize,
  y: usize,
  rows: i32,
  outer: i32,
  inner: i32,
  before: i32,
): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const to = y + ((<usize>(row * outer)) << 2);
    const middle = to + ((<usize>before) << 2);
    const end = middle + ((<usize>inner) << 2);
    memory.fill(to, 0, (<usize>before) << 2);
    memory.copy(middle, x + ((<usize>(row * inner)) << 2), (<usize>inner) << 2);
    memory.fill(end, 0, (<usize>(outer - before - inner)) << 2);
  }
}

/** state[o, position, :] = x[o, :]; x: [outer, width], state: [outer, length, width], position: [1], integer */
export function writeRows(
  part: i32,
  parts: i32,
  x: usize,
  state: usize,
  position: usize,
  outer: i32,
  width: i32,
  length: i32,
): void {
  const row = load<i32>(position);
  const bytes = (<usize>width) << 2;
  const each = (outer + parts - 1) / parts;
  const last = min((part + 1) * each, outer);
  for (let o = part * each; o < last; o++)
    memory.copy(state + <usize>(o * length + row) * bytes, x + <usize>o * bytes, bytes);
}

/** y = x as halves widened; x: [count] of 16 bits, y: [count] */
export function widen(part: i32, parts: i32, x: usize, y: usize, count: i32): void {
  const each = ((count + 4 * parts - 1) / (4 * parts)) << 2;
  const last = min((part + 1) * each, count);
  for (let i = part * each; i < last; i += 4) {
    const v = halves4(x + ((<usize>i) << 1));
    const to = y + ((<usize>i) << 2);
    if (last - i >= 4) v128.store(to, v);
    else storeSome(to, v, last - i);
  }
}
