/**
 * The innermost loops of every product: c[rows, 8] = a·b, all sums in registers. With 6 rows these are 12 sums, two
 * vectors of b and one number of a: 15 of the 16 vector registers of x64. What else a product wants is done behind the
 * loop (`finish`): with more to keep the compiler would move sums out to memory inside it.
 *
 * a: `rows` neighbours for each k, `aStep` bytes from one k to the next (packed: 4·rows; a transposed operand as it is);
 * b: k rows of 8 floats, `bRow` bytes apart; c: rows of 8 floats, `cRow` bytes apart.
 */
import { madd } from '../common/vector';

/**
 * c = alpha · sums + base + bias, in rows of 8 floats; sums: rows 32 bytes apart; base: as c, and may be c; address 0:
 * no base, no bias
 */
export function finish(
  rows: i32,
  sums: usize,
  c: usize,
  cRow: usize,
  alpha: f32,
  base: usize,
  baseRow: usize,
  bias: usize,
): void {
  const factor = f32x4.splat(alpha);
  const zero = f32x4.splat(0);
  const bias0 = bias ? v128.load(bias) : zero;
  const bias1 = bias ? v128.load(bias, 16) : zero;
  for (; rows > 0; rows--, sums += 32, c += cRow) {
    let low = madd(v128.load(sums), factor, bias0);
    let high = madd(v128.load(sums, 16), factor, bias1);
    if (base) {
      low = f32x4.add(low, v128.load(base));
      high = f32x4.add(high, v128.load(base, 16));
      base += baseRow;
    }
    v128.store(c, low);
    v128.store(c, high, 16);
  }
}

/**
 * As tile6 with a and b packed, k at least 1. What V8 11 makes of a loop is in the way of the multiply-adds, at four
 * instructions a cycle: it computes the address of every `load32_splat` with an offset anew, unless code outside of the
 * loop has the same offsets (hence the step before it); and it moves loads forward where a turn has two steps, until sums
 * have to leave their registers (hence one).
 */
export function packed6(a: usize, b: usize, k: i32, c: usize, cRow: usize): void {
  const end = a + 24 * <usize>k;
  let b0: v128;
  let b1: v128;
  let x: v128;
  b0 = v128.load(b);
  b1 = v128.load(b, 16);
  x = v128.load32_splat(a);
  let c00 = f32x4.mul(x, b0);
  let c01 = f32x4.mul(x, b1);
  x = v128.load32_splat(a, 4);
  let c10 = f32x4.mul(x, b0);
  let c11 = f32x4.mul(x, b1);
  x = v128.load32_splat(a, 8);
  let c20 = f32x4.mul(x, b0);
  let c21 = f32x4.mul(x, b1);
  x = v128.load32_splat(a, 12);
  let c30 = f32x4.mul(x, b0);
  let c31 = f32x4.mul(x, b1);
  x = v128.load32_splat(a, 16);
  let c40 = f32x4.mul(x, b0);
  let c41 = f32x4.mul(x, b1);
  x = v128.load32_splat(a, 20);
  let c50 = f32x4.mul(x, b0);
  let c51 = f32x4.mul(x, b1);
  a += 24;
  b += 32;
  while (a < end) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load32_splat(a, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load32_splat(a, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    a += 24;
    b += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += cRow;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += cRow;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}

export function tile6(a: usize, aStep: usize, b: usize, bRow: usize, k: i32, c: usize, cRow: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load32_splat(a, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load32_splat(a, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    a += aStep;
    b += bRow;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += cRow;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += cRow;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}

/** k at least 1; the step before the loop is for the sake of its addresses, as in packed6. */
export function tile4(a: usize, aStep: usize, b: usize, bRow: usize, k: i32, c: usize, cRow: usize): void {
  const end = a + <usize>k * aStep;
  let b0 = v128.load(b);
  let b1 = v128.load(b, 16);
  let x = v128.load32_splat(a);
  let c00 = f32x4.mul(x, b0);
  let c01 = f32x4.mul(x, b1);
  x = v128.load32_splat(a, 4);
  let c10 = f32x4.mul(x, b0);
  let c11 = f32x4.mul(x, b1);
  x = v128.load32_splat(a, 8);
  let c20 = f32x4.mul(x, b0);
  let c21 = f32x4.mul(x, b1);
  x = v128.load32_splat(a, 12);
  let c30 = f32x4.mul(x, b0);
  let c31 = f32x4.mul(x, b1);
  a += aStep;
  b += bRow;
  while (a < end) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    a += aStep;
    b += bRow;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

export function tile2(a: usize, aStep: usize, b: usize, bRow: usize, k: i32, c: usize, cRow: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    a += aStep;
    b += bRow;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
}

export function tile1(a: usize, aStep: usize, b: usize, bRow: usize, k: i32, c: usize, cRow: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    a += aStep;
    b += bRow;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
}

/** As tile6, where the rows of a lie `aRow` bytes apart and neighbours in k side by side: not packed. */
export function rows6(a: usize, aRow: usize, b: usize, bRow: usize, k: i32, c: usize, cRow: usize): void {
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let a4 = a3 + aRow;
  let a5 = a4 + aRow;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  let b0: v128;
  let b1: v128;
  let x: v128;
  for (; k >= 4; k -= 4) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load32_splat(a4);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load32_splat(a5);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b += bRow;
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 4);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2, 4);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3, 4);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load32_splat(a4, 4);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load32_splat(a5, 4);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b += bRow;
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 8);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1, 8);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3, 8);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load32_splat(a4, 8);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load32_splat(a5, 8);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b += bRow;
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 12);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1, 12);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2, 12);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load32_splat(a4, 12);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load32_splat(a5, 12);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b += bRow;
    a += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    a4 += 16;
    a5 += 16;
  }
  for (; k > 0; k--) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load32_splat(a4);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load32_splat(a5);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b += bRow;
    a += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    a4 += 4;
    a5 += 4;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += cRow;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += cRow;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}
