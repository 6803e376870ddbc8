/** Ops that only move data. */
import type { Program } from '../../graph/program.ts';
import { sizeOf } from '../../graph/reference/tensor.ts';
import type { AdapterProfile, KernelCall, Lowering, LoweringTable, Operand } from '../kernel-call.ts';
import {
  broadcastStrides,
  canWiden,
  collapse,
  denseStrides,
  MAX_RANK,
  numbered,
  widenDims,
  widenStrides,
} from './strides.ts';
import { countOf, overItems, read, shapeOf, widthOf, write } from './support.ts';

interface View {
  operand: Operand;
  strides: readonly number[];
  offset?: number;
}

/** Copies `shape` elements from one strided view to another. */
export function copyCall(
  shape: readonly number[],
  from: View,
  to: View,
  adapter: AdapterProfile,
): KernelCall {
  const view = collapse(shape, [from.strides, to.strides]);
  const [fromStrides, toStrides] = view.strides;
  const fromOffset = from.offset ?? 0;
  const toOffset = to.offset ?? 0;
  const toIsWide = toOffset % 4 === 0 && canWiden({ dims: view.dims, strides: [toStrides] }, [[1]]);
  let entry = 'narrow';
  if (toIsWide && fromOffset % 4 === 0 && canWiden(view, [[1], [1]])) entry = 'wide';
  else if (toIsWide && fromStrides[MAX_RANK - 1] === 0) entry = 'splat';
  const narrow = entry === 'narrow';
  const { constants, workgroups } = overItems(sizeOf(shape) / (narrow ? 1 : 4), adapter);
  return {
    shader: 'layout/copy',
    entry,
    constants: {
      ...constants,
      ...numbered('dim', narrow ? view.dims : widenDims(view.dims)),
      ...numbered('f', entry === 'wide' ? widenStrides(fromStrides) : fromStrides),
      ...numbered('t', narrow ? toStrides : widenStrides(toStrides)),
      fromOffset: entry === 'wide' ? fromOffset / 4 : fromOffset,
      toOffset: narrow ? toOffset : toOffset / 4,
    },
    operands: [from.operand, to.operand],
    workgroups,
  };
}

const lowerConcat: Lowering<'Concat'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const to = denseStrides(shapeOf(program, outputs[0]));
  let start = 0;
  const calls: KernelCall[] = [];
  for (const input of inputs) {
    const shape = shapeOf(program, input);
    const offset = start * to[attributes.axis];
    start += shape[attributes.axis];
    if (sizeOf(shape) === 0) continue;
    calls.push(
      copyCall(
        shape,
        { operand: read(input), strides: denseStrides(shape) },
        { operand: write(outputs[0]), strides: to, offset },
        adapter,
      ),
    );
  }
  return calls;
};

const lowerSlice: Lowering<'Slice'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const shape = shapeOf(program, outputs[0]);
  const from = denseStrides(shapeOf(program, inputs[0]));
  return [
    copyCall(
      shape,
      { operand: read(inputs[0]), strides: from, offset: attributes.start * from[attributes.axis] },
      { operand: write(outputs[0]), strides: denseStrides(shape) },
      adapter,
    ),
  ];
};

const lowerPad: Lowering<'Pad'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const { axis, before } = attributes;
  const shape = shapeOf(program, outputs[0]);
  const behind = sizeOf(shape.slice(axis + 1));
  const outer = shape[axis] * behind;
  const inner = shapeOf(program, inputs[0])[axis] * behind;
  const { entry, width } = widthOf(outer, inner, before * behind);
  const { constants, workgroups } = overItems(sizeOf(shape) / width, adapter);
  return [
    {
      shader: 'layout/pad',
      entry,
      constants: {
        ...constants,
        outer: outer / width,
        inner: inner / width,
        before: (before * behind) / width,
      },
      operands: [read(inputs[0]), write(outputs[0])],
      workgroups,
    },
  ];
};

/** Copies `from` to `to`, whatever their shapes. */
export function plainCopy(from: string, to: string, program: Program, adapter: AdapterProfile): KernelCall {
  const count = [countOf(program, to)];
  return copyCall(
    count,
    { operand: read(from), strides: [1] },
    { operand: write(to), strides: [1] },
    adapter,
  );
}

/** Fills a value with zeros. */
export function zeros(value: string, program: Program, adapter: AdapterProfile): KernelCall {
  return zerosIn(write(value), countOf(program, value), adapter);
}

/** Fills so many floats with zeros. */
export function zerosIn(operand: Operand, count: number, adapter: AdapterProfile): KernelCall {
  const { entry, width } = widthOf(count);
  const { constants, workgroups } = overItems(count / width, adapter);
  return { shader: 'layout/zero', entry, constants, operands: [operand], workgroups };
}

/** The planner makes a view of it; this copy serves whoever runs the node alone. */
const lowerReshape: Lowering<'Reshape'> = ({ inputs, outputs }, program, adapter) => [
  plainCopy(inputs[0], outputs[0], program, adapter),
];

const lowerTranspose: Lowering<'Transpose'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const shape = shapeOf(program, outputs[0]);
  const from = denseStrides(shapeOf(program, inputs[0]));
  return [
    copyCall(
      shape,
      { operand: read(inputs[0]), strides: attributes.perm.map((axis) => from[axis]) },
      { operand: write(outputs[0]), strides: denseStrides(shape) },
      adapter,
    ),
  ];
};

const lowerExpand: Lowering<'Expand'> = ({ inputs, outputs }, program, adapter) => {
  const shape = shapeOf(program, outputs[0]);
  return [
    copyCall(
      shape,
      { operand: read(inputs[0]), strides: broadcastStrides(shapeOf(program, inputs[0]), shape) },
      { operand: write(outputs[0]), strides: denseStrides(shape) },
      adapter,
    ),
  ];
};

export const layout: Pick<LoweringTable, 'Concat' | 'Slice' | 'Pad' | 'Reshape' | 'Transpose' | 'Expand'> = {
  Concat: lowerConcat,
  Slice: lowerSlice,
  Pad: lowerPad,
  Reshape: lowerReshape,
  Transpose: lowerTranspose,
  Expand: lowerExpand,
};
