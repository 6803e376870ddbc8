/** Float64 references of the ops that only move data. */
import { broadcastIndex } from './elementwise.ts';
import { required, type ReferenceOp } from './op.ts';
import { refTensor, sizeOf } from './tensor.ts';

/** Elements before, and after, an axis. */
function around(shape: readonly number[], axis: number): { outer: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), inner: sizeOf(shape.slice(axis + 1)) };
}

export const concat: ReferenceOp<'Concat'> = (inputs, { axis }, [shape]) => {
  const { outer, inner } = around(shape, axis);
  const width = shape[axis] * inner;
  const y = new Float64Array(sizeOf(shape));
  let start = 0;
  inputs.forEach((_, index) => {
    const x = required(inputs, index, 'Concat');
    const block = x.shape[axis] * inner;
    for (let o = 0; o < outer; o++) y.set(x.data.subarray(o * block, (o + 1) * block), o * width + start);
    start += block;
  });
  return [refTensor(shape, y, required(inputs, 0, 'Concat').type)];
};

export const slice: ReferenceOp<'Slice'> = (inputs, { axis, start, end }, [shape]) => {
  const x = required(inputs, 0, 'Slice');
  const { outer, inner } = around(x.shape, axis);
  const width = x.shape[axis] * inner;
  const block = (end - start) * inner;
  const y = new Float64Array(sizeOf(shape));
  for (let o = 0; o < outer; o++)
    y.set(x.data.subarray(o * width + start * inner, o * width + end * inner), o * block);
  return [refTensor(shape, y, x.type)];
};

export const pad: ReferenceOp<'Pad'> = (inputs, { axis, before }, [shape]) => {
  const x = required(inputs, 0, 'Pad');
  const { outer, inner } = around(shape, axis);
  const width = shape[axis] * inner;
  const block = x.shape[axis] * inner;
  const y = new Float64Array(sizeOf(shape));
  for (let o = 0; o < outer; o++)
    y.set(x.data.subarray(o * block, (o + 1) * block), o * width + before * inner);
  return [refTensor(shape, y, x.type)];
};

export const reshape: ReferenceOp<'Reshape'> = (inputs, _attributes, [shape]) => {
  const x = required(inputs, 0, 'Reshape');
  return [refTensor(shape, x.data.slice(), x.type)];
};

export const transpose: ReferenceOp<'Transpose'> = (inputs, { perm }, [shape]) => {
  const x = required(inputs, 0, 'Transpose');
  const strides = x.shape.map((_, axis) => sizeOf(x.shape.slice(axis + 1)));
  const y = new Float64Array(x.data.length);
  for (let i = 0; i < y.length; i++) {
    let rest = i;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]) * strides[perm[axis]];
      rest = Math.floor(rest / shape[axis]);
    }
    y[i] = x.data[at];
  }
  return [refTensor(shape, y, x.type)];
};

export const expand: ReferenceOp<'Expand'> = (inputs, _attributes, [shape]) => {
  const x = required(inputs, 0, 'Expand');
  const index = broadcastIndex(x.shape, shape);
  const y = Float64Array.from({ length: sizeOf(shape) }, (_, i) => x.data[index(i)]);
  return [refTensor(shape, y, x.type)];
};
