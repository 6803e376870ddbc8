/** Sums of rows and columns, in an order that only the sizes decide. */
import { firstLanes, storeSome, sumLanes } from './vector';

/** Σ x[i]; x: [count] */
export function rowSum(x: usize, count: i32): f32 {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let i = 0;
  for (; i <= count - 16; i += 16, x += 64) {
    a = f32x4.add(a, v128.load(x));
    b = f32x4.add(b, v128.load(x, 16));
    c = f32x4.add(c, v128.load(x, 32));
    d = f32x4.add(d, v128.load(x, 48));
  }
  for (; i <= count - 4; i += 4, x += 16) a = f32x4.add(a, v128.load(x));
  if (i < count) b = f32x4.add(b, firstLanes(v128.load(x), count - i, 0));
  return sumLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/** to[c] = scale · Σ x[r, c]; x: [rows, columns] with rows `row` bytes apart */
export function columnSums(x: usize, row: usize, rows: i32, columns: i32, scale: f32, to: usize): void {
  const factor = f32x4.splat(scale);
  let c = 0;
  for (; c <= columns - 16; c += 16, x += 64, to += 64) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let at = x;
    for (let r = 0; r < rows; r++, at += row) {
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
    }
    v128.store(to, f32x4.mul(s0, factor));
    v128.store(to, f32x4.mul(s1, factor), 16);
    v128.store(to, f32x4.mul(s2, factor), 32);
    v128.store(to, f32x4.mul(s3, factor), 48);
  }
  for (; c < columns; c += 4, x += 16, to += 16) {
    let sum = f32x4.splat(0);
    let at = x;
    for (let r = 0; r < rows; r++, at += row) sum = f32x4.add(sum, v128.load(at));
    sum = f32x4.mul(sum, factor);
    if (columns - c >= 4) v128.store(to, sum);
    else storeSome(to, sum, columns - c);
  }
}
