/**
 * Root-mean-square normalisation (Zhang and Sennrich, 2019) over rows, and its gradients. x, y, dy, dx: [rows,
 * columns]; gamma, dgamma: [columns]; rstd: [rows], 1/√(mean x² + ε).
 */
import { firstLanes, madd, nmadd, storeSome, sumLanes } from '../common/vector';
import { store8 } from './layer-norm';

/** y = x·rstd·gamma */
export function rmsNorm(
  part: i32,
  parts: i32,
  x: usize,
  gamma: usize,
  y: usize,
  rstd: usize,
  rows: i32,
  columns: i32,
  epsilon: f32,
): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const p = x + ((<usize>(row * columns)) << 2);
    const to = y + ((<usize>(row * columns)) << 2);
    let a = f32x4.splat(0);
    let b = a;
    let i = 0;
    let o: usize = 0;
    for (; i <= columns - 8; i += 8, o += 32) {
      const low = v128.load(p + o);
      const high = v128.load(p + o, 16);
      a = madd(low, low, a);
      b = madd(high, high, b);
    }
    for (; i < columns; i += 4, o += 16) {
      const v = firstLanes(v128.load(p + o), columns - i, 0);
      a = madd(v, v, a);
    }
    const scale = <f32>1 / sqrt<f32>(sumLanes(f32x4.add(a, b)) / <f32>columns + epsilon);
    store<f32>(rstd + ((<usize>row) << 2), scale);
    const s = f32x4.splat(scale);
    o = 0;
    for (i = 0; i < columns; i += 4, o += 16) {
      const value = f32x4.mul(f32x4.mul(v128.load(p + o), s), v128.load(gamma + o));
      if (columns - i >= 4) v128.store(to + o, value);
      else storeSome(to + o, value, columns - i);
    }
  }
}

/** dx = rstd (dy·gamma − x·rstd·mean(dy·gamma·x·rstd)) */
export function rmsNormGrad(
  part: i32,
  parts: i32,
  dy: usize,
  x: usize,
  gamma: usize,
  rstd: usize,
  dx: usize,
  rows: i32,
  columns: i32,
): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const offset = (<usize>(row * columns)) << 2;
    const p = dy + offset;
    const q = x + offset;
    const to = dx + offset;
    const s = f32x4.splat(load<f32>(rstd + ((<usize>row) << 2)));
    let sum = f32x4.splat(0);
    let i = 0;
    let o: usize = 0;
    for (; i < columns; i += 4, o += 16) {
      const g = f32x4.mul(v128.load(p + o), v128.load(gamma + o));
      sum = f32x4.add(sum, firstLanes(f32x4.mul(g, f32x4.mul(v128.load(q + o), s)), columns - i, 0));
    }
    const mean = f32x4.splat(sumLanes(sum) / <f32>columns);
    o = 0;
    for (i = 0; i < columns; i += 4, o += 16) {
      const g = f32x4.mul(v128.load(p + o), v128.load(gamma + o));
      const value = f32x4.mul(s, nmadd(f32x4.mul(v128.load(q + o), s), mean, g));
      if (columns - i >= 4) v128.store(to + o, value);
      else storeSome(to + o, value, columns - i);
    }
  }
}

/** dgamma[block] = Σ dy·x·rstd over the rows of a block, one a part; dgamma: [parts, columns] */
export function rmsNormParamGrad(
  part: i32,
  parts: i32,
  dy: usize,
  x: usize,
  rstd: usize,
  dgamma: usize,
  rows: i32,
  columns: i32,
): void {
  const each = (rows + parts - 1) / parts;
  const first = min(part * each, rows);
  const last = min(first + each, rows);
  const bytes = (<usize>columns) << 2;
  let to = dgamma + <usize>part * bytes;
  for (let c = 0; c < columns; c += 8, to += 32) {
    let low = f32x4.splat(0);
    let high = low;
    let at = (<usize>(first * columns + c)) << 2;
    for (let row = first; row < last; row++, at += bytes) {
      const s = v128.load32_splat(rstd + ((<usize>row) << 2));
      low = madd(v128.load(dy + at), f32x4.mul(v128.load(x + at), s), low);
      high = madd(v128.load(dy + at, 16), f32x4.mul(v128.load(x + at, 16), s), high);
    }
    store8(to, low, high, columns - c);
  }
}
