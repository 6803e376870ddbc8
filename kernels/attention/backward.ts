/**
 * Attention's gradients, with probabilities recomputed from lse (FlashAttention-2, Dao 2023):
 *   P = e^(scale·q kᵀ + bias − lse), dP = dropout of dy vᵀ, delta = Σ dy·y, dS = P (dP − delta)
 *   dq = scale·dS k, dk = scale·dSᵀ q, dv = (dropout of P)ᵀ dy, dbias = dS summed where the bias is broadcast
 * Scores are there for `block` queries of one head at a time, in the thread's memory. Shapes and constants as in
 * forward.ts; `wanted`: bits 1 dq, 2 dk, 4 dv, and operands not wanted repeat another.
 */
import { SEED, STEP } from '../common/step';
import {
  dot,
  finishScores,
  multiply,
  multiplyRow,
  padded,
  probabilities,
  putRow,
  rowFactors,
  scoreGradients,
  tiles,
} from './tile';

/** Keys whose gradients are added up at a time: what `multiply` takes. */
const KEYS: i32 = 96;

/** A part is one head of one row of the batch. */
export function backward(
  part: i32,
  parts: i32,
  dy: usize,
  q: usize,
  k: usize,
  v: usize,
  bias: usize,
  y: usize,
  lse: usize,
  dq: usize,
  dk: usize,
  dv: usize,
  step: usize,
  heads: i32,
  dim: i32,
  queries: i32,
  keys: i32,
  block: i32,
  scale: f32,
  hasBias: i32,
  biasBatch: i32,
  biasHead: i32,
  biasQuery: i32,
  biasKey: i32,
  threshold: i32,
  keep: f32,
  stream: i32,
  wanted: i32,
): void {
  const head = part % heads;
  const batch = part / heads;
  const row = (<usize>(heads * dim)) << 2;
  const keysAt = <usize>batch * keys * row + ((<usize>(head * dim)) << 2);
  const queriesAt = <usize>batch * queries * row + ((<usize>(head * dim)) << 2);
  const wide = (<usize>padded(keys)) << 2;
  const p = tiles();
  const ds = p + <usize>block * wide;
  const sums = ds + <usize>block * wide;
  const sumsRow = (<usize>padded(dim)) << 2;
  const factors = sums + <usize>max(block, KEYS) * sumsRow;
  for (let from = 0; from < queries; from += block) {
    const count = min(block, queries - from);
    const at = queriesAt + <usize>from * row;
    multiply(q + at, row, 4, k + keysAt, 4, row, count, keys, dim, p, wide);
    multiply(dy + at, row, 4, v + keysAt, 4, row, count, keys, dim, ds, wide);
    for (let i = 0; i < count; i++) {
      const query = from + i;
      const place = (batch * heads + head) * queries + query;
      const pRow = p + <usize>i * wide;
      const dsRow = ds + <usize>i * wide;
      const biasAt = batch * biasBatch + head * biasHead + query * biasQuery;
      finishScores(pRow, keys, scale, hasBias ? bias + ((<usize>biasAt) << 2) : 0, biasKey);
      probabilities(pRow, keys, load<f32>(lse + ((<usize>place) << 2)));
      const own = at + <usize>i * row;
      const delta = dot(dy + own, y + own, dim);
      if (threshold > 0) {
        const index = <u32>place * <u32>keys;
        const seed = load<u32>(step, SEED);
        const f = rowFactors(seed, stream, load<u32>(step, STEP), index, keys, threshold, keep, factors);
        multiplyRow(dsRow, f, keys);
        scoreGradients(pRow, dsRow, keys, delta);
        multiplyRow(pRow, f, keys);
      } else scoreGradients(pRow, dsRow, keys, delta);
    }
    if (wanted & 1) {
      multiply(ds, wide, 4, k + keysAt, row, 4, count, dim, keys, sums, sumsRow);
      for (let i = 0; i < count; i++)
        putRow(sums + <usize>i * sumsRow, dq + at + <usize>i * row, dim, scale, false);
    }
    if (wanted & 2)
      transposed(ds, wide, q + at, row, dk + keysAt, count, keys, dim, scale, from > 0, sums, sumsRow);
    if (wanted & 4)
      transposed(p, wide, dy + at, row, dv + keysAt, count, keys, dim, 1, from > 0, sums, sumsRow);
  }
}

