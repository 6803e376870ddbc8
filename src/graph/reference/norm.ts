/** Float64 references of layer normalisation (Ba et al., 2016): y = (x − mean)·rstd·γ + β over the last axis. */
import { asRows, required, type ReferenceOp } from './op.ts';
import { refTensor } from './tensor.ts';

export const layerNorm: ReferenceOp<'LayerNorm'> = (inputs, { epsilon }) => {
  const x = required(inputs, 0, 'LayerNorm');
  const gamma = required(inputs, 1, 'LayerNorm');
  const beta = required(inputs, 2, 'LayerNorm');
  const { rows, columns } = asRows(x);
  const y = new Float64Array(x.data.length);
  const mean = new Float64Array(rows);
  const rstd = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    const row = x.data.subarray(r * columns, (r + 1) * columns);
    mean[r] = row.reduce((sum, v) => sum + v, 0) / columns;
    const variance = row.reduce((sum, v) => sum + (v - mean[r]) ** 2, 0) / columns;
    rstd[r] = 1 / Math.sqrt(variance + epsilon);
    for (let c = 0; c < columns; c++)
      y[r * columns + c] = (row[c] - mean[r]) * rstd[r] * gamma.data[c] + beta.data[c];
  }
  return [refTensor(x.shape, y), refTensor([rows], mean), refTensor([rows], rstd)];
};

export const layerNormGrad: ReferenceOp<'LayerNormGrad'> = (inputs) => {
  const [dy, x, gamma, mean, rstd] = [0, 1, 2, 3, 4].map((i) => required(inputs, i, 'LayerNormGrad'));
  const { rows, columns } = asRows(x);
  const dx = new Float64Array(x.data.length);
  for (let r = 0; r < rows; r++) {
    let meanG = 0; // of g = dy·γ
    let meanGX = 0; // of g·x̂
    const normalised = (c: number): number => (x.data[r * columns + c] - mean.data[r]) * rstd.data[r];
    for (let c = 0; c < columns; c++) {
      const g = dy.data[r * columns + c] * gamma.data[c];
      meanG += g / columns;
      meanGX += (g * normalised(c)) / columns;
    }
    for (let c = 0; c < columns; c++) {
      const g = dy.data[r * columns + c] * gamma.data[c];
      dx[r * columns + c] = rstd.data[r] * (g - meanG - normalised(c) * meanGX);
    }
  }
  return [refTensor(x.shape, dx)];
};

export const layerNormParamGrad: ReferenceOp<'LayerNormParamGrad'> = (inputs) => {
  const [dy, x, mean, rstd] = [0, 1, 2, 3].map((i) => required(inputs, i, 'LayerNormParamGrad'));
  const { rows, columns } = asRows(x);
  const dgamma = new Float64Array(columns);
  const dbeta = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = r * columns + c;
      dgamma[c] += dy.data[at] * (x.data[at] - mean.data[r]) * rstd.data[r];
      dbeta[c] += dy.data[at];
    }
  }
  return [refTensor([columns], dgamma), refTensor([columns], dbeta)];
};
