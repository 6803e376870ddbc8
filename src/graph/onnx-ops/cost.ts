/** What an operator is going to make and to do, told from shapes before anything is allocated for it. */
import { say } from '../../sentence.ts';
import type { RefTensor } from '../reference/tensor.ts';
import { broadcastAll } from './broadcast.ts';
import { numberAttribute, numberOfInput, numbersAttribute, presentAxis, required } from './call.ts';
import type { OnnxCall } from './call.ts';
import { ELEMENTWISE_OPS } from './elementwise.ts';
import { InvalidNode } from './invalid.ts';
import { joinedShape, paddedShape, permutation, rangeCount, repeatsOf } from './shape-rules.ts';

export interface Cost {
  /** Numbers of the largest tensor it reads or makes; an empty axis counts as one, for loops run over the others. */
  elements: number;
  /** Steps in the time of one element of an elementwise operator. */
  work: number;
}

type Inputs = readonly (RefTensor | undefined)[];

/** Axes of a tensor. Exporters need six or seven. */
const MOST_AXES = 64;

/** Multiplications of a matrix product in the time of one element of an elementwise operator. */
const PRODUCTS = 8;

/**
 * Numbers that loops over a shape visit: its size, an empty axis taken as one.
 * @throws InvalidNode for what is no shape
 */
export function extentOf(shape: readonly number[]): number {
  if (shape.length > MOST_AXES)
    throw new InvalidNode(
      say`its result would have ${shape.length} axes, and at most ${MOST_AXES} are known`,
    );
  let extent = 1;
  for (const n of shape) {
    if (!Number.isInteger(n) || n < 0)
      throw new InvalidNode(say`its result would have the shape [${shape.join(', ')}]`);
    extent *= Math.max(1, n);
  }
  return extent;
}

const values = (inputs: Inputs, index: number): number[] => Array.from(required(inputs, index).data);

/** The shape of a matrix product and how many products are summed for each element. */
function product(a: readonly number[], b: readonly number[]): { shape: number[]; inner: number } {
  const [left, right] = [a.length === 1 ? [1, ...a] : a, b.length === 1 ? [...b, 1] : b];
  const batch = broadcastAll(left.slice(0, -2), right.slice(0, -2));
  return { shape: [...batch, left.at(-2) ?? 1, right.at(-1) ?? 1], inner: left.at(-1) ?? 1 };
}

/** What operators make whose results may be larger than all they read. */
const RESULTS: Readonly<Record<string, (inputs: Inputs, call: OnnxCall) => readonly number[]>> = {
  ConstantOfShape: (inputs) => values(inputs, 0),
  Expand: (inputs) => broadcastAll(required(inputs, 0).shape, values(inputs, 1)),
  Tile: (inputs) => {
    const { shape } = required(inputs, 0);
    const repeats = repeatsOf(shape, values(inputs, 1));
    return shape.map((n, i) => n * repeats[i]);
  },
  Range: (inputs) => {
    const [start, limit, delta] = [0, 1, 2].map((i) => numberOfInput(inputs, i));
    return [rangeCount(start, limit, delta)];
  },
  Pad: (inputs, call) => {
    const pads = inputs[1] ? values(inputs, 1) : [...(numbersAttribute(call, 'pads') ?? [])];
    return paddedShape(required(inputs, 0).shape, pads, inputs[3] && values(inputs, 3)).dims;
  },
  Concat: (inputs, call) => {
    const axis = presentAxis(numberAttribute(call, 'axis', 0), required(inputs, 0).shape.length);
    return joinedShape(
      inputs.map((_, i) => required(inputs, i).shape),
      axis,
    );
  },
  Gather: (inputs, call) => {
    const { shape } = required(inputs, 0);
    const axis = presentAxis(numberAttribute(call, 'axis', 0), shape.length);
    return [...shape.slice(0, axis), ...required(inputs, 1).shape, ...shape.slice(axis + 1)];
  },
  GatherND: (inputs) => {
    const ids = required(inputs, 1).shape;
    return [...ids.slice(0, -1), ...required(inputs, 0).shape.slice(ids.at(-1) ?? 0)];
  },
  Transpose: (inputs, call) => {
    const { shape } = required(inputs, 0);
    return permutation(shape.length, numbersAttribute(call, 'perm')).map((axis) => shape[axis]);
  },
};

/** @throws InvalidNode where the inputs cannot be those of the operator */
export function costOf(inputs: Inputs, call: OnnxCall): Cost {
  const read = inputs.reduce((most, input) => Math.max(most, input ? extentOf(input.shape) : 1), 1);
  if (call.op === 'MatMul' || call.op === 'Gemm') {
    const flipped = ['transA', 'transB'].map((name) => numberAttribute(call, name, 0) === 1);
    const [a, b] = flipped.map((flip, i) => {
      const { shape } = required(inputs, i);
      return flip ? shape.toReversed() : shape;
    });
    const { shape, inner } = product(a, b);
    const made = extentOf(inputs[2] ? broadcastAll(shape, inputs[2].shape) : shape);
    return { elements: Math.max(read, made), work: Math.max(read, made * Math.max(1, inner / PRODUCTS)) };
  }
  const shape =
    call.op in ELEMENTWISE_OPS
      ? broadcastAll(...inputs.flatMap((input) => (input ? [input.shape] : [])))
      : (RESULTS[call.op]?.(inputs, call) ?? []);
  const elements = Math.max(read, extentOf(shape));
  return { elements, work: elements };
}
