/**
 * y = a ∘ b with numpy's broadcasting, and y = c ≠ 0 ? a : b. Operands are views of the result's shape
 * [dim0 .. dim4]; y is dense. Long rows are shared out as well as rows, in stretches of `each` elements.
 */
import { load4, loadSome, rowOf } from '../common/view';
import { storeSome } from '../common/vector';
import { arithmetic4, where4 } from './functions';

/** `kind`: 0 sum, 1 difference, 2 product, 3 quotient; a_, b_: steps of the operands. */
export function binary(
  part: i32,
  parts: i32,
  a: usize,
  b: usize,
  y: usize,
  kind: i32,
  rows: i32,
  rowsEach: i32,
  each: i32,
  dim1: i32,
  dim2: i32,
  dim3: i32,
  dim4: i32,
  a0: i32,
  a1: i32,
  a2: i32,
  a3: i32,
  a4: i32,
  b0: i32,
  b1: i32,
  b2: i32,
  b3: i32,
  b4: i32,
): void {
  const columns = (dim4 + each - 1) / each;
  const from = (part % columns) * each;
  const count = min(each, dim4 - from);
  const firstRow = (part / columns) * rowsEach;
  const lastRow = min(firstRow + rowsEach, rows);
  const aBytes = (<usize>(4 * a4)) << 2;
  const bBytes = (<usize>(4 * b4)) << 2;
  for (let row = firstRow; row < lastRow; row++) {
    let p = a + ((<usize>(rowOf(row, dim1, dim2, dim3, a0, a1, a2, a3) + from * a4)) << 2);
    let q = b + ((<usize>(rowOf(row, dim1, dim2, dim3, b0, b1, b2, b3) + from * b4)) << 2);
    let to = y + ((<usize>(row * dim4 + from)) << 2);
    let i = 0;
    for (; i <= count - 4; i += 4, p += aBytes, q += bBytes, to += 16)
      v128.store(to, arithmetic4(kind, load4(p, a4), load4(q, b4)));
    if (i < count) {
      const left = count - i;
      storeSome(to, arithmetic4(kind, loadSome(p, a4, left), loadSome(q, b4, left)), left);
    }
  }
}

/** c_, a_, b_: steps of the operands; `integer`: c holds integers. */
export function where(
  part: i32,
  parts: i32,
  c: usize,
  a: usize,
  b: usize,
  y: usize,
  integer: i32,
  rows: i32,
  rowsEach: i32,
  each: i32,
  dim1: i32,
  dim2: i32,
  dim3: i32,
  dim4: i32,
  c0: i32,
  c1: i32,
  c2: i32,
  c3: i32,
  c4: i32,
  a0: i32,
  a1: i32,
  a2: i32,
  a3: i32,
  a4: i32,
  b0: i32,
  b1: i32,
  b2: i32,
  b3: i32,
  b4: i32,
): void {
  const columns = (dim4 + each - 1) / each;
  const from = (part % columns) * each;
  const count = min(each, dim4 - from);
  const firstRow = (part / columns) * rowsEach;
  const lastRow = min(firstRow + rowsEach, rows);
  for (let row = firstRow; row < lastRow; row++) {
    let o = c + ((<usize>(rowOf(row, dim1, dim2, dim3, c0, c1, c2, c3) + from * c4)) << 2);
    let p = a + ((<usize>(rowOf(row, dim1, dim2, dim3, a0, a1, a2, a3) + from * a4)) << 2);
    let q = b + ((<usize>(rowOf(row, dim1, dim2, dim3, b0, b1, b2, b3) + from * b4)) << 2);
    let to = y + ((<usize>(row * dim4 + from)) << 2);
    let i = 0;
    for (
      ;
      i <= count - 4;
      i += 4, o += (<usize>c4) << 4, p += (<usize>a4) << 4, q += (<usize>b4) << 4, to += 16
    )
      v128.store(to, where4(integer, load4(o, c4), load4(p, a4), load4(q, b4)));
    if (i < count) {
      const left = count - i;
      const value = where4(integer, loadSome(o, c4, left), loadSome(p, a4, left), loadSome(q, b4, left));
      storeSome(to, value, left);
    }
  }
}
