/** Float64 references of root-mean-square normalisation (Zhang and Sennrich, 2019): y = x·rstd·γ over the last axis. */
import { asRows, required, type ReferenceOp } from './op.ts';
import { refTensor } from './tensor.ts';

export const rmsNorm: ReferenceOp<'RmsNorm'> = (inputs, { epsilon }) => {
  const [x, gamma] = [0, 1].map((i) => required(inputs, i, 'RmsNorm'));
  const { rows, columns } = asRows(x);
  const rstd = Float64Array.from({ length: rows }, (_, r) => {
    const row = x.data.subarray(r * columns, (r + 1) * columns);
    return 1 / Math.sqrt(row.reduce((sum, v) => sum + v * v, 0) / columns + epsilon);
  });
  const y = Float64Array.from(x.data, (v, i) => v * rstd[Math.floor(i / columns)] * gamma.data[i % columns]);
  return [refTensor(x.shape, y), refTensor([rows], rstd)];
};

export const rmsNormGrad: ReferenceOp<'RmsNormGrad'> = (inputs) => {
  const [dy, x, gamma, rstd] = [0, 1, 2, 3].map((i) => required(inputs, i, 'RmsNormGrad'));
  const { rows, columns } = asRows(x);
  const dx = new Float64Array(x.data.length);
  for (let r = 0; r < rows; r++) {
    let mean = 0; // of g·x̂, g = dy·γ
    for (let c = 0; c < columns; c++) {
      const at = r * columns + c;
      mean += (dy.data[at] * gamma.data[c] * x.data[at] * rstd.data[r]) / columns;
    }
    for (let c = 0; c < columns; c++) {
      const at = r * columns + c;
      dx[at] = rstd.data[r] * (dy.data[at] * gamma.data[c] - x.data[at] * rstd.data[r] * mean);
    }
  }
  return [refTensor(x.shape, dx)];
};

export const rmsNormParamGrad: ReferenceOp<'RmsNormParamGrad'> = (inputs) => {
  const [dy, x, rstd] = [0, 1, 2].map((i) => required(inputs, i, 'RmsNormParamGrad'));
  const { columns } = asRows(x);
  const dgamma = new Float64Array(columns);
  dy.data.forEach((g, i) => (dgamma[i % columns] += g * x.data[i] * rstd.data[Math.floor(i / columns)]));
  return [refTensor([columns], dgamma)];
};
