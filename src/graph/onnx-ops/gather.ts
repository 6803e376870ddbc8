/** Operators that read by index. Negative indices count from the end. */
import { InvalidNode } from './invalid.ts';
import { say } from '../../sentence.ts';
import { refTensor, sizeOf, type RefTensor } from '../reference/tensor.ts';
import { stridesOf } from './broadcast.ts';
import { numberAttribute, presentAxis, required } from './call.ts';
import type { OnnxOp } from './call.ts';

function position(index: number, size: number): number {
  const at = index < 0 ? index + size : index;
  if (!(at >= 0 && at < size)) throw new InvalidNode(say`index ${index} is outside an axis of ${size}`);
  return at;
}

const gather: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const ids = required(inputs, 1);
  const axis = presentAxis(numberAttribute(call, 'axis', 0), x.shape.length);
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
  const axis = presentAxis(numberAttribute(call, 'axis', 0), x.shape.length);
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

/** How many axes of x the rows of the last axis of the indices name. */
function namedAxes(x: RefTensor, ids: RefTensor): number {
  const depth = ids.shape.at(-1) ?? 0;
  if (depth < 1 || depth > x.shape.length)
    throw new InvalidNode(
      say`indices of shape [${ids.shape.join(', ')}] do not name places of shape [${x.shape.join(', ')}]`,
    );
  return depth;
}

/** Each row of the last axis of the indices is the place of an element or of a slice. */
const gatherND: OnnxOp = (inputs, call) => {
  if (numberAttribute(call, 'batch_dims', 0) !== 0)
    throw new InvalidNode(say`batch_dims other than 0 are not known`);
  const x = required(inputs, 0);
  const ids = required(inputs, 1);
  const depth = namedAxes(x, ids);
  const strides = stridesOf(x.shape);
  const inner = x.shape.slice(depth);
  const width = sizeOf(inner);
  const count = sizeOf(ids.shape.slice(0, -1));
  const data = new Float64Array(count * width);
  for (let n = 0; n < count; n++) {
    let from = 0;
    for (let i = 0; i < depth; i++) from += position(ids.data[n * depth + i], x.shape[i]) * strides[i];
    data.set(x.data.subarray(from, from + width), n * width);
  }
  return [refTensor([...ids.shape.slice(0, -1), ...inner], data, x.type)];
};

/** A copy in which the places the indices name, as in GatherND, hold the updates. */
const scatterND: OnnxOp = (inputs, call) => {
  if ((call.attributes['reduction'] ?? 'none') !== 'none')
    throw new InvalidNode(say`a reduction of updates is not known`);
  const [x, ids, updates] = [0, 1, 2].map((i) => required(inputs, i));
  const depth = namedAxes(x, ids);
  const strides = stridesOf(x.shape);
  const width = sizeOf(x.shape.slice(depth));
  const data = Float64Array.from(x.data);
  for (let n = 0; n < sizeOf(ids.shape.slice(0, -1)); n++) {
    let to = 0;
    for (let i = 0; i < depth; i++) to += position(ids.data[n * depth + i], x.shape[i]) * strides[i];
    data.set(updates.data.subarray(n * width, (n + 1) * width), to);
  }
  return [refTensor(x.shape, data, x.type)];
};

export const GATHER_OPS: Readonly<Record<string, OnnxOp>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterND: scatterND,
};
