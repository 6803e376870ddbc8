/** Float64 reference of MatMul, written as its definition reads (src/graph/program.ts). */
import { matMulSizes } from '../matmul.ts';
import type { Activation, OpAttributes } from '../program.ts';
import { activate, activationGradient } from './activations.ts';
import { refTensor, type RefTensor } from './tensor.ts';

/** inputs a, b, bias?, residual?, gate? ; outputs y, z? */
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
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          const left = a.data[a0 + (transA ? p * m + i : i * k + p)];
          const right = b.data[b0 + (transB ? j * k + p : p * n + j)];
          sum += left * right;
        }
        const at = (g * m + i) * n + j;
        z[at] = alpha * sum + (bias ? bias.data[j] : 0) + (residual ? residual.data[at] : 0);
      }
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
  return outputShapes.map((shape, index) => refTensor(shape, index === 0 ? y : z));
}
