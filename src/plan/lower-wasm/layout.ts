/** Ops that only move data. */
import { sizeOf } from '../../graph/reference/tensor.ts';
import type { Program } from '../../graph/program.ts';
import type { KernelCall, Lowering, LoweringTable, Operand } from '../kernel-call.ts';
import { broadcastStrides, collapse, denseStrides, numbered } from '../lower/strides.ts';
import { countOf, read, shapeOf, write } from '../lower/support.ts';
import { overRows } from './elementwise.ts';
import { kernel, partsOf } from './support.ts';

interface View {
  operand: Operand;
  strides: readonly number[];
  offset?: number;
}

/** Floats that are worth a part: only memory is at work. */
const GRAIN = 32768;

/** Copies `shape` elements from one strided view to another. */
export function copyCall(shape: readonly number[], from: View, to: View): KernelCall {
  const view = collapse(shape, [from.strides, to.strides]);
  const { parts, constants } = overRows(view.dims);
  return kernel('layout/copy', parts, [from.operand, to.operand], {
    ...constants,
    ...numbered('f', view.strides[0]),
    ...numbered('t', view.strides[1]),
    fromOffset: from.offset ?? 0,
    toOffset: to.offset ?? 0,
  });
}

const lowerConcat: Lowering<'Concat'> = ({ inputs, outputs, attributes }, program) => {
  const to = denseStrides(shapeOf(program, outputs[0]));
  let start = 0;
  const calls: KernelCall[] = [];
  for (const input of inputs) {
    const shape = shapeOf(program, input);
    const offset = start * to[attributes.axis];
    start += shape[attributes.axis];
    if (sizeOf(shape) === 0) continue;
    const from = { operand: read(input), strides: denseStrides(shape) };
    calls.push(copyCall(shape, from, { operand: write(outputs[0]), strides: to, offset }));
  }
  return calls;
};

const lowerSlice: Lowering<'Slice'> = ({ inputs, outputs, attributes }, program) => {
  const shape = shapeOf(program, outputs[0]);
  const strides = denseStrides(shapeOf(program, inputs[0]));
  const offset = attributes.start * strides[attributes.axis];
  return [
    copyCall(
      shape,
      { operand: read(inputs[0]), strides, offset },
      { operand: write(outputs[0]), strides: denseStrides(shape) },
    ),
  ];
};

const lowerPad: Lowering<'Pad'> = ({ inputs, outputs, attributes }, program) => {
  const { axis, before } = attributes;
  const shape = shapeOf(program, outputs[0]);
  const behind = sizeOf(shape.slice(axis + 1));
  const rows = sizeOf(shape.slice(0, axis));
  return [
    kernel('layout/pad', partsOf(sizeOf(shape), GRAIN), [read(inputs[0]), write(outputs[0])], {
      rows,
      outer: shape[axis] * behind,
      inner: shapeOf(program, inputs[0])[axis] * behind,
      before: before * behind,
    }),
  ];
};

/** Copies `from` to `to`, whatever their shapes. */
export function plainCopy(from: string, to: string, program: Program): KernelCall {
  const strides = [1];
  return copyCall([countOf(program, to)], { operand: read(from), strides }, { operand: write(to), strides });
}

/** Fills a value with zeros. */
export function zeros(value: string, program: Program): KernelCall {
  const count = countOf(program, value);
  return kernel('layout/zero', partsOf(count, GRAIN), [write(value)], { count });
}

/** The planner makes a view of it; this copy serves whoever runs the node alone. */
const lowerReshape: Lowering<'Reshape'> = ({ inputs, outputs }, program) => [
  plainCopy(inputs[0], outputs[0], program),
];

/** A copy whose source is walked by other steps than its target. */
function viewCopy(input: string, output: string, strides: readonly number[], program: Program): KernelCall {
  const shape = shapeOf(program, output);
  return copyCall(
    shape,
    { operand: read(input), strides },
    { operand: write(output), strides: denseStrides(shape) },
  );
}

const lowerTranspose: Lowering<'Transpose'> = ({ inputs, outputs, attributes }, program) => {
  const from = denseStrides(shapeOf(program, inputs[0]));
  const strides = attributes.perm.map((axis) => from[axis]);
  return [viewCopy(inputs[0], outputs[0], strides, program)];
};

const lowerExpand: Lowering<'Expand'> = ({ inputs, outputs }, program) => {
  const strides = broadcastStrides(shapeOf(program, inputs[0]), shapeOf(program, outputs[0]));
  return [viewCopy(inputs[0], outputs[0], strides, program)];
};

export const layout: Pick<LoweringTable, 'Concat' | 'Slice' | 'Pad' | 'Reshape' | 'Transpose' | 'Expand'> = {
  Concat: lowerConcat,
  Slice: lowerSlice,
  Pad: lowerPad,
  Reshape: lowerReshape,
  Transpose: lowerTranspose,
  Expand: lowerExpand,
};
