/**
 * Attention: y = dropout(softmax(scale·q kᵀ + bias)) v for every head, and lse, the log-sum-exp of the biased scores,
 * from which the backward pass recomputes the probabilities. A part is some queries of one head, whose scores it keeps
 * in its thread's memory, in blocks of `block` queries; no others are ever there.
 *
 * q, y: [batch, queries, heads·dim]; k, v: [batch, keys, heads·dim]; lse: [batch, heads, queries]; bias_: steps of the
 * bias along [batch, heads, queries, keys] in elements, 0 where it is broadcast. `threshold` 0: no dropout.
 */
import { log1 } from '../common/functions';
import { SEED, STEP } from '../common/step';
import { rowExp, rowMax } from '../softmax/softmax';
import { finishScores, multiply, multiplyRow, padded, putRow, rowFactors, tiles } from './tile';

export function forward(
  part: i32,
  parts: i32,
  q: usize,
  k: usize,
  v: usize,
  bias: usize,
  y: usize,
  lse: usize,
  step: usize,
  heads: i32,
  dim: i32,
  queries: i32,
  keys: i32,
  queriesEach: i32,
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
): void {
  const pieces = (queries + queriesEach - 1) / queriesEach;
  const head = (part / pieces) % heads;
  const batch = part / pieces / heads;
  const row = (<usize>(heads * dim)) << 2;
  const keysAt = <usize>batch * keys * row + ((<usize>(head * dim)) << 2);
  const queriesAt = <usize>batch * queries * row + ((<usize>(head * dim)) << 2);
  const scores = tiles();
  const scoresRow = (<usize>padded(keys)) << 2;
  const sums = scores + <usize>block * scoresRow;
  const sumsRow = (<usize>padded(dim)) << 2;
  const totals = sums + <usize>block * sumsRow;
  const factors = totals + ((<usize>padded(block)) << 2);
  const first = (part % pieces) * queriesEach;
  const end = min(first + queriesEach, queries);
  for (let from = first; from < end; from += block) {
    const count = min(block, end - from);
    const at = queriesAt + <usize>from * row;
    multiply(q + at, row, 4, k + keysAt, 4, row, count, keys, dim, scores, scoresRow);
    for (let i = 0; i < count; i++) {
      const s = scores + <usize>i * scoresRow;
      const query = from + i;
      const place = (batch * heads + head) * queries + query;
      const biasAt = batch * biasBatch + head * biasHead + query * biasQuery;
      finishScores(s, keys, scale, hasBias ? bias + ((<usize>biasAt) << 2) : 0, biasKey);
      const most = rowMax(s, keys);
      const sum = rowExp(s, s, keys, most);
      store<f32>(lse + ((<usize>place) << 2), most + log1(sum));
      if (threshold > 0) {
        const index = <u32>place * <u32>keys;
        const seed = load<u32>(step, SEED);
        multiplyRow(
          s,
          rowFactors(seed, stream, load<u32>(step, STEP), index, keys, threshold, keep, factors),
          keys,
        );
      }
      store<f32>(totals + ((<usize>i) << 2), sum);
    }
    multiply(scores, scoresRow, 4, v + keysAt, row, 4, count, dim, keys, sums, sumsRow);
    for (let i = 0; i < count; i++) {
      const total = load<f32>(totals + ((<usize>i) << 2));
      putRow(sums + <usize>i * sumsRow, y + at + <usize>i * row, dim, <f32>1 / total, false);
    }
  }
}
