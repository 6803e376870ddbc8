/**
 * Products of few rows or few columns whose operands both lie along k: sums of four neighbours in k at once, read as
 * they are. Copying an operand into panels pays when it is read often, and here it is read once or twice.
 */
import { madd } from '../common/vector';

/** The sums of four vectors, side by side. @inline */
function across(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const s01 = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const s23 = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(s01, s23, 0, 1, 4, 5), v128.shuffle<f32>(s01, s23, 2, 3, 6, 7));
}

/**
 * c[2, 4] = a·bᵀ over the first k, which is a multiple of 4: eight sums, so that with what is read they stay in
 * registers. Steps in bytes: `aRow` between two rows of a, `bColumn` between two columns of b, `cRow` of c.
 */
export function dots2(a: usize, aRow: usize, b: usize, bColumn: usize, k: i32, c: usize, cRow: usize): void {
  const end = a + ((<usize>k) << 2);
  let a1 = a + aRow;
  let b1 = b + bColumn;
  let b2 = b1 + bColumn;
  let b3 = b2 + bColumn;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c02 = c00;
  let c03 = c00;
  let c10 = c00;
  let c11 = c00;
  let c12 = c00;
  let c13 = c00;
  while (a < end) {
    const x0 = v128.load(a);
    const x1 = v128.load(a1);
    let y = v128.load(b);
    c00 = madd(x0, y, c00);
    c10 = madd(x1, y, c10);
    y = v128.load(b1);
    c01 = madd(x0, y, c01);
    c11 = madd(x1, y, c11);
    y = v128.load(b2);
    c02 = madd(x0, y, c02);
    c12 = madd(x1, y, c12);
    y = v128.load(b3);
    c03 = madd(x0, y, c03);
    c13 = madd(x1, y, c13);
    a += 16;
    a1 += 16;
    b += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  v128.store(c, across(c00, c01, c02, c03));
  v128.store(c + cRow, across(c10, c11, c12, c13));
}

/** Adds what the last of k, fewer than four, give to c[2, 4]. */
export function rest2(a: usize, aRow: usize, b: usize, bColumn: usize, k: i32, c: usize, cRow: usize): void {
  for (let row = 0; row < 2; row++, a += aRow, c += cRow)
    for (let j = 0; j < 4; j++) {
      let sum = load<f32>(c + ((<usize>j) << 2));
      const bj = b + <usize>j * bColumn;
      for (let i = 0; i < k; i++) sum += load<f32>(a + ((<usize>i) << 2)) * load<f32>(bj + ((<usize>i) << 2));
      store<f32>(c + ((<usize>j) << 2), sum);
    }
}
