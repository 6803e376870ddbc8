/** Float64 references of matrices of few entries. */
import { required, type ReferenceOp } from './op.ts';
import { refTensor, sizeOf } from './tensor.ts';

export const scatter: ReferenceOp<'Scatter'> = (inputs, _attributes, [shape]) => {
  const values = required(inputs, 0, 'Scatter');
  const ids = required(inputs, 1, 'Scatter');
  const y = new Float64Array(sizeOf(shape));
  ids.data.forEach((at, e) => (y[at] = values.data[e]));
  return [refTensor(shape, y)];
};

export const sparseMatMul: ReferenceOp<'SparseMatMul'> = (inputs, { ordered }, [shape]) => {
  const x = required(inputs, 0, 'SparseMatMul');
  const values = required(inputs, 1, 'SparseMatMul');
  const { data: index } = required(inputs, 2, 'SparseMatMul');
  const [inner, columns, entries] = [x.shape.at(-1)!, shape.at(-1)!, values.data.length];
  const y = new Float64Array(sizeOf(shape));
  for (let t = 0; t < y.length / columns; t++)
    for (let j = 0; j < columns; j++)
      for (let e = index[j]; e < index[j + 1]; e++) {
        const at = ordered ? e : index[columns + 1 + entries + e];
        y[t * columns + j] += x.data[t * inner + index[columns + 1 + e]] * values.data[at];
      }
  return [refTensor(shape, y)];
};

export const sparseMatMulGrad: ReferenceOp<'SparseMatMulGrad'> = (inputs, _attributes, [shape]) => {
  const x = required(inputs, 0, 'SparseMatMulGrad');
  const dy = required(inputs, 1, 'SparseMatMulGrad');
  const { data: index } = required(inputs, 2, 'SparseMatMulGrad');
  const [inner, columns] = [x.shape.at(-1)!, dy.shape.at(-1)!];
  const dv = new Float64Array(sizeOf(shape));
  for (let j = 0; j < columns; j++)
    for (let e = index[j]; e < index[j + 1]; e++)
      for (let t = 0; t < dy.data.length / columns; t++)
        dv[e] += x.data[t * inner + index[columns + 1 + e]] * dy.data[t * columns + j];
  return [refTensor(shape, dv)];
};
