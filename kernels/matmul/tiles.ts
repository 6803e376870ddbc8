/**
 * The innermost loops of every product: c[rows, 8] (+)= a·b for panels packed along k, all sums in registers. With
 * 6 rows these are 12 sums, two vectors of b and one number of a: 15 of the 16 vector registers of x64.
 *
 * a: [k][rows], packed; b: k rows of 8 floats, `bRow` bytes apart; c: rows of 8 floats, `cRow` bytes apart.
 * `add`: the sums are added to what is in c.
 */
import { madd } from '../common/vector';

/** @inline Stores a row of sums, or adds it. */
function put(c: usize, add: boolean, low: v128, high: v128): void {
  if (add) {
    v128.store(c, f32x4.add(v128.load(c), low));
    v128.store(c, f32x4.add(v128.load(c, 16), high), 16);
  } else {
    v128.store(c, low);
    v128.store(c, high, 16);
  }
}

export function tile6(a: usize, b: usize, bRow: usize, k: i32, c: usize, cRow: usize, add: boolean): void {
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
    a += 24;
    b += bRow;
  }
  put(c, add, c00, c01);
  put(c + cRow, add, c10, c11);
  put(c + 2 * cRow, add, c20, c21);
  put(c + 3 * cRow, add, c30, c31);
  put(c + 4 * cRow, add, c40, c41);
  put(c + 5 * cRow, add, c50, c51);
}

export function tile4(a: usize, b: usize, bRow: usize, k: i32, c: usize, cRow: usize, add: boolean): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
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
    a += 16;
    b += bRow;
  }
  put(c, add, c00, c01);
  put(c + cRow, add, c10, c11);
  put(c + 2 * cRow, add, c20, c21);
  put(c + 3 * cRow, add, c30, c31);
}

export function tile2(a: usize, b: usize, bRow: usize, k: i32, c: usize, cRow: usize, add: boolean): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let d00 = c00;
  let d01 = c00;
  let d10 = c00;
  let d11 = c00;
  // Two sums each, so that one need not wait for the other.
  for (; k > 1; k -= 2) {
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    b += bRow;
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load32_splat(a, 8);
    d00 = madd(x, b0, d00);
    d01 = madd(x, b1, d01);
    x = v128.load32_splat(a, 12);
    d10 = madd(x, b0, d10);
    d11 = madd(x, b1, d11);
    a += 16;
    b += bRow;
  }
  if (k > 0) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
  }
  put(c, add, f32x4.add(c00, d00), f32x4.add(c01, d01));
  put(c + cRow, add, f32x4.add(c10, d10), f32x4.add(c11, d11));
}

export function tile1(a: usize, b: usize, bRow: usize, k: i32, c: usize, add: boolean): void {
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let d0 = c0;
  let d1 = c0;
  for (; k > 1; k -= 2) {
    let x = v128.load32_splat(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    b += bRow;
    x = v128.load32_splat(a, 4);
    d0 = madd(x, v128.load(b), d0);
    d1 = madd(x, v128.load(b, 16), d1);
    a += 8;
    b += bRow;
  }
  if (k > 0) {
    const x = v128.load32_splat(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
  }
  put(c, add, f32x4.add(c0, d0), f32x4.add(c1, d1));
}
