/** One block of a product, c (+)= a·b, out of the thread's own memory. Other kernels use it too. */
import { groupOf, packA, packB } from './pack';
import { tile1, tile2, tile4, tile6 } from './tiles';

/** c[m, 8] (+)= packed groups of a · one panel of b. */
export function panel(
  a: usize,
  b: usize,
  bRow: usize,
  m: i32,
  k: i32,
  c: usize,
  cRow: usize,
  add: boolean,
): void {
  while (m > 0) {
    const rows = groupOf(m);
    if (rows == 6) tile6(a, b, bRow, k, c, cRow, add);
    else if (rows == 4) tile4(a, b, bRow, k, c, cRow, add);
    else if (rows == 2) tile2(a, b, bRow, k, c, cRow, add);
    else tile1(a, b, bRow, k, c, add);
    m -= rows;
    a += (<usize>rows * k) << 2;
    c += <usize>rows * cRow;
  }
}

/**
 * c[m, n] (+)= a[m, k]·b[k, n]. Steps in bytes; `aRow`, `aStep` along m and k of a, `bStep`, `bColumn` along k and n
 * of b. c is written in whole eights of columns, so its rows have room for them.
 * @param packedA room for m·k floats
 * @param packedB room for 8·k floats
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
  add: boolean,
  packedA: usize,
  packedB: usize,
): void {
  packA(a, aRow, aStep, m, k, packedA);
  // So few rows do not repay copying b.
  const direct = bColumn == 4 && m <= 12;
  for (let j = 0; j < n; j += 8, b += 8 * bColumn, c += 32) {
    const columns = min(8, n - j);
    if (direct && columns == 8) {
      panel(packedA, b, bStep, m, k, c, cRow, add);
    } else {
      packB(b, bStep, bColumn, k, columns, packedB);
      panel(packedA, packedB, 32, m, k, c, cRow, add);
    }
  }
}
