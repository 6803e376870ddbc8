/** Float64 references of Attention and AttentionGrad, written as the definitions read (src/graph/program.ts). */
import { philoxUniform } from '../philox.ts';
import type { OpAttributes } from '../program.ts';
import { required, type ReferenceOp, type ReferenceRandom } from './op.ts';
import { refTensor, sizeOf, type RefTensor } from './tensor.ts';

type Attributes = OpAttributes['Attention'];

interface Sizes {
  batch: number;
  heads: number;
  queries: number;
  keys: number;
  dim: number;
}

function sizesOf(q: RefTensor, k: RefTensor, heads: number): Sizes {
  const [batch, queries, width] = q.shape;
  return { batch, heads, queries, keys: k.shape[1], dim: width / heads };
}

/** Where an element of a bias that broadcasts to [batch, heads, queries, keys] stands. */
function biasIndex(dims: readonly number[], position: readonly number[]): number {
  const shape = [1, 1, 1, 1, ...dims].slice(-4);
  return shape.reduce((index, size, axis) => index * size + (size === 1 ? 0 : position[axis]), 0);
}

/** Element of a bias; 0 without one. */
function biasAt(bias: RefTensor | undefined, position: readonly number[]): number {
  return bias ? bias.data[biasIndex(bias.shape, position)] : 0;
}

/** 0 or 1/(1 − rate) for a probability, by its index among all of them. */
function keep({ dropout, dropoutId }: Attributes, index: number, random?: ReferenceRandom): number {
  if (dropout === 0) return 1;
  if (!random) throw new Error('internal: attention dropout needs the seed and the step');
  return philoxUniform(random.seed, dropoutId, random.step, index) >= dropout ? 1 / (1 - dropout) : 0;
}

/** Calls `visit` for every query of every head with its biased scores. */
function eachQuery(
  q: RefTensor,
  k: RefTensor,
  bias: RefTensor | undefined,
  attributes: Attributes,
  visit: (b: number, h: number, i: number, scores: Float64Array) => void,
): void {
  const { batch, heads, queries, keys, dim } = sizesOf(q, k, attributes.heads);
  for (let b = 0; b < batch; b++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < queries; i++) {
        const q0 = ((b * queries + i) * heads + h) * dim;
        const scores = new Float64Array(keys);
        for (let j = 0; j < keys; j++) {
          const k0 = ((b * keys + j) * heads + h) * dim;
          let dot = 0;
          for (let d = 0; d < dim; d++) dot += q.data[q0 + d] * k.data[k0 + d];
          scores[j] = attributes.scale * dot + biasAt(bias, [b, h, i, j]);
        }
        visit(b, h, i, scores);
      }
}

/** inputs q, k, v, bias? ; outputs y, lse */
export const attention: ReferenceOp<'Attention'> = (inputs, attributes, outputShapes, random) => {
  const [q, k, v] = [0, 1, 2].map((index) => required(inputs, index, 'Attention'));
  const { heads, queries, keys, dim } = sizesOf(q, k, attributes.heads);
  const y = new Float64Array(sizeOf(q.shape));
  const lse = new Float64Array(q.shape[0] * heads * queries);
  eachQuery(q, k, inputs[3], attributes, (b, h, i, scores) => {
    const top = Math.max(...scores);
    let total = 0;
    for (const score of scores) total += Math.exp(score - top);
    const row = (b * heads + h) * queries + i;
    lse[row] = top + Math.log(total);
    const y0 = ((b * queries + i) * heads + h) * dim;
    for (let j = 0; j < keys; j++) {
      const p = (Math.exp(scores[j] - top) / total) * keep(attributes, row * keys + j, random);
      const v0 = ((b * keys + j) * heads + h) * dim;
      for (let d = 0; d < dim; d++) y[y0 + d] += p * v.data[v0 + d];
    }
  });
  return [y, lse].slice(0, outputShapes.length).map((data, index) => refTensor(outputShapes[index], data));
};

/** inputs dy, q, k, v, bias?, y, lse ; outputs dq, dk, dv, dbias?. Differentiates the definition, without y and lse. */
export const attentionGrad: ReferenceOp<'AttentionGrad'> = (inputs, attributes, shapes, random) => {
  const [dy, q, k, v] = [0, 1, 2, 3].map((index) => required(inputs, index, 'AttentionGrad'));
  const biasShape = shapes.at(3);
  const dbias = new Float64Array(biasShape ? sizeOf(biasShape) : 0);
  const { heads, queries, keys, dim } = sizesOf(q, k, attributes.heads);
  const dq = new Float64Array(sizeOf(q.shape));
  const dk = new Float64Array(sizeOf(k.shape));
  const dv = new Float64Array(sizeOf(v.shape));
  eachQuery(q, k, inputs[4], attributes, (b, h, i, scores) => {
    const top = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - top));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const row = (b * heads + h) * queries + i;
    const q0 = ((b * queries + i) * heads + h) * dim;
    const probabilities = weights.map((weight) => weight / total);
    const gradients = new Float64Array(keys);
    for (let j = 0; j < keys; j++) {
      const k0 = ((b * keys + j) * heads + h) * dim;
      const kept = keep(attributes, row * keys + j, random);
      for (let d = 0; d < dim; d++) {
        dv[k0 + d] += probabilities[j] * kept * dy.data[q0 + d];
        gradients[j] += kept * dy.data[q0 + d] * v.data[k0 + d];
      }
    }
    const mean = gradients.reduce((sum, gradient, j) => sum + gradient * probabilities[j], 0);
    for (let j = 0; j < keys; j++) {
      const k0 = ((b * keys + j) * heads + h) * dim;
      const dScore = probabilities[j] * (gradients[j] - mean);
      if (biasShape) dbias[biasIndex(biasShape, [b, h, i, j])] += dScore;
      const ds = attributes.scale * dScore;
      for (let d = 0; d < dim; d++) {
        dq[q0 + d] += ds * k.data[k0 + d];
        dk[k0 + d] += ds * q.data[q0 + d];
      }
    }
  });
  const results = [refTensor(q.shape, dq), refTensor(k.shape, dk), refTensor(v.shape, dv)];
  return biasShape ? [...results, refTensor(biasShape, dbias)] : results;
};