/** to[keys, dim] (+)= factor · tileᵀ·x; x: [count, dim] */
function transposed(
  tile: usize,
  wide: usize,
  x: usize,
  row: usize,
  to: usize,
  count: i32,
  keys: i32,
  dim: i32,
  factor: f32,
  add: boolean,
  sums: usize,
  sumsRow: usize,
): void {
  for (let from = 0; from < keys; from += KEYS) {
    const some = min(KEYS, keys - from);
    multiply(tile + ((<usize>from) << 2), 4, wide, x, row, 4, some, dim, count, sums, sumsRow);
    for (let j = 0; j < some; j++)
      putRow(sums + <usize>j * sumsRow, to + <usize>(from + j) * row, dim, factor, add);
  }
}

/**
 * dbias: [ownBatch, ownHeads, queries, keys]. A part is `block` queries of one of its heads; sums over the batch and
 * the heads run in order.
 */
export function backwardBias(
  part: i32,
  parts: i32,
  dy: usize,
  q: usize,
  k: usize,
  v: usize,
  bias: usize,
  y: usize,
  lse: usize,
  dbias: usize,
  step: usize,
  batches: i32,
  heads: i32,
  dim: i32,
  queries: i32,
  keys: i32,
  block: i32,
  scale: f32,
  hasBias: i32,
  biasBatch: i32,
  biasHead: i32,
  biasQuery: i32,
  biasKey: i32,
  threshold: i32,
  keep: f32,
  stream: i32,
  ownBatch: i32,
  ownHeads: i32,
): void {
  const pieces = (queries + block - 1) / block;
  const from = (part % pieces) * block;
  const count = min(block, queries - from);
  const place = part / pieces;
  const row = (<usize>(heads * dim)) << 2;
  const wide = (<usize>padded(keys)) << 2;
  const p = tiles();
  const ds = p + <usize>block * wide;
  const factors = ds + <usize>block * wide;
  let add = false;
  const firstBatch = ownBatch < batches ? 0 : place / ownHeads;
  const lastBatch = ownBatch < batches ? batches : firstBatch + 1;
  const firstHead = ownHeads < heads ? 0 : place % ownHeads;
  const lastHead = ownHeads < heads ? heads : firstHead + 1;
  for (let batch = firstBatch; batch < lastBatch; batch++)
    for (let head = firstHead; head < lastHead; head++) {
      const keysAt = <usize>batch * keys * row + ((<usize>(head * dim)) << 2);
      const at = (<usize>batch * queries + from) * row + ((<usize>(head * dim)) << 2);
      multiply(q + at, row, 4, k + keysAt, 4, row, count, keys, dim, p, wide);
      multiply(dy + at, row, 4, v + keysAt, 4, row, count, keys, dim, ds, wide);
      for (let i = 0; i < count; i++) {
        const query = from + i;
        const number = (batch * heads + head) * queries + query;
        const pRow = p + <usize>i * wide;
        const dsRow = ds + <usize>i * wide;
        const biasAt = batch * biasBatch + head * biasHead + query * biasQuery;
        finishScores(pRow, keys, scale, hasBias ? bias + ((<usize>biasAt) << 2) : 0, biasKey);
        probabilities(pRow, keys, load<f32>(lse + ((<usize>number) << 2)));
        const own = at + <usize>i * row;
        if (threshold > 0) {
          const index = <u32>number * <u32>keys;
          const seed = load<u32>(step, SEED);
          multiplyRow(
            dsRow,
            rowFactors(seed, stream, load<u32>(step, STEP), index, keys, threshold, keep, factors),
            keys,
          );
        }
        scoreGradients(pRow, dsRow, keys, dot(dy + own, y + own, dim));
        putRow(dsRow, dbias + ((<usize>((place * queries + query) * keys)) << 2), keys, 1, add);
      }
      add = true;
    }
}
