/** Float64 reference of sums and means over axes. */
import { broadcastIndex } from './elementwise.ts';
import { required, type ReferenceOp } from './op.ts';
import { refTensor, sizeOf } from './tensor.ts';

export const reduce: ReferenceOp<'Reduce'> = (inputs, { kind, axes }, [shape]) => {
  const x = required(inputs, 0, 'Reduce');
  const kept = x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d));
  const index = broadcastIndex(kept, x.shape);
  const y = new Float64Array(sizeOf(kept));
  x.data.forEach((v, i) => (y[index(i)] += v));
  if (kind === 'mean') {
    const count = x.data.length / y.length;
    for (let i = 0; i < y.length; i++) y[i] /= count;
  }
  return [refTensor(shape, y)];
};
