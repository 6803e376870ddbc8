/** Operators that read by index. Negative indices count from the end. */
import { refTensor, sizeOf } from '../reference/tensor.ts';
import { stridesOf } from './broadcast.ts';
import { numberAttribute, positiveAxis, required } from './call.ts';
import type { OnnxOp } from './call.ts';

function position(index: number, size: number): number {
  const at = index < 0 ? index + size : index;
  if (!(at >= 0 && at < size)) throw new Error(`index ${index} is outside an axis of ${size}`);
  return at;
}

const gather: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const ids = required(inputs, 1);
  const axis = positiveAxis(numberAttribute(call, 'axis', 0), x.shape.length);
  const outer = sizeOf(x.shape.slice(0, axis));
  const size = x.shape[axis];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const data = new Float64Array(outer * ids.data.length * inner);
  let at = 0;
  for (let o = 0; o < outer; o++)
    for (const id of ids.data) {
      const from = (o * size + position(id, size)) * inner;
      data.set(x.data.subarray(from, from + inner), at);
      at += inner;
    }
  return [refTensor([...x.shape.slice(0, axis), ...ids.shape, ...x.shape.slice(axis + 1)], data, x.type)];
};

/** out[i][j] = x[i][ids[i][j]] for axis 1, and likewise for other axes. */
const gatherElements: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const ids = required(inputs, 1);
  const axis = positiveAxis(numberAttribute(call, 'axis', 0), x.shape.length);
  const strides = stridesOf(x.shape);
  const idStrides = stridesOf(ids.shape);
  const data = ids.data.map((id, n) => {
    let offset = 0;
    for (let i = 0; i < x.shape.length; i++) {
      const index = Math.floor(n / idStrides[i]) % ids.shape[i];
      offset += (i === axis ? position(id, x.shape[axis]) : index) * strides[i];
    }
    return x.data[offset];
  });
  return [refTensor(ids.shape, data, x.type)];
};

export const GATHER_OPS: Readonly<Record<string, OnnxOp>> = {
  Gather: gather,
  GatherElements: gatherElements,
};
