/**
 * Copies blocks of operands into the order in which the tiles read them. Steps are in bytes.
 *   a: groups of 6, 4, 2 or 1 rows (`groupOf`), each [k][rows]
 *   b: panels of 8 columns, each [k][8], zeros where the matrix ends
 */

/** Rows of the next group where `left` are left: sixes, and fours where one row or two would remain. */
export function groupOf(left: i32): i32 {
  if (left >= 6) return left == 8 ? 4 : 6;
  if (left >= 4) return 4;
  return left >= 2 ? 2 : 1;
}

/** Transposes four rows of four, `from` bytes apart, to `to` bytes apart. @inline */
export function transpose4(a: usize, from: usize, b: usize, to: usize): void {
  const r0 = v128.load(a);
  const r1 = v128.load(a + from);
  const r2 = v128.load(a + 2 * from);
  const r3 = v128.load(a + 3 * from);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(b, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(b + to, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(b + 2 * to, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(b + 3 * to, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/** `rows` rows along k: [k][rows], when neighbours in k lie side by side. */
function packRows(a: usize, row: usize, k: i32, rows: i32, to: usize): void {
  let i = 0;
  if (rows == 6) {
    for (; i <= k - 4; i += 4, a += 16, to += 96) {
      transpose4(a, row, to, 24);
      const r4 = v128.load(a + 4 * row);
      const r5 = v128.load(a + 5 * row);
      const low = v128.shuffle<f32>(r4, r5, 0, 4, 1, 5);
      const high = v128.shuffle<f32>(r4, r5, 2, 6, 3, 7);
      v128.store64_lane(to, low, 0, 16);
      v128.store64_lane(to, low, 1, 40);
      v128.store64_lane(to, high, 0, 64);
      v128.store64_lane(to, high, 1, 88);
    }
  } else if (rows == 4) {
    for (; i <= k - 4; i += 4, a += 16, to += 64) transpose4(a, row, to, 16);
  }
  for (; i < k; i++, a += 4)
    for (let r = 0; r < rows; r++, to += 4) store<f32>(to, load<f32>(a + <usize>r * row));
}

/** The same when neighbours in the rows lie side by side, or nothing does. */
function packColumns(a: usize, row: usize, step: usize, k: i32, rows: i32, to: usize): void {
  if (row == 4 && rows == 6) {
    for (let i = 0; i < k; i++, a += step, to += 24) {
      v128.store(to, v128.load(a));
      store<u64>(to, load<u64>(a, 16), 16);
    }
  } else if (row == 4 && rows == 4) {
    for (let i = 0; i < k; i++, a += step, to += 16) v128.store(to, v128.load(a));
  } else {
    for (let i = 0; i < k; i++, a += step)
      for (let r = 0; r < rows; r++, to += 4) store<f32>(to, load<f32>(a + <usize>r * row));
  }
}

/** m rows and k columns of a, whose steps are `row` and `step`. */
export function packA(a: usize, row: usize, step: usize, m: i32, k: i32, to: usize): void {
  while (m > 0) {
    const rows = groupOf(m);
    if (step == 4) packRows(a, row, k, rows, to);
    else packColumns(a, row, step, k, rows, to);
    m -= rows;
    a += <usize>rows * row;
    to += (<usize>rows * k) << 2;
  }
}

/** One panel of b: k rows and up to 8 columns, whose steps are `step` and `column`. */
export function packB(b: usize, step: usize, column: usize, k: i32, columns: i32, to: usize): void {
  let i = 0;
  if (columns == 8 && column == 4) {
    for (; i < k; i++, b += step, to += 32) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
    }
    return;
  }
  if (columns == 8 && step == 4) {
    for (; i <= k - 4; i += 4, b += 16, to += 128) {
      transpose4(b, column, to, 32);
      transpose4(b + 4 * column, column, to + 16, 32);
    }
  }
  for (; i < k; i++, b += step, to += 32) {
    if (columns < 8) {
      v128.store(to, f32x4.splat(0));
      v128.store(to, f32x4.splat(0), 16);
    }
    for (let j = 0; j < columns; j++) store<f32>(to + ((<usize>j) << 2), load<f32>(b + <usize>j * column));
  }
}

/** Eight columns of b, neighbours in n side by side, each along k: [8][k]. */
export function turnB(b: usize, step: usize, k: i32, to: usize): void {
  const along = (<usize>k) << 2;
  let i = 0;
  for (; i <= k - 4; i += 4, b += 4 * step, to += 16) {
    transpose4(b, step, to, along);
    transpose4(b + 16, step, to + 4 * along, along);
  }
  for (; i < k; i++, b += step, to += 4)
    for (let j = 0; j < 8; j++) store<f32>(to + <usize>j * along, load<f32>(b + ((<usize>j) << 2)));
}

/** Four panels of b at once, where neighbours in n lie side by side: k rows of 32 columns, `step` bytes apart. */
export function packB4(b: usize, step: usize, k: i32, to: usize): void {
  const panel = (<usize>k) << 5;
  const to1 = to + panel;
  const to2 = to1 + panel;
  const to3 = to2 + panel;
  for (let o: usize = 0; k > 0; k--, b += step, o += 32) {
    v128.store(to + o, v128.load(b));
    v128.store(to + o, v128.load(b, 16), 16);
    v128.store(to1 + o, v128.load(b, 32));
    v128.store(to1 + o, v128.load(b, 48), 16);
    v128.store(to2 + o, v128.load(b, 64));
    v128.store(to2 + o, v128.load(b, 80), 16);
    v128.store(to3 + o, v128.load(b, 96));
    v128.store(to3 + o, v128.load(b, 112), 16);
  }
}
