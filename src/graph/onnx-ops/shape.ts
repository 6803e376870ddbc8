/** Operators that move elements or make shapes, without arithmetic on the elements. */
import { InvalidNode } from './invalid.ts';
import { say } from '../../sentence.ts';
import { refTensor, sizeOf } from '../reference/tensor.ts';
import type { RefTensor } from '../reference/tensor.ts';
import { broadcastAll, expandTo, stridedOffsets, stridesOf } from './broadcast.ts';
import {
  axesOf,
  initializerTensor,
  numberAttribute,
  numberOfInput,
  numbersAttribute,
  presentAxis,
  required,
  stringAttribute,
  tensorAttribute,
} from './call.ts';
import type { OnnxOp } from './call.ts';
import {
  paddedShape,
  permutation,
  joinedShape,
  rangeCount,
  repeatsOf,
  reshapeTo,
  sidesOf,
  sliceRanges,
  squeezeShape,
  splitSizes,
  unsqueezeShape,
} from './shape-rules.ts';

const ints = (values: readonly number[]): RefTensor => refTensor([values.length], values, 'int64');

const shape: OnnxOp = (inputs, call) => {
  const dims = required(inputs, 0).shape;
  const end = numberAttribute(call, 'end', dims.length);
  return [ints(dims.slice(numberAttribute(call, 'start', 0), end))];
};

const size: OnnxOp = (inputs) => [refTensor([], [required(inputs, 0).data.length], 'int64')];

const constantOfShape: OnnxOp = (inputs, call) => {
  const dims = sidesOf(required(inputs, 0).data);
  const value = tensorAttribute(call, 'value');
  const fill = value ? initializerTensor(value) : refTensor([1], [0]);
  return [refTensor(dims, new Float64Array(sizeOf(dims)).fill(fill.data[0]), fill.type)];
};

const constant: OnnxOp = (_inputs, call) => {
  const tensor = tensorAttribute(call, 'value');
  if (tensor) return [initializerTensor(tensor)];
  const { value_float: float, value_int: int } = call.attributes;
  if (typeof float === 'number') return [refTensor([], [float])];
  if (typeof int === 'number') return [refTensor([], [int], 'int64')];
  const floats = numbersAttribute(call, 'value_floats');
  if (floats) return [refTensor([floats.length], floats)];
  const list = numbersAttribute(call, 'value_ints');
  if (list) return [ints(list)];
  throw new InvalidNode(say`its value is not a tensor or a number`);
};

const reshape: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const target = Array.from(required(inputs, 1).data);
  return [{ ...x, shape: reshapeTo(x.shape, target, numberAttribute(call, 'allowzero', 0) === 1) }];
};

const flatten: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const raw = numberAttribute(call, 'axis', 1);
  const axis = raw < 0 ? raw + x.shape.length : raw;
  return [{ ...x, shape: [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))] }];
};

const unsqueeze: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  return [{ ...x, shape: unsqueezeShape(x.shape, axesOf(inputs, call, 1) ?? []) }];
};

const squeeze: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  return [{ ...x, shape: squeezeShape(x.shape, axesOf(inputs, call, 1)) }];
};

const transpose: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const perm = permutation(x.shape.length, numbersAttribute(call, 'perm'));
  const strides = stridesOf(x.shape);
  const dims = perm.map((axis) => x.shape[axis]);
  return [
    pick(
      x,
      dims,
      stridedOffsets(
        dims,
        perm.map((axis) => strides[axis]),
      ),
    ),
  ];
};

function pick(x: RefTensor, dims: readonly number[], offsets: Int32Array): RefTensor {
  const data = new Float64Array(offsets.length);
  for (let i = 0; i < data.length; i++) data[i] = x.data[offsets[i]];
  return refTensor(dims, data, x.type);
}

const expand: OnnxOp = (inputs) => {
  const x = required(inputs, 0);
  return [expandTo(x, broadcastAll(x.shape, Array.from(required(inputs, 1).data)))];
};

const tile: OnnxOp = (inputs) => {
  const x = required(inputs, 0);
  const repeats = repeatsOf(x.shape, sidesOf(required(inputs, 1).data));
  // A repeated axis is a broadcast one split in two: [n] → [r, n] → [r·n].
  const split = x.shape.flatMap((n) => [1, n]);
  const full = x.shape.flatMap((n, i) => [repeats[i], n]);
  const repeated = expandTo({ ...x, shape: split }, full);
  return [{ ...repeated, shape: x.shape.map((n, i) => n * repeats[i]) }];
};

