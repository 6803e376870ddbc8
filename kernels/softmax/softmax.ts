/** Softmax over rows, and its gradient. x, y, dy, dx: [rows, columns] */
import { exp4 } from '../common/functions';
import { firstLanes, maxLanes, storeSome, sumLanes } from '../common/vector';

/** Below every number: a row of −∞ alone then has the exponentials 0, as in PyTorch. */
const LOWEST: f32 = -3.4028234663852886e38;

/** The largest element, or LOWEST. */
export function rowMax(x: usize, count: i32): f32 {
  let most = f32x4.splat(LOWEST);
  let i = 0;
  for (; i <= count - 4; i += 4, x += 16) most = f32x4.max(most, v128.load(x));
  if (i < count) most = f32x4.max(most, firstLanes(v128.load(x), count - i, LOWEST));
  return maxLanes(most);
}

/** y = e^(x − most); the sum of y. y may be x. */
export function rowExp(x: usize, y: usize, count: i32, most: f32): f32 {
  const top = f32x4.splat(most);
  let a = f32x4.splat(0);
  let b = a;
  let i = 0;
  for (; i <= count - 8; i += 8, x += 32, y += 32) {
    const low = exp4(f32x4.sub(v128.load(x), top));
    const high = exp4(f32x4.sub(v128.load(x, 16), top));
    v128.store(y, low);
    v128.store(y, high, 16);
    a = f32x4.add(a, low);
    b = f32x4.add(b, high);
  }
  for (; i <= count - 4; i += 4, x += 16, y += 16) {
    const value = exp4(f32x4.sub(v128.load(x), top));
    v128.store(y, value);
    a = f32x4.add(a, value);
  }
  if (i < count) {
    const value = exp4(f32x4.sub(v128.load(x), top));
    storeSome(y, value, count - i);
    b = f32x4.add(b, firstLanes(value, count - i, 0));
  }
  return sumLanes(f32x4.add(a, b));
}

/** y = factor · y */
export function rowScale(y: usize, count: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  let i = 0;
  for (; i <= count - 4; i += 4, y += 16) v128.store(y, f32x4.mul(v128.load(y), f));
  if (i < count) storeSome(y, f32x4.mul(v128.load(y), f), count - i);
}

/** y = e^(x − max x) / Σ */
export function softmax(part: i32, parts: i32, x: usize, y: usize, rows: i32, columns: i32): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const offset = (<usize>(row * columns)) << 2;
    const sum = rowExp(x + offset, y + offset, columns, rowMax(x + offset, columns));
    rowScale(y + offset, columns, sum == 0 ? 0 : <f32>1 / sum);
  }
}

/** dx = y (dy − Σ y·dy) */
export function softmaxGrad(
  part: i32,
  parts: i32,
  dy: usize,
  y: usize,
  dx: usize,
  rows: i32,
  columns: i32,
): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const offset = (<usize>(row * columns)) << 2;
    let p = dy + offset;
    let q = y + offset;
    let total = f32x4.splat(0);
    let i = 0;
    for (; i <= columns - 4; i += 4, p += 16, q += 16)
      total = f32x4.add(total, f32x4.mul(v128.load(p), v128.load(q)));
    if (i < columns)
      total = f32x4.add(total, firstLanes(f32x4.mul(v128.load(p), v128.load(q)), columns - i, 0));
    const mean = f32x4.splat(sumLanes(total));
    p = dy + offset;
    q = y + offset;
    let to = dx + offset;
    for (i = 0; i <= columns - 4; i += 4, p += 16, q += 16, to += 16)
      v128.store(to, f32x4.mul(v128.load(q), f32x4.sub(v128.load(p), mean)));
    if (i < columns) storeSome(to, f32x4.mul(v128.load(q), f32x4.sub(v128.load(p), mean)), columns - i);
  }
}
