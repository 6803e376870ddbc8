/**
 * Layer normalisation (Ba et al., 2016) over rows, and its gradients. x, y, dy, dx: [rows, columns]; gamma, beta,
 * dgamma, dbeta: [columns]; mean, rstd: [rows], rstd = 1/√(var + ε), x̂ = (x − mean)·rstd.
 */
import { firstLanes, madd, nmadd, storeSome, sumLanes } from '../common/vector';
import { rowSum } from '../common/sums';

/** Σ (x − mean)² */
function squares(x: usize, count: i32, mean: f32): f32 {
  const average = f32x4.splat(mean);
  let a = f32x4.splat(0);
  let b = a;
  let i = 0;
  for (; i <= count - 8; i += 8, x += 32) {
    const low = f32x4.sub(v128.load(x), average);
    const high = f32x4.sub(v128.load(x, 16), average);
    a = madd(low, low, a);
    b = madd(high, high, b);
  }
  for (; i < count; i += 4, x += 16) {
    const d = firstLanes(f32x4.sub(v128.load(x), average), count - i, 0);
    a = madd(d, d, a);
  }
  return sumLanes(f32x4.add(a, b));
}

/** y = x̂·gamma + beta */
export function layerNorm(
  part: i32,
  parts: i32,
  x: usize,
  gamma: usize,
  beta: usize,
  y: usize,
  mean: usize,
  rstd: usize,
  rows: i32,
  columns: i32,
  epsilon: f32,
): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    let p = x + ((<usize>(row * columns)) << 2);
    let to = y + ((<usize>(row * columns)) << 2);
    const average = rowSum(p, columns) / <f32>columns;
    const scale = <f32>1 / sqrt<f32>(squares(p, columns, average) / <f32>columns + epsilon);
    store<f32>(mean + ((<usize>row) << 2), average);
    store<f32>(rstd + ((<usize>row) << 2), scale);
    const a = f32x4.splat(average);
    const s = f32x4.splat(scale);
    let i = 0;
    let o: usize = 0;
    for (; i <= columns - 4; i += 4, o += 16) {
      const hat = f32x4.mul(f32x4.sub(v128.load(p + o), a), s);
      v128.store(to + o, madd(hat, v128.load(gamma + o), v128.load(beta + o)));
    }
    if (i < columns) {
      const hat = f32x4.mul(f32x4.sub(v128.load(p + o), a), s);
      storeSome(to + o, madd(hat, v128.load(gamma + o), v128.load(beta + o)), columns - i);
    }
  }
}

/** dx = rstd (g − mean g − x̂·mean(g·x̂)), g = dy·gamma */
export function layerNormGrad(
  part: i32,
  parts: i32,
  dy: usize,
  x: usize,
  gamma: usize,
  mean: usize,
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
    const a = f32x4.splat(load<f32>(mean + ((<usize>row) << 2)));
    const s = f32x4.splat(load<f32>(rstd + ((<usize>row) << 2)));
    let sumG = f32x4.splat(0);
    let sumGX = sumG;
    let i = 0;
    let o: usize = 0;
    for (; i <= columns - 4; i += 4, o += 16) {
      const g = f32x4.mul(v128.load(p + o), v128.load(gamma + o));
      sumG = f32x4.add(sumG, g);
      sumGX = madd(g, f32x4.mul(f32x4.sub(v128.load(q + o), a), s), sumGX);
    }
    if (i < columns) {
      const g = f32x4.mul(v128.load(p + o), v128.load(gamma + o));
      const product = f32x4.mul(g, f32x4.mul(f32x4.sub(v128.load(q + o), a), s));
      sumG = f32x4.add(sumG, firstLanes(g, columns - i, 0));
      sumGX = f32x4.add(sumGX, firstLanes(product, columns - i, 0));
    }
    const meanG = f32x4.splat(sumLanes(sumG) / <f32>columns);
    const meanGX = f32x4.splat(sumLanes(sumGX) / <f32>columns);
    o = 0;
    for (i = 0; i < columns; i += 4, o += 16) {
      const g = f32x4.mul(v128.load(p + o), v128.load(gamma + o));
      const hat = f32x4.mul(f32x4.sub(v128.load(q + o), a), s);
      const value = f32x4.mul(s, nmadd(hat, meanGX, f32x4.sub(g, meanG)));
      if (columns - i >= 4) v128.store(to + o, value);
      else storeSome(to + o, value, columns - i);
    }
  }
}

/**
 * dgamma[block] = Σ dy·x̂, dbeta[block] = Σ dy over the rows of a block, one a part; dgamma, dbeta: [parts, columns],
 * which reduce/columns adds up
 */
export function layerNormParamGrad(
  part: i32,
  parts: i32,
  dy: usize,
  x: usize,
  mean: usize,
  rstd: usize,
  dgamma: usize,
  dbeta: usize,
  rows: i32,
  columns: i32,
): void {
  const each = (rows + parts - 1) / parts;
  const first = min(part * each, rows);
  const last = min(first + each, rows);
  const bytes = (<usize>columns) << 2;
  let toGamma = dgamma + <usize>part * bytes;
  let toBeta = dbeta + <usize>part * bytes;
  for (let c = 0; c < columns; c += 8, toGamma += 32, toBeta += 32) {
    let g0 = f32x4.splat(0);
    let g1 = g0;
    let b0 = g0;
    let b1 = g0;
    let at = (<usize>(first * columns + c)) << 2;
    for (let row = first; row < last; row++, at += bytes) {
      const a = v128.load32_splat(mean + ((<usize>row) << 2));
      const s = v128.load32_splat(rstd + ((<usize>row) << 2));
      const low = v128.load(dy + at);
      const high = v128.load(dy + at, 16);
      b0 = f32x4.add(b0, low);
      b1 = f32x4.add(b1, high);
      g0 = madd(low, f32x4.mul(f32x4.sub(v128.load(x + at), a), s), g0);
      g1 = madd(high, f32x4.mul(f32x4.sub(v128.load(x + at, 16), a), s), g1);
    }
    store8(toGamma, g0, g1, columns - c);
    store8(toBeta, b0, b1, columns - c);
  }
}

/** Stores up to eight floats. */
export function store8(at: usize, low: v128, high: v128, count: i32): void {
  if (count >= 4) v128.store(at, low);
  else storeSome(at, low, count);
  if (count >= 8) v128.store(at, high, 16);
  else if (count > 4) storeSome(at + 16, high, count - 4);
}
