/** Unary functions, broadcasting arithmetic, selection. */
import type { Program, ProgramNode, UnaryKind } from '../../graph/program.ts';
import { sizeOf } from '../../graph/reference/tensor.ts';
import type { AdapterProfile, KernelCall, Lowering, LoweringTable } from '../kernel-call.ts';
import {
  broadcastStrides,
  canWiden,
  collapse,
  MAX_RANK,
  numbered,
  widenDims,
  widenStrides,
} from './strides.ts';
import { countOf, overItems, read, shapeOf, widthOf, write } from './support.ts';

/** In the order of the cases in `shaders/elementwise/functions.wgsl`. */
export const UNARY_KINDS: readonly UnaryKind[] = [
  'Gelu',
  'GeluTanh',
  'Relu',
  'Silu',
  'Tanh',
  'Sigmoid',
  'Exp',
  'Log',
  'Sqrt',
  'Reciprocal',
  'Erf',
  'Neg',
  'Abs',
  'Square',
  'Scale',
  'Shift',
  'Power',
  'Threshold',
];

function unaryCall(
  kind: UnaryKind,
  factor: number,
  x: string,
  y: string,
  count: number,
  adapter: AdapterProfile,
): KernelCall {
  const { entry, width } = widthOf(count);
  const { constants, workgroups } = overItems(count / width, adapter);
  return {
    shader: 'elementwise/unary',
    entry,
    constants: { ...constants, kind: UNARY_KINDS.indexOf(kind), factor },
    operands: [read(x), write(y)],
    workgroups,
  };
}

const lowerUnary: Lowering<'Unary'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const count = countOf(program, outputs[0]);
  return [unaryCall(attributes.kind, attributes.factor ?? 1, inputs[0], outputs[0], count, adapter)];
};

const lowerUnaryGrad: Lowering<'UnaryGrad'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const { kind, factor = 1 } = attributes;
  const count = countOf(program, outputs[0]);
  // Where f′ is a constant, the saved value need not be read.
  const slope =
    kind === 'Scale'
      ? factor
      : kind === 'Neg'
        ? -1
        : kind === 'Shift' || kind === 'Threshold'
          ? 1
          : undefined;
  if (slope !== undefined) return [unaryCall('Scale', slope, inputs[0], outputs[0], count, adapter)];
  const { entry, width } = widthOf(count);
  const { constants, workgroups } = overItems(count / width, adapter);
  return [
    {
      shader: 'elementwise/unary-grad',
      entry,
      constants: { ...constants, kind: UNARY_KINDS.indexOf(kind), factor },
      operands: [read(inputs[0]), read(inputs[1]), write(outputs[0])],
      workgroups,
    },
  ];
};

const ARITHMETIC = ['Add', 'Sub', 'Mul', 'Div'] as const;
type Arithmetic = (typeof ARITHMETIC)[number];

/**
 * Both inputs may be one value (x·x): the executor then lets them share a binding. That needs both seen
 * as the same type, so `binary-scalar` is kept for operands of different sizes.
 */
function lowerArithmetic(op: Arithmetic): Lowering<Arithmetic> {
  return ({ inputs, outputs }: ProgramNode, program: Program, adapter: AdapterProfile) => {
    const shape = shapeOf(program, outputs[0]);
    const inner = (value: string): number => broadcastStrides(shapeOf(program, value), shape).at(-1) ?? 1;
    let [a, b] = inputs;
    // Only b may be constant along the last axis in the fast entry; + and · let it change sides.
    if ((op === 'Add' || op === 'Mul') && inner(a) === 0 && inner(b) !== 0) [a, b] = [b, a];
    const view = collapse(
      shape,
      [a, b].map((value) => broadcastStrides(shapeOf(program, value), shape)),
    );
    const [aView, bView] = view.strides;
    const sameSize = countOf(program, a) === countOf(program, b);
    let entry = 'narrow';
    if (canWiden(view, [[1], [1]])) entry = 'wide';
    else if (!sameSize && canWiden({ dims: view.dims, strides: [aView] }, [[1]]) && bView[MAX_RANK - 1] === 0)
      entry = 'main';
    const count = sizeOf(shape) / (entry === 'narrow' ? 1 : 4);
    const { constants, workgroups } = overItems(count, adapter);
    return [
      {
        shader: entry === 'main' ? 'elementwise/binary-scalar' : 'elementwise/binary',
        entry,
        constants: {
          ...constants,
          kind: ARITHMETIC.indexOf(op),
          ...numbered('dim', entry === 'narrow' ? view.dims : widenDims(view.dims)),
          ...numbered('a', entry === 'narrow' ? aView : widenStrides(aView)),
          ...numbered('b', entry === 'wide' ? widenStrides(bView) : bView),
        },
        operands: [read(a), read(b), write(outputs[0])],
        workgroups,
      },
    ];
  };
}

const lowerWhere: Lowering<'Where'> = ({ inputs, outputs }, program, adapter) => {
  const shape = shapeOf(program, outputs[0]);
  const view = collapse(
    shape,
    inputs.map((value) => broadcastStrides(shapeOf(program, value), shape)),
  );
  const wide = canWiden(view, [[1], [1], [1]]);
  const [c, a, b] = wide ? view.strides.map(widenStrides) : view.strides;
  const { constants, workgroups } = overItems(sizeOf(shape) / (wide ? 4 : 1), adapter);
  return [
    {
      shader: 'elementwise/where',
      entry: wide ? 'wide' : 'narrow',
      constants: {
        ...constants,
        conditionIsInteger: program.values.get(inputs[0])?.type === 'i32' ? 1 : 0,
        ...numbered('dim', wide ? widenDims(view.dims) : view.dims),
        ...numbered('c', c),
        ...numbered('a', a),
        ...numbered('b', b),
      },
      operands: [...inputs.map(read), write(outputs[0])],
      workgroups,
    },
  ];
};

export const elementwise: Pick<
  LoweringTable,
  'Unary' | 'UnaryGrad' | 'Add' | 'Sub' | 'Mul' | 'Div' | 'Where'
> = {
  Unary: lowerUnary,
  UnaryGrad: lowerUnaryGrad,
  Add: lowerArithmetic('Add'),
  Sub: lowerArithmetic('Sub'),
  Mul: lowerArithmetic('Mul'),
  Div: lowerArithmetic('Div'),
  Where: lowerWhere,
};
