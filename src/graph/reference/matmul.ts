/** Float64 reference of MatMul (src/graph/program.ts). The sum of each element goes through k in order. */
import { matMulSizes } from '../matmul.ts';
import type { Activation, OpAttributes } from '../program.ts';
import { activate, activationGradient } from './activations.ts';
import { refTensor, type RefTensor } from './tensor.ts';

/** inputs a, b, bias?, residual?, gate? ; outputs y, z?, sums? */
export function matMul(
  inputs: readonly (RefTensor | undefined)[],
  attributes: OpAttributes['MatMul'],
  outputShapes: readonly (readonly number[])[],
): RefTensor[] {
  const [a, b, bias, residual, gate] = inputs;
  if (!a || !b) throw new Error('internal: MatMul needs two operands');
  const { transA, transB, alpha, activation, gradient } = attributes;
  const { batch, m, n, k, sharedB } = matMulSizes(a.shape, b.shape, attributes);
  const z = new Float64Array(batch * m * n);
  for (let g = 0; g < batch; g++) {
    const a0 = g * m * k;
    const b0 = sharedB ? 0 : g * k * n;
    const z0 = g * m * n;
    for (let i = 0; i < m; i++) {
      const left = row(a.data, a0 + (transA ? i : i * k), transA ? m : 1, k);
      const sums = z.subarray(z0 + i * n, z0 + (i + 1) * n);
      // Either way rows of b are read as they lie, which is several times faster than across them.
      if (transB) for (let j = 0; j < n; j++) sums[j] = dot(left, b.data, b0 + j * k);
      else for (let p = 0; p < k; p++) addScaled(sums, left[p], b.data, b0 + p * n);
      for (let j = 0; j < n; j++)
        sums[j] =
          alpha * sums[j] + (bias ? bias.data[j] : 0) + (residual ? residual.data[z0 + i * n + j] : 0);
    }
  }
  const apply = (f: (kind: Activation, x: number, at: number) => number, kind: Activation): Float64Array =>
    z.map((x, at) => f(kind, x, at));
  let y: Float64Array = z;
  if (activation) y = apply((kind, x) => activate(kind, x), activation);
  else if (gradient) {
    if (!gate) throw new Error('internal: MatMul with a gradient needs a gate');
    y = apply((kind, x, at) => x * activationGradient(kind, gate.data[at]), gradient);
  }
  const [shape, , sums] = outputShapes;
  return [refTensor(shape, y), refTensor(shape, z), ...(sums ? [refTensor(sums, sumsOf(b.data, n))] : [])];
}

/** Sums down the columns of rows of `n`. */
function sumsOf(data: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(n);
  for (let at = 0; at < data.length; at += n) addScaled(sums, 1, data, at);
  return sums;
}

function row(data: Float64Array, at: number, stride: number, length: number): Float64Array {
  if (stride === 1) return data.subarray(at, at + length);
  return Float64Array.from({ length }, (_, p) => data[at + p * stride]);
}

function dot(left: Float64Array, right: Float64Array, at: number): number {
  let sum = 0;
  for (let p = 0; p < left.length; p++) sum += left[p] * right[at + p];
  return sum;
}

function addScaled(sums: Float64Array, factor: number, right: Float64Array, at: number): void {
  for (let j = 0; j < sums.length; j++) sums[j] += factor * right[at + j];
}
