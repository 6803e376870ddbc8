/**
 * Cross-entropy of rows of logits and squared error, and their gradients. Rows of weight 0 are padding, whose label may
 * be anything. logits: [rows, columns]; labels: [rows], integers; weights: [rows], divided by their total.
 */
import { exp4, log1 } from '../common/functions';
import { firstLanes, storeSome, sumLanes } from '../common/vector';
import { stretch } from '../common/range';
import { expSum } from '../search/top-k';
import { rowMax } from '../softmax/softmax';

/** ln Σ eᶻ */
function logSumExp(z: usize, columns: i32): f32 {
  const most = rowMax(z, columns);
  return most + log1(expSum(z, columns, most));
}

/** result[row] = w (lse − z[label]) */
export function crossEntropy(
  part: i32,
  parts: i32,
  logits: usize,
  labels: usize,
  weights: usize,
  result: usize,
  rows: i32,
  columns: i32,
): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const at = (<usize>row) << 2;
    const weight = load<f32>(weights + at);
    let loss: f32 = 0;
    if (weight != 0) {
      const z = logits + ((<usize>(row * columns)) << 2);
      loss = weight * (logSumExp(z, columns) - load<f32>(z + ((<usize>load<u32>(labels + at)) << 2)));
    }
    store<f32>(result + at, loss);
  }
}

/** to = w·e^(z − lse), or 0 where w is 0; [columns] */
function weighted(z: usize, to: usize, columns: i32, weight: f32, lse: f32): void {
  const bytes = (<usize>columns) << 2;
  if (weight == 0) {
    memory.fill(to, 0, bytes);
    return;
  }
  const w = f32x4.splat(weight);
  const l = f32x4.splat(lse);
  let i = 0;
  for (; i <= columns - 4; i += 4, z += 16, to += 16)
    v128.store(to, f32x4.mul(w, exp4(f32x4.sub(v128.load(z), l))));
  if (i < columns) storeSome(to, f32x4.mul(w, exp4(f32x4.sub(v128.load(z), l))), columns - i);
}

/** dz = w (e^(z − lse) − onehot(label)); dz: [rows, columns] */
export function crossEntropyGrad(
  part: i32,
  parts: i32,
  logits: usize,
  labels: usize,
  weights: usize,
  dz: usize,
  rows: i32,
  columns: i32,
): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const weight = load<f32>(weights + ((<usize>row) << 2));
    const z = logits + ((<usize>(row * columns)) << 2);
    const to = dz + ((<usize>(row * columns)) << 2);
    weighted(z, to, columns, weight, weight != 0 ? logSumExp(z, columns) : 0);
    if (weight == 0) continue;
    const at = to + ((<usize>load<u32>(labels + ((<usize>row) << 2))) << 2);
    store<f32>(at, load<f32>(at) - weight);
  }
}

const LOWEST: f32 = -3.4028234663852886e38;

/**
 * One chunk of columns goes into the running statistics of its rows (Milakov and Gimelshein, 2018): most = max so far,
 * sum = Σ e^(z − most), picked = the label's logit once it has come by, seen = columns so far. state: [rows, 4]
 */
export function chunkStatistics(
  part: i32,
  parts: i32,
  logits: usize,
  labels: usize,
  state: usize,
  rows: i32,
  columns: i32,
  first: i32,
): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const z = logits + ((<usize>(row * columns)) << 2);
    const at = state + ((<usize>row) << 4);
    const before = first ? LOWEST : load<f32>(at);
    const most = max<f32>(before, rowMax(z, columns));
    let sum = expSum(z, columns, most);
    let picked: f32 = 0;
    let seen: f32 = 0;
    if (!first) {
      const old = f32x4.extract_lane(exp4(f32x4.splat(before - most)), 0);
      sum += load<f32>(at, 4) * old;
      picked = load<f32>(at, 8);
      seen = load<f32>(at, 12);
    }
    const label = load<i32>(labels + ((<usize>row) << 2)) - <i32>seen;
    if (label >= 0 && label < columns) picked = load<f32>(z + ((<usize>label) << 2));
    store<f32>(at, most);
    store<f32>(at, sum, 4);
    store<f32>(at, picked, 8);
    store<f32>(at, seen + <f32>columns, 12);
  }
}

/** lse = most + ln sum; nll = w ≠ 0 ? lse − picked : 0; weighted = w·nll; all but state: [rows] */
export function chunkFinish(
  part: i32,
  parts: i32,
  state: usize,
  weights: usize,
  nll: usize,
  lse: usize,
  weighted: usize,
  rows: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const at = (<usize>row) << 2;
    const own = state + ((<usize>row) << 4);
    const all = load<f32>(own) + log1(load<f32>(own, 4));
    const weight = load<f32>(weights + at);
    const loss = weight != 0 ? all - load<f32>(own, 8) : <f32>0;
    store<f32>(lse + at, all);
    store<f32>(nll + at, loss);
    store<f32>(weighted + at, weight != 0 ? weight * loss : <f32>0);
  }
}

/** z ← w (e^(z − lse) − onehot(label)), in place of a chunk of logits; seen: [rows], columns over the chunks so far */
export function chunkGradient(
  part: i32,
  parts: i32,
  logits: usize,
  labels: usize,
  weights: usize,
  lse: usize,
  seen: usize,
  rows: i32,
  columns: i32,
  first: i32,
): void {
  const each = (rows + parts - 1) / parts;
  const last = min((part + 1) * each, rows);
  for (let row = part * each; row < last; row++) {
    const at = (<usize>row) << 2;
    const z = logits + ((<usize>(row * columns)) << 2);
    const before = first ? 0 : load<i32>(seen + at);
    const weight = load<f32>(weights + at);
    weighted(z, z, columns, weight, load<f32>(lse + at));
    const label = load<i32>(labels + at) - before;
    if (weight != 0 && label >= 0 && label < columns) {
      const place = z + ((<usize>label) << 2);
      store<f32>(place, load<f32>(place) - weight);
    }
    store<i32>(seen + at, before + columns);
  }
}

/** loss = Σ w (p − t)²; predictions, targets, weights: [count], loss: [1]. One part. */
export function meanSquared(
  part: i32,
  parts: i32,
  predictions: usize,
  targets: usize,
  weights: usize,
  loss: usize,
  count: i32,
): void {
  let sum = f32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    const o = (<usize>i) << 2;
    const d = f32x4.sub(v128.load(predictions + o), v128.load(targets + o));
    const value = f32x4.mul(f32x4.mul(d, d), v128.load(weights + o));
    sum = f32x4.add(sum, firstLanes(value, count - i, 0));
  }
  store<f32>(loss, sumLanes(sum));
}

/** dp = 2 w (p − t); all: [count] */
export function meanSquaredGrad(
  part: i32,
  parts: i32,
  predictions: usize,
  targets: usize,
  weights: usize,
  dp: usize,
  count: i32,
): void {
  const each = stretch(count, parts, 16);
  const end = min((part + 1) * each, count);
  for (let i = part * each; i < end; i += 4) {
    const o = (<usize>i) << 2;
    const d = f32x4.sub(v128.load(predictions + o), v128.load(targets + o));
    const value = f32x4.mul(f32x4.mul(f32x4.splat(2), v128.load(weights + o)), d);
    if (end - i >= 4) v128.store(dp + o, value);
    else storeSome(dp + o, value, end - i);
  }
}
