/** Float64 references of softmax over the last axis. */
import { asRows, required, type ReferenceOp } from './op.ts';
import { refTensor } from './tensor.ts';

/**
 * Softmax of one row, in place of `out`. A row of −∞ alone (everything masked) gives zeros, as
 * PyTorch's scaled dot-product attention does, not NaN.
 */
export function softmaxRow(row: Float64Array, out: Float64Array): void {
  let max = -Infinity;
  for (const v of row) if (v > max || Number.isNaN(v)) max = v;
  if (max === -Infinity) {
    out.fill(0);
    return;
  }
  let sum = 0;
  for (let c = 0; c < row.length; c++) sum += out[c] = Math.exp(row[c] - max);
  for (let c = 0; c < row.length; c++) out[c] /= sum;
}

export const softmax: ReferenceOp<'Softmax'> = (inputs) => {
  const x = required(inputs, 0, 'Softmax');
  const { rows, columns } = asRows(x);
  const y = new Float64Array(x.data.length);
  for (let r = 0; r < rows; r++)
    softmaxRow(x.data.subarray(r * columns, (r + 1) * columns), y.subarray(r * columns, (r + 1) * columns));
  return [refTensor(x.shape, y)];
};

export const softmaxGrad: ReferenceOp<'SoftmaxGrad'> = (inputs) => {
  const dy = required(inputs, 0, 'SoftmaxGrad');
  const y = required(inputs, 1, 'SoftmaxGrad');
  const { rows, columns } = asRows(y);
  const dx = new Float64Array(y.data.length);
  for (let r = 0; r < rows; r++) {
    let dot = 0;
    for (let at = r * columns; at < (r + 1) * columns; at++) dot += dy.data[at] * y.data[at];
    for (let at = r * columns; at < (r + 1) * columns; at++) dx[at] = y.data[at] * (dy.data[at] - dot);
  }
  return [refTensor(y.shape, dx)];
};
