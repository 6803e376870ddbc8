/** Float64 reference of MatMul, written as its definition reads (src/graph/program.ts). */
import type { Activation, OpAttributes } from '../program.ts';
import { activate, activationGradient } from './activations.ts';
import { refTensor, sizeOf, type RefTensor } from './tensor.ts';

/** The sizes of a matmul: `batch` products of [m, k] and [k, n]; b shared by all when `sharedB`. */
export interface MatMulSizes {
  batch: number;
  m: number;
  n: number;
  k: number;
  sharedB: boolean;
}

/** Reads the sizes off the operands' shapes. Throws `internal:` when they do not fit each other. */
export function matMulSizes(
  aShape: readonly number[],
  bShape: readonly number[],
  attributes: { transA: boolean; transB: boolean; flattenK: boolean },
): MatMulSizes {
  const { transA, transB, flattenK } = attributes;
  const fail = (): never => {
    throw new Error(
      `internal: MatMul of [${aShape.join(', ')}] and [${bShape.join(', ')}] (transA ${transA}, transB ${transB}, flattenK ${flattenK})`,
    );
  };
  const rows = aShape[aShape.length - 2] ?? 1;
  const columns = aShape[aShape.length - 1];
  const leading = sizeOf(aShape.slice(0, -2));
  const [k2, n] = transB
    ? [bShape[bShape.length - 1], bShape[bShape.length - 2]]
    : [bShape[bShape.length - 2], bShape[bShape.length - 1]];
  const bLeading = sizeOf(bShape.slice(0, -2));
  if (flattenK) {
    if (!transA || transB) fail();
    const k = leading * rows;
    if (k !== bLeading * k2) fail();
    return { batch: 1, m: columns, n, k, sharedB: true };
  }
  const [m, k] = transA ? [columns, rows] : [rows, columns];
  if (k !== k2) fail();
  if (bShape.length === 2) {
    return transA
      ? { batch: leading, m, n, k, sharedB: true }
      : { batch: 1, m: leading * m, n, k, sharedB: true };
  }
  if (bLeading !== leading) fail();
  return { batch: leading, m, n, k, sharedB: false };
}

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
  let y = z;
  if (activation) y = apply((kind, x) => activate(kind, x), activation);
  else if (gradient) {
    if (!gate) throw new Error('internal: MatMul with a gradient needs a gate');
    y = apply((kind, x, at) => x * activationGradient(kind, gate.data[at]), gradient);
  }
  return outputShapes.map((shape, index) => refTensor(shape, index === 0 ? y : z));
}
