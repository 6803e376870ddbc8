/** Float64 references of the losses. Weights come divided by their total; padding weighs 0. */
import { asRows, filled, required, type ReferenceOp } from './op.ts';
import { softmaxRow } from './softmax.ts';
import { refTensor } from './tensor.ts';

export const crossEntropy: ReferenceOp<'CrossEntropy'> = (inputs, _attributes, [shape]) => {
  const logits = required(inputs, 0, 'CrossEntropy');
  const labels = required(inputs, 1, 'CrossEntropy');
  const weights = required(inputs, 2, 'CrossEntropy');
  const { rows, columns } = asRows(logits);
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    if (weights.data[r] === 0) continue;
    const row = logits.data.subarray(r * columns, (r + 1) * columns);
    const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = row.reduce((total, v) => total + Math.exp(v - max), 0);
    loss += weights.data[r] * (max + Math.log(sum) - row[labels.data[r]]);
  }
  return [refTensor(shape, [loss])];
};

export const crossEntropyGrad: ReferenceOp<'CrossEntropyGrad'> = (inputs) => {
  const logits = required(inputs, 0, 'CrossEntropyGrad');
  const labels = required(inputs, 1, 'CrossEntropyGrad');
  const weights = required(inputs, 2, 'CrossEntropyGrad');
  const { rows, columns } = asRows(logits);
  const dz = new Float64Array(logits.data.length);
  for (let r = 0; r < rows; r++) {
    if (weights.data[r] === 0) continue;
    const out = dz.subarray(r * columns, (r + 1) * columns);
    softmaxRow(logits.data.subarray(r * columns, (r + 1) * columns), out);
    out[labels.data[r]] -= 1;
    for (let c = 0; c < columns; c++) out[c] *= weights.data[r];
  }
  return [refTensor(logits.shape, dz)];
};

export const meanSquared: ReferenceOp<'MeanSquared'> = (inputs, _attributes, [shape]) => {
  const [p, t, w] = [0, 1, 2].map((i) => required(inputs, i, 'MeanSquared').data);
  let loss = 0;
  for (let i = 0; i < p.length; i++) loss += w[i] * (p[i] - t[i]) ** 2;
  return [refTensor(shape, [loss])];
};

export const meanSquaredGrad: ReferenceOp<'MeanSquaredGrad'> = (inputs) => {
  const predictions = required(inputs, 0, 'MeanSquaredGrad');
  const [t, w] = [1, 2].map((i) => required(inputs, i, 'MeanSquaredGrad').data);
  return [filled(predictions.shape, (i) => 2 * w[i] * (predictions.data[i] - t[i]))];
};
