/**
 * What the attention kernels share: products of tiles in the thread's own memory, and scores. Operands of one head
 * are matrices with rows `head`·`dim` floats apart; tiles are dense, their rows padded to eights.
 *
 * A thread's memory: a panel of b, the packed a, then tiles.
 */
import { exp4 } from '../common/functions';
import { keepFactors } from '../common/philox';
import { firstLanes, madd, storeSome, sumLanes } from '../common/vector';
import { BEFORE_A, block, MOST_K } from '../matmul/block';
import { workMemory } from '../runtime/work';

/** Most rows of a packed block. */
const MOST_ROWS: i32 = 96;

/** Below every score; a score of −∞ counts as this, so that differences of scores stay finite. */
const LOWEST: f32 = -3.0e38;

/** Floats of a tile's row. @inline */
export function padded(columns: i32): i32 {
  return (columns + 7) & ~7;
}

/** Memory behind what the products pack. @inline */
export function tiles(): usize {
  return workMemory() + BEFORE_A + ((<usize>(MOST_ROWS * MOST_K)) << 2);
}

/** c[m, n] (+)= a·b; steps in bytes, m at most MOST_ROWS; rows of c are `cRow` bytes apart, whole eights of columns. */
export function multiply(
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
): void {
  for (let from = 0; from < k; from += MOST_K)
    block(
      a + <usize>from * aStep,
      aRow,
      aStep,
      b + <usize>from * bStep,
      bStep,
      bColumn,
      m,
      n,
      min(MOST_K, k - from),
      c,
      cRow,
      1,
      from > 0 ? c : 0,
      cRow,
      0,
      workMemory(),
    );
}

/** scores[j] = max(scale · scores[j] + bias[j], LOWEST); bias neighbours are `step` floats apart; none: address 0 */
export function finishScores(scores: usize, keys: i32, scale: f32, bias: usize, step: i32): void {
  const factor = f32x4.splat(scale);
  const lowest = f32x4.splat(LOWEST);
  if (bias == 0) {
    for (let j = 0; j < keys; j += 4, scores += 16)
      v128.store(scores, f32x4.max(f32x4.mul(v128.load(scores), factor), lowest));
  } else if (step == 1) {
    for (let j = 0; j < keys; j += 4, scores += 16, bias += 16)
      v128.store(scores, f32x4.max(madd(v128.load(scores), factor, v128.load(bias)), lowest));
  } else {
    const one = v128.load32_splat(bias);
    for (let j = 0; j < keys; j += 4, scores += 16)
      v128.store(scores, f32x4.max(madd(v128.load(scores), factor, one), lowest));
  }
}

/** x ← x · f, [count] with room for eights */
export function multiplyRow(x: usize, f: usize, count: i32): void {
  for (let j = 0; j < count; j += 4, x += 16, f += 16) v128.store(x, f32x4.mul(v128.load(x), v128.load(f)));
}

/** Σ x·y; [count] */
export function dot(x: usize, y: usize, count: i32): f32 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < count; i += 4, x += 16, y += 16)
    sum = f32x4.add(sum, firstLanes(f32x4.mul(v128.load(x), v128.load(y)), count - i, 0));
  return sumLanes(sum);
}

/** to = factor · x (+ to); [count] */
export function putRow(x: usize, to: usize, count: i32, factor: f32, add: boolean): void {
  const f = f32x4.splat(factor);
  for (let i = 0; i < count; i += 4, x += 16, to += 16) {
    let v = f32x4.mul(v128.load(x), f);
    if (add) v = f32x4.add(v, v128.load(to));
    if (count - i >= 4) v128.store(to, v);
    else storeSome(to, v, count - i);
  }
}

/** p ← e^(p − lse); [count] with room for eights */
export function probabilities(p: usize, count: i32, lse: f32): void {
  const l = f32x4.splat(lse);
  for (let j = 0; j < count; j += 4, p += 16) v128.store(p, exp4(f32x4.sub(v128.load(p), l)));
}

/** ds = p (dp − delta), into dp; [count] with room for eights */
export function scoreGradients(p: usize, dp: usize, count: i32, delta: f32): void {
  const d = f32x4.splat(delta);
  for (let j = 0; j < count; j += 4, p += 16, dp += 16)
    v128.store(dp, f32x4.mul(v128.load(p), f32x4.sub(v128.load(dp), d)));
}

/** Dropout of one row of probabilities, whose first has number `index` among all. @returns the address of the factors */
export function rowFactors(
  seed: u32,
  stream: u32,
  step: u32,
  index: u32,
  keys: i32,
  threshold: i32,
  keep: f32,
  to: usize,
): usize {
  return keepFactors(seed, stream, step, index, keys, threshold, keep, to);
}
