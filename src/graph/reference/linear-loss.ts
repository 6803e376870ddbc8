/** Float64 reference of the cross-entropy that makes its own logits: a product, then the plain loss. */
import { crossEntropy, crossEntropyGrad } from './loss.ts';
import { matMul } from './matmul.ts';
import { asRows, filled, required, type ReferenceOp } from './op.ts';
import { refTensor, type RefTensor } from './tensor.ts';

interface Attributes {
  transB: boolean;
  alpha: number;
}

const product = (transA: boolean, transB: boolean, alpha: number) =>
  ({ transA, transB, alpha, flattenK: false }) as const;

/** hidden as [N, H], and its logits [N, V]. */
function logitsOf(
  hidden: RefTensor,
  weight: RefTensor,
  bias: RefTensor | undefined,
  { transB, alpha }: Attributes,
): { rows: RefTensor; logits: RefTensor } {
  const { rows: count, columns } = asRows(hidden);
  const rows = refTensor([count, columns], hidden.data);
  const vocabulary = weight.shape[transB ? 0 : 1];
  const shape = [count, vocabulary];
  const [logits] = matMul([rows, weight, bias], product(false, transB, alpha), [shape]);
  return { rows, logits };
}

export const linearCrossEntropy: ReferenceOp<'LinearCrossEntropy'> = (inputs, attributes, shapes) => {
  const [hidden, weight, labels, weights] = [0, 1, 2, 3].map((i) =>
    required(inputs, i, 'LinearCrossEntropy'),
  );
  const { logits } = logitsOf(hidden, weight, inputs[4], attributes);
  const { rows, columns } = asRows(logits);
  const one = refTensor([1], [1]);
  const lse = filled([rows], (r) => {
    const row = logits.data.subarray(r * columns, (r + 1) * columns);
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    return most + Math.log(row.reduce((sum, v) => sum + Math.exp(v - most), 0));
  });
  const nll = filled([rows], (r) => {
    if (weights.data[r] === 0) return 0;
    const row = refTensor([1, columns], logits.data.subarray(r * columns, (r + 1) * columns));
    const label = refTensor([1], [labels.data[r]]);
    return crossEntropy([row, label, one], {}, [[1]])[0].data[0];
  });
  return [crossEntropy([logits, labels, weights], {}, [shapes[0]])[0], nll, lse];
};

export const linearCrossEntropyGrad: ReferenceOp<'LinearCrossEntropyGrad'> = (inputs, attributes, shapes) => {
  const op = 'LinearCrossEntropyGrad';
  const [hidden, weight, labels, weights] = [0, 1, 2, 3].map((i) => required(inputs, i, op));
  const { transB, alpha } = attributes;
  const { rows, logits } = logitsOf(hidden, weight, inputs[5], attributes);
  const [dz] = crossEntropyGrad([logits, labels, weights], {}, [logits.shape]);
  const [dHidden] = matMul([dz, weight], product(false, !transB, alpha), [rows.shape]);
  const operands = transB ? [dz, rows] : [rows, dz];
  const [dWeight] = matMul(operands, product(true, false, alpha), [weight.shape]);
  const { columns } = asRows(dz);
  const dBias = filled([columns], (c) => {
    let sum = 0;
    for (let r = c; r < dz.data.length; r += columns) sum += dz.data[r];
    return sum;
  });
  return [{ ...dHidden, shape: shapes[0] ?? hidden.shape }, dWeight, dBias];
};
