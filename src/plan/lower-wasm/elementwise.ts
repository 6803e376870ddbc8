/** Unary functions, broadcasting arithmetic, selection. */
import { sizeOf } from '../../graph/reference/tensor.ts';
import type { Program, ProgramNode, UnaryKind } from '../../graph/program.ts';
import type { KernelCall, Lowering, LoweringTable } from '../kernel-call.ts';
import { UNARY_KINDS } from '../lower/elementwise.ts';
import { broadcastStrides, collapse, numbered } from '../lower/strides.ts';
import { countOf, read, shapeOf, write } from '../lower/support.ts';
import { kernel, partsOf } from './support.ts';

/** Elements that are worth a part: of what only moves data, and of what computes an exponential. */
const GRAIN = 16384;
const GRAIN_OF_FUNCTIONS = 4096;

const SIMPLE: ReadonlySet<UnaryKind> = new Set([
  'Relu',
  'Sqrt',
  'Reciprocal',
  'Neg',
  'Abs',
  'Square',
  'Scale',
  'Shift',
  'Threshold',
]);

const grainOf = (kind: UnaryKind): number => (SIMPLE.has(kind) ? GRAIN : GRAIN_OF_FUNCTIONS);

function unaryCall(kind: UnaryKind, factor: number, x: string, y: string, count: number): KernelCall {
  return kernel('elementwise/unary', partsOf(count, grainOf(kind)), [read(x), write(y)], {
    count,
    kind: UNARY_KINDS.indexOf(kind),
    factor,
  });
}

const lowerUnary: Lowering<'Unary'> = ({ inputs, outputs, attributes }, program) => [
  unaryCall(attributes.kind, attributes.factor ?? 1, inputs[0], outputs[0], countOf(program, outputs[0])),
];

const lowerUnaryGrad: Lowering<'UnaryGrad'> = ({ inputs, outputs, attributes }, program) => {
  const { kind, factor = 1 } = attributes;
  const count = countOf(program, outputs[0]);
  return [
    kernel(
      'elementwise/unaryGrad',
      partsOf(count, grainOf(kind)),
      [read(inputs[0]), read(inputs[1]), write(outputs[0])],
      { count, kind: UNARY_KINDS.indexOf(kind), factor },
    ),
  ];
};

/** How a dense result of the shape is walked: rows along the last axis, cut into parts of about `GRAIN` elements. */
export function overRows(dims: readonly number[]): {
  parts: number;
  constants: {
    rows: number;
    rowsEach: number;
    each: number;
    dim1: number;
    dim2: number;
    dim3: number;
    dim4: number;
  };
} {
  const rows = sizeOf(dims.slice(0, -1));
  const [, dim1, dim2, dim3, dim4] = dims;
  const each = dim4 <= 2 * GRAIN ? Math.max(1, dim4) : GRAIN;
  const columns = Math.ceil(dim4 / each);
  const wanted = partsOf(rows * dim4, GRAIN);
  const rowsEach = Math.max(1, Math.ceil(rows / Math.max(1, Math.floor(wanted / columns))));
  return {
    parts: columns * Math.ceil(rows / rowsEach),
    constants: { rows, rowsEach, each, dim1, dim2, dim3, dim4 },
  };
}

const ARITHMETIC = ['Add', 'Sub', 'Mul', 'Div'] as const;
type Arithmetic = (typeof ARITHMETIC)[number];

function lowerArithmetic(op: Arithmetic): Lowering<Arithmetic> {
  return ({ inputs, outputs }: ProgramNode, program: Program) => {
    const shape = shapeOf(program, outputs[0]);
    const view = collapse(
      shape,
      inputs.map((value) => broadcastStrides(shapeOf(program, value), shape)),
    );
    const { parts, constants } = overRows(view.dims);
    return [
      kernel('elementwise/binary', parts, [...inputs.map(read), write(outputs[0])], {
        kind: ARITHMETIC.indexOf(op),
        ...constants,
        ...numbered('a', view.strides[0]),
        ...numbered('b', view.strides[1]),
      }),
    ];
  };
}

const lowerWhere: Lowering<'Where'> = ({ inputs, outputs }, program) => {
  const shape = shapeOf(program, outputs[0]);
  const view = collapse(
    shape,
    inputs.map((value) => broadcastStrides(shapeOf(program, value), shape)),
  );
  const { parts, constants } = overRows(view.dims);
  return [
    kernel('elementwise/where', parts, [...inputs.map(read), write(outputs[0])], {
      integer: program.values.get(inputs[0])?.type === 'i32' ? 1 : 0,
      ...constants,
      ...numbered('c', view.strides[0]),
      ...numbered('a', view.strides[1]),
      ...numbered('b', view.strides[2]),
    }),
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