const concat: OnnxOp = (inputs, call) => {
  const first = required(inputs, 0);
  const tensors = inputs.map((_, i) => required(inputs, i));
  const axis = presentAxis(numberAttribute(call, 'axis', 0), first.shape.length);
  const dims = joinedShape(
    tensors.map(({ shape }) => shape),
    axis,
  );
  const rows = sizeOf(dims.slice(0, axis));
  const data = new Float64Array(sizeOf(dims));
  let at = 0;
  for (let row = 0; row < rows; row++)
    for (const t of tensors) {
      const width = t.data.length / rows;
      data.set(t.data.subarray(row * width, (row + 1) * width), at);
      at += width;
    }
  return [refTensor(dims, data, first.type)];
};

const slice: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const ranges = sliceRanges(
    x.shape,
    inputs[1] ? Array.from(inputs[1].data) : (numbersAttribute(call, 'starts') ?? []),
    inputs[2] ? Array.from(inputs[2].data) : (numbersAttribute(call, 'ends') ?? []),
    inputs[3] ? Array.from(inputs[3].data) : numbersAttribute(call, 'axes'),
    inputs[4] && Array.from(inputs[4].data),
  );
  const strides = stridesOf(x.shape);
  const start = ranges.reduce((sum, range, axis) => sum + range.start * strides[axis], 0);
  const dims = ranges.map((range) => range.count);
  return [
    pick(
      x,
      dims,
      stridedOffsets(
        dims,
        ranges.map((range, axis) => range.step * strides[axis]),
        start,
      ),
    ),
  ];
};

const split: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const axis = presentAxis(numberAttribute(call, 'axis', 0), x.shape.length);
  const given = inputs[1] ? Array.from(inputs[1].data) : numbersAttribute(call, 'split');
  const strides = stridesOf(x.shape);
  let start = 0;
  return splitSizes(x.shape[axis], given, call.outputs).map((count) => {
    const dims = x.shape.map((n, i) => (i === axis ? count : n));
    const part = pick(x, dims, stridedOffsets(dims, strides, start * strides[axis]));
    start += count;
    return part;
  });
};

/** Constant padding only, which is what masks and ids need. */
const pad: OnnxOp = (inputs, call) => {
  const mode = stringAttribute(call, 'mode', 'constant');
  if (mode !== 'constant') throw new InvalidNode(say`padding mode ${mode} is not one we have`);
  const x = required(inputs, 0);
  const pads = inputs[1] ? Array.from(inputs[1].data) : [...(numbersAttribute(call, 'pads') ?? [])];
  const { dims, before } = paddedShape(x.shape, pads, inputs[3] && Array.from(inputs[3].data));
  const data = new Float64Array(sizeOf(dims)).fill(inputs[2]?.data[0] ?? numberAttribute(call, 'value', 0));
  const strides = stridesOf(dims);
  const start = before.reduce((sum, n, i) => sum + n * strides[i], 0);
  const offsets = stridedOffsets(x.shape, strides, start);
  for (let i = 0; i < offsets.length; i++) data[offsets[i]] = x.data[i];
  return [refTensor(dims, data, x.type)];
};

const range: OnnxOp = (inputs) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => numberOfInput(inputs, i));
  const count = rangeCount(start, limit, delta);
  const data = new Float64Array(count);
  for (let i = 0; i < count; i++) data[i] = start + i * delta;
  return [refTensor([count], data, required(inputs, 0).type)];
};

/** Keeps one side of the diagonal of every matrix in the last two axes. */
const trilu: OnnxOp = (inputs, call) => {
  const x = required(inputs, 0);
  const k = inputs[1]?.data[0] ?? 0;
  const upper = numberAttribute(call, 'upper', 1) === 1;
  const columns = x.shape[x.shape.length - 1];
  const rows = x.shape[x.shape.length - 2];
  const data = x.data.map((value, i) => {
    const distance = (i % columns) - (Math.floor(i / columns) % rows);
    return (upper ? distance >= k : distance <= k) ? value : 0;
  });
  return [{ ...x, data }];
};

export const SHAPE_OPS: Readonly<Record<string, OnnxOp>> = {
  Shape: shape,
  Size: size,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Reshape: reshape,
  Flatten: flatten,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Slice: slice,
  Split: split,
  Pad: pad,
  Range: range,
  Trilu: trilu,
};
