/** Products of a single row, as of one token: nothing is used twice, so the order in which b is read is all. */
import { madd } from '../common/vector';

/** c[32] = or += some of a row of a · 32 columns of b: few rows of b, so that each is read on where it was left. */
function wide1(a: usize, aStep: usize, b: usize, bRow: usize, k: i32, c: usize, isFirst: bool): void {
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let c4 = c0;
  let c5 = c0;
  let c6 = c0;
  let c7 = c0;
  if (!isFirst) {
    c0 = v128.load(c);
    c1 = v128.load(c, 16);
    c2 = v128.load(c, 32);
    c3 = v128.load(c, 48);
    c4 = v128.load(c, 64);
    c5 = v128.load(c, 80);
    c6 = v128.load(c, 96);
    c7 = v128.load(c, 112);
  }
  for (; k > 0; k--) {
    const x = v128.load32_splat(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    c2 = madd(x, v128.load(b, 32), c2);
    c3 = madd(x, v128.load(b, 48), c3);
    c4 = madd(x, v128.load(b, 64), c4);
    c5 = madd(x, v128.load(b, 80), c5);
    c6 = madd(x, v128.load(b, 96), c6);
    c7 = madd(x, v128.load(b, 112), c7);
    a += aStep;
    b += bRow;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(c, c4, 64);
  v128.store(c, c5, 80);
  v128.store(c, c6, 96);
  v128.store(c, c7, 112);
}

/** The same for 8 columns. */
function narrow1(a: usize, aStep: usize, b: usize, bRow: usize, k: i32, c: usize, isFirst: bool): void {
  let c0 = f32x4.splat(0);
  let c1 = c0;
  if (!isFirst) {
    c0 = v128.load(c);
    c1 = v128.load(c, 16);
  }
  for (; k > 0; k--) {
    const x = v128.load32_splat(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    a += aStep;
    b += bRow;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
}

/** Rows of b that are read side by side: as many as a core's prefetcher follows at once. */
const SIDE_BY_SIDE: i32 = 8;

/**
 * c[n] = one row of a · b: rows of b are read from their beginning to their end as they lie in memory, which is what
 * counts when there is but one row to use them. `aStep` bytes from k to k; n a multiple of 8, k at least 1.
 */
export function row1(a: usize, aStep: usize, b: usize, bRow: usize, k: i32, c: usize, n: i32): void {
  for (let from = 0; from < k; from += SIDE_BY_SIDE) {
    const rows = min(SIDE_BY_SIDE, k - from);
    const isFirst = from == 0;
    let j = 0;
    for (; j <= n - 32; j += 32)
      wide1(a, aStep, b + ((<usize>j) << 2), bRow, rows, c + ((<usize>j) << 2), isFirst);
    for (; j < n; j += 8)
      narrow1(a, aStep, b + ((<usize>j) << 2), bRow, rows, c + ((<usize>j) << 2), isFirst);
    a += <usize>rows * aStep;
    b += <usize>rows * bRow;
  }
}
