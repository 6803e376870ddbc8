/** Matrix products, normalisation and dropout (which interpretation, being evaluation, leaves alone). */
import { InvalidNode } from './invalid.ts';
import { say } from '../../sentence.ts';
import { refTensor, sizeOf } from '../reference/tensor.ts';
import type { RefTensor } from '../reference/tensor.ts';
import { broadcastAll, broadcastStrides, expandTo, mapPairs, stridedOffsets } from './broadcast.ts';
import { numberAttribute, positiveAxis, required } from './call.ts';
import type { OnnxOp } from './call.ts';

/** out[m, n] += Σ a[m, k]·b[k, n] at the given places. */
function multiply(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  at: { a: number; b: number; out: number },
  [m, k, n]: readonly [number, number, number],
): void {
  for (let row = 0; row < m; row++)
    for (let i = 0; i < k; i++) {
      const x = a[at.a + row * k + i];
      const from = at.b + i * n;
      const to = at.out + row * n;
      for (let column = 0; column < n; column++) out[to + column] += x * b[from + column];
    }
}

const matMul: OnnxOp = (inputs) => {
  const left = required(inputs, 0);
  const right = required(inputs, 1);
  const a = left.shape.length === 1 ? { ...left, shape: [1, ...left.shape] } : left;
  const b = right.shape.length === 1 ? { ...right, shape: [...right.shape, 1] } : right;
  const [m, k] = a.shape.slice(-2);
  const [inner, n] = b.shape.slice(-2);
  if (inner === undefined || inner !== k)
    throw new InvalidNode(say`[${left.shape.join(', ')}] times [${right.shape.join(', ')}] has no meaning`);
  const batch = broadcastAll(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const offsetsA = stridedOffsets(batch, broadcastStrides(a.shape.slice(0, -2), batch));
  const offsetsB = stridedOffsets(batch, broadcastStrides(b.shape.slice(0, -2), batch));
  const data = new Float64Array(sizeOf(batch) * m * n);
  offsetsA.forEach((offset, i) =>
    multiply(a.data, b.data, data, { a: offset * m * k, b: offsetsB[i] * k * n, out: i * m * n }, [m, k, n]),
  );
  const rows = left.shape.length === 1 ? [] : [m];
  const columns = right.shape.length === 1 ? [] : [n];
  return [refTensor([...batch, ...rows, ...columns], data, left.type)];
};

function transposed(x: RefTensor): RefTensor {
  const [rows, columns] = x.shape;
  const data = new Float64Array(x.data.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) data[c * rows + r] = x.data[r * columns + c];
  return refTensor([columns, rows], data, x.type);
}

const gemm: OnnxOp = (inputs, call) => {
  const a = required(inputs, 0);
  const b = required(inputs, 1);
  for (const { shape } of [a, b])
    if (shape.length !== 2) throw new InvalidNode(say`[${shape.join(', ')}] is not the shape of a matrix`);
  const left = numberAttribute(call, 'transA', 0) === 1 ? transposed(a) : a;
  const right = numberAttribute(call, 'transB', 0) === 1 ? transposed(b) : b;
  const alpha = numberAttribute(call, 'alpha', 1);
  const beta = numberAttribute(call, 'beta', 1);
  const [product] = matMul([left, right], call);
  const scaled = { ...product, data: product.data.map((x) => alpha * x) };
  const c = inputs[2];
  return [c ? mapPairs(scaled, c, a.type, (x, y) => x + beta * y) : scaled];
};

/** Outputs y, mean and 1/√(var + ε) over the axes from `axis` on. */
const layerNormalization: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const axis = positiveAxis(numberAttribute(call, 'axis', -1), x.shape.length);
  const epsilon = numberAttribute(call, 'epsilon', 1e-5);
  const inner = x.shape.slice(axis);
  const width = sizeOf(inner);
  const gamma = expandTo(required(inputs, 1), inner).data;
  const beta = inputs[2] && expandTo(inputs[2], inner).data;
  const rows = sizeOf(x.shape.slice(0, axis));
  const y = new Float64Array(x.data.length);
  const means = new Float64Array(rows);
  const deviations = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const values = x.data.subarray(row * width, (row + 1) * width);
    const mean = values.reduce((sum, v) => sum + v, 0) / width;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / width;
    const scale = 1 / Math.sqrt(variance + epsilon);
    means[row] = mean;
    deviations[row] = scale;
    for (let i = 0; i < width; i++)
      y[row * width + i] = (values[i] - mean) * scale * gamma[i] + (beta ? beta[i] : 0);
  }
  const statistics = x.shape.map((n, i) => (i < axis ? n : 1));
  return [
    refTensor(x.shape, y, x.type),
    refTensor(statistics, means, x.type),
    refTensor(statistics, deviations, x.type),
  ];
};

const dropout: OnnxOp = (inputs) => {
  const x = required(inputs, 0);
  return [x, refTensor(x.shape, new Float64Array(x.data.length).fill(1), 'bool')];
};

export const LINEAR_OPS: Readonly<Record<string, OnnxOp>> = {
  MatMul: matMul,
  Gemm: gemm,
  LayerNormalization: layerNormalization,
  Dropout: dropout,
};
