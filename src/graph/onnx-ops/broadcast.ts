/** Numpy broadcasting over row-major tensors. */
import { InvalidNode } from './invalid.ts';
import { listed, say } from '../../sentence.ts';
import type { ElementType } from '../source.ts';
import type { RefTensor } from '../reference/tensor.ts';
import { refTensor, sizeOf } from '../reference/tensor.ts';

/** The shape two shapes broadcast to, or null where they do not. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const da = a[i - (rank - a.length)] ?? 1;
    const db = b[i - (rank - b.length)] ?? 1;
    if (da !== db && da !== 1 && db !== 1) return null;
    shape[i] = da === 1 ? db : da;
  }
  return shape;
}

/** As `broadcastShapes`, for callers to whom a mismatch is an error. */
export function broadcastAll(...shapes: readonly (readonly number[])[]): number[] {
  return shapes.reduce<number[]>((out, shape) => {
    const next = broadcastShapes(out, shape);
    if (!next)
      throw new InvalidNode(say`shapes ${listed(shapes.map((s) => `[${s.join(', ')}]`))} do not broadcast`);
    return next;
  }, []);
}

/** Elements between neighbours along each axis of a contiguous tensor. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** Strides with which a tensor of shape `from` is read as one of shape `to`: 0 along broadcast axes. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = stridesOf(from);
  const lead = to.length - from.length;
  return to.map((_, i) => (i < lead || from[i - lead] === 1 ? 0 : strides[i - lead]));
}

/** Offsets into a strided tensor, for every element of `shape` in row-major order. */
export function stridedOffsets(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  const total = sizeOf(shape);
  const offsets = new Int32Array(total);
  const index = new Array<number>(shape.length).fill(0);
  let offset = start;
  for (let n = 0; n < total; n++) {
    offsets[n] = offset;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      offset += strides[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return offsets;
}

/** Element-wise function of two tensors with broadcasting. */
export function mapPairs(
  a: RefTensor,
  b: RefTensor,
  type: ElementType,
  f: (x: number, y: number) => number,
): RefTensor {
  const shape = broadcastAll(a.shape, b.shape);
  const total = sizeOf(shape);
  const data = new Float64Array(total);
  if (a.data.length === total && b.data.length === total)
    for (let i = 0; i < total; i++) data[i] = f(a.data[i], b.data[i]);
  else if (a.data.length === total && b.data.length === 1)
    for (let i = 0, y = b.data[0]; i < total; i++) data[i] = f(a.data[i], y);
  else if (b.data.length === total && a.data.length === 1)
    for (let i = 0, x = a.data[0]; i < total; i++) data[i] = f(x, b.data[i]);
  else {
    const offsetsA = stridedOffsets(shape, broadcastStrides(a.shape, shape));
    const offsetsB = stridedOffsets(shape, broadcastStrides(b.shape, shape));
    for (let i = 0; i < total; i++) data[i] = f(a.data[offsetsA[i]], b.data[offsetsB[i]]);
  }
  return { shape, type, data };
}

/** Element-wise function of one tensor. */
export function mapOne(x: RefTensor, type: ElementType, f: (x: number) => number): RefTensor {
  const data = new Float64Array(x.data.length);
  for (let i = 0; i < data.length; i++) data[i] = f(x.data[i]);
  return { shape: x.shape, type, data };
}

/** The tensor repeated along its broadcast axes, so that it has `shape` in memory. */
export function expandTo(x: RefTensor, shape: readonly number[]): RefTensor {
  if (sizeOf(shape) === x.data.length) return { ...x, shape: [...shape] };
  const offsets = stridedOffsets(shape, broadcastStrides(x.shape, shape));
  const data = new Float64Array(offsets.length);
  for (let i = 0; i < data.length; i++) data[i] = x.data[offsets[i]];
  return refTensor(shape, data, x.type);
}
