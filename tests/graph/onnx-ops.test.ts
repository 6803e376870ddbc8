/** The float64 interpreter of ONNX operators against onnxruntime, one operator a case. */
import { describe, expect, it } from 'vitest';
import { initializerTensor } from '../../src/graph/onnx-ops/index.ts';
import { interpretSource } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import type { Attribute, Initializer, SourceGraph } from '../../src/graph/source.ts';
import { floatInitializer, intInitializer } from '../../src/graph/tensor.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { runOrt } from '../support/ort.ts';

type Operand = { dims: number[]; data: number[]; type: 'float32' | 'int64' | 'bool' };

const floats = (dims: number[], seed = 1): Operand => ({
  dims,
  type: 'float32',
  data: Array.from(
    { length: dims.reduce((a, b) => a * b, 1) },
    (_, i) => Math.sin(seed * 7.3 + i * 1.7) * 2.1,
  ),
});
const positive = (dims: number[]): Operand => ({
  ...floats(dims),
  data: floats(dims).data.map((x) => Math.abs(x) + 0.1),
});
const ints = (dims: number[], data: number[]): Operand => ({ dims, data, type: 'int64' });
const bools = (dims: number[], data: number[]): Operand => ({ dims, data, type: 'bool' });
const axis = (...axes: number[]): Operand => ints([axes.length], axes);
const scalar = (x: number): Operand => ({ dims: [], data: [x], type: 'float32' });

interface Case {
  op: string;
  inputs: (Operand | null)[];
  attributes?: Record<string, Attribute>;
  opset?: number;
  outputs?: number;
}

const x = floats([2, 3, 4]);
const y = floats([3, 1], 2);
const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

const cases: Case[] = [
  ...[
    'Abs',
    'Neg',
    'Exp',
    'Erf',
    'Tanh',
    'Sigmoid',
    'Relu',
    'Reciprocal',
    'Sin',
    'Cos',
    'Floor',
    'Ceil',
    'Sign',
  ].map((op): Case => ({ op, inputs: [x] })),
  { op: 'Softplus', inputs: [x] },
  { op: 'LeakyRelu', inputs: [x], attributes: { alpha: 0.2 } },
  { op: 'Log', inputs: [positive([5])] },
  { op: 'Sqrt', inputs: [positive([5])] },
  {
    op: 'Erf',
    inputs: [{ dims: [9], type: 'float32', data: [-7, -2.6, -2.4, -1e-3, 0, 0.5, 2.49, 2.51, 5] }],
  },
  ...['Add', 'Sub', 'Mul', 'Div'].map((op): Case => ({ op, inputs: [x, y] })),
  ...['Add', 'Sub', 'Mul', 'Div'].map((op): Case => ({
    op,
    inputs: [ints([4], [7, -7, 9, -1]), ints([4], [2, 2, -4, 3])],
  })),
  { op: 'Mod', inputs: [ints([4], [7, -7, 9, -1]), ints([4], [3, 3, -4, 3])] },
  { op: 'Mod', inputs: [floats([6]), positive([6])], attributes: { fmod: 1 } },
  { op: 'Pow', inputs: [positive([4]), scalar(2.5)] },
  { op: 'Max', inputs: [x, y, scalar(0.3)] },
  { op: 'Min', inputs: [x, y] },
  { op: 'Sum', inputs: [x, y, x] },
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map((op): Case => ({
    op,
    inputs: [ints([2, 2], [1, 2, 3, 4]), ints([2], [1, 4])],
  })),
  ...['And', 'Or', 'Xor'].map((op): Case => ({
    op,
    inputs: [bools([2, 2], [1, 1, 0, 0]), bools([2], [1, 0])],
  })),
  { op: 'Not', inputs: [bools([2], [1, 0])] },
  { op: 'IsNaN', inputs: [{ dims: [3], type: 'float32', data: [NaN, 1, Infinity] }] },
  { op: 'Where', inputs: [bools([2, 1], [1, 0]), floats([3]), floats([2, 3], 3)] },
  { op: 'Clip', inputs: [x, scalar(-0.5), scalar(0.7)] },
  { op: 'Clip', inputs: [x, null, scalar(0.7)] },
  { op: 'Cast', inputs: [x], attributes: { to: INT64 } },
  { op: 'Cast', inputs: [ints([3], [0, 1, 5])], attributes: { to: BOOL } },
  { op: 'Cast', inputs: [bools([2], [1, 0])], attributes: { to: FLOAT } },
  { op: 'Gelu', inputs: [x], opset: 20 },
  { op: 'Gelu', inputs: [x], attributes: { approximate: 'tanh' }, opset: 20 },
  { op: 'Shape', inputs: [x] },
  { op: 'Shape', inputs: [x], attributes: { start: -2, end: 3 } },
  { op: 'Size', inputs: [x] },
  { op: 'Reshape', inputs: [x, ints([3], [0, -1, 2])] },
  { op: 'Flatten', inputs: [x], attributes: { axis: 2 } },
  { op: 'Unsqueeze', inputs: [x, axis(0, -1)] },
  { op: 'Unsqueeze', inputs: [x], attributes: { axes: [1, 3] }, opset: 11 },
  { op: 'Squeeze', inputs: [floats([1, 3, 1]), axis(-1)] },
  { op: 'Squeeze', inputs: [floats([1, 3, 1])], opset: 11 },
  { op: 'Transpose', inputs: [x], attributes: { perm: [2, 0, 1] } },
  { op: 'Transpose', inputs: [x] },
  { op: 'Expand', inputs: [floats([3, 1]), axis(2, 1, 4)] },
  { op: 'Tile', inputs: [floats([2, 3]), axis(2, 3)] },
  { op: 'Concat', inputs: [x, floats([2, 1, 4], 5)], attributes: { axis: -2 } },
  { op: 'Slice', inputs: [x, axis(1), axis(2 ** 62), axis(1)] },
  { op: 'Slice', inputs: [x, axis(-1, 2), axis(-100, 0), axis(2, 1), axis(-2, -1)] },
  { op: 'Slice', inputs: [x], attributes: { starts: [0, 1], ends: [1, 3], axes: [0, 2] }, opset: 9 },
  { op: 'Split', inputs: [x, ints([2], [1, 3])], attributes: { axis: 2 }, outputs: 2 },
  { op: 'Split', inputs: [x], attributes: { axis: 2, split: [3, 1] }, opset: 11, outputs: 2 },
  { op: 'Pad', inputs: [floats([2, 2]), ints([4], [0, 1, 1, 0]), scalar(7)] },
  { op: 'Pad', inputs: [floats([2, 2]), ints([2], [2, 1]), scalar(1), axis(1)], opset: 18 },
  { op: 'Range', inputs: [{ ...ints([], [3]) }, ints([], [11]), ints([], [3])] },
  { op: 'Trilu', inputs: [floats([2, 3, 3])], attributes: { upper: 1 } },
  { op: 'Trilu', inputs: [floats([3, 4]), ints([], [-1])], attributes: { upper: 0 } },
  { op: 'Gather', inputs: [x, ints([2, 2], [0, 2, -1, 1])], attributes: { axis: 1 } },
  { op: 'GatherElements', inputs: [floats([2, 3]), ints([2, 2], [0, 2, -1, 1])], attributes: { axis: 1 } },
  { op: 'GatherND', inputs: [x, ints([2, 2], [0, 2, 1, -1])] },
  { op: 'CumSum', inputs: [x, ints([], [1])] },
  { op: 'CumSum', inputs: [x, ints([], [-1])], attributes: { exclusive: 1, reverse: 1 } },
  { op: 'ReduceMean', inputs: [x, axis(-1)], opset: 18 },
  { op: 'ReduceMean', inputs: [x], attributes: { axes: [0, 2], keepdims: 0 }, opset: 13 },
  { op: 'ReduceSum', inputs: [x, axis(1)], attributes: { keepdims: 0 } },
  { op: 'ReduceSum', inputs: [x] },
  { op: 'ReduceMax', inputs: [x], attributes: { axes: [1] }, opset: 13 },
  { op: 'ReduceMin', inputs: [x], attributes: { axes: [1] }, opset: 13 },
  { op: 'ReduceProd', inputs: [x], attributes: { axes: [1] }, opset: 13 },
  { op: 'ReduceL2', inputs: [x], attributes: { axes: [2] }, opset: 13 },
  { op: 'ReduceSumSquare', inputs: [x], attributes: { axes: [2] }, opset: 13 },
  { op: 'Softmax', inputs: [x] },
  { op: 'Softmax', inputs: [x], attributes: { axis: 1 } },
  { op: 'Softmax', inputs: [x], attributes: { axis: 1 }, opset: 11 },
  { op: 'LogSoftmax', inputs: [x], attributes: { axis: 0 } },
  { op: 'MatMul', inputs: [x, floats([4, 5])] },
  { op: 'MatMul', inputs: [floats([2, 1, 3, 4]), floats([3, 4, 2], 4)] },
  { op: 'MatMul', inputs: [floats([4]), floats([2, 4, 3])] },
  {
    op: 'Gemm',
    inputs: [floats([3, 2]), floats([4, 3]), floats([4])],
    attributes: { transA: 1, transB: 1, alpha: 0.5, beta: 2 },
  },
  { op: 'LayerNormalization', inputs: [x, floats([4]), floats([4], 3)], attributes: { epsilon: 1e-3 } },
  { op: 'LayerNormalization', inputs: [x, floats([3, 4])], attributes: { axis: 1 } },
];

function initializerOf(name: string, { dims, data, type }: Operand): Initializer {
  if (type === 'float32') return floatInitializer(name, dims, Float32Array.from(data));
  if (type === 'bool') return { name, type: 'bool', dims, bytes: Uint8Array.from(data) };
  return intInitializer(name, data, dims);
}

function graphOf({ op, inputs, attributes = {}, opset = 17, outputs = 1 }: Case): SourceGraph {
  const [first] = inputs as [Operand];
  const results = Array.from({ length: outputs }, (_, i) => `out${i}`);
  const constants = inputs.flatMap((operand, i) =>
    operand && i > 0 ? [initializerOf(`in${i}`, operand)] : [],
  );
  return {
    name: 'one operator',
    opset,
    nodes: [
      {
        name: 'node',
        op,
        domain: '',
        inputs: inputs.map((operand, i) => (operand ? `in${i}` : '')),
        outputs: results,
        attributes,
      },
    ],
    initializers: new Map(constants.map((tensor) => [tensor.name, tensor])),
    inputs: [{ name: 'in0', type: first.type, dims: first.dims }],
    outputs: results.map((name) => ({ name, type: 'float32', dims: [] })),
  };
}

/** What a case is called: the operator with what sets it apart. */
const title = ({ op, attributes, opset }: Case): string =>
  `${op} ${JSON.stringify(attributes ?? {})}${opset ? ` of operator set ${opset}` : ''}`;

describe('ONNX operators in float64', () => {
  it.each(cases.map((c) => [title(c), c] as const))('%s', async (_title, oneCase) => {
    const graph = graphOf(oneCase);
    const [first] = oneCase.inputs as [Operand];
    const feed = refTensor(
      first.dims,
      Float64Array.from(initializerTensor(initializerOf('in0', first)).data),
      first.type,
    );
    const ours = interpretSource(graph, { in0: feed });
    const types = graph.outputs.map(({ name }) => ours.get(name)!.type);
    const typed = {
      ...graph,
      outputs: graph.outputs.map((output, i) => ({
        ...output,
        type: types[i],
        dims: ours.get(output.name)!.shape.map(() => null),
      })),
    };
    const theirs = await runOrt(writeModel(typed), { in0: first });
    for (const { name } of graph.outputs) {
      const [actual, expected] = [ours.get(name)!, theirs[name]];
      expect(actual.shape).toEqual([...expected.dims]);
      actual.data.forEach((value, i) => {
        if (Number.isNaN(expected.data[i])) expect(value).toBeNaN();
        else expect(Math.abs(value - expected.data[i])).toBeLessThan(2e-6 * Math.max(1, Math.abs(value)));
      });
    }
  });

  it.each([
    ['Gather', [scalar(1), ints([1], [2])], 'axis 0 is outside a tensor of rank 0'],
    ['GatherElements', [scalar(1), ints([], [0])], 'axis 0 is outside a tensor of rank 0'],
    ['GatherND', [x, ints([1, 4], [0, 0, 0, 0])], 'do not name places of shape [2, 3, 4]'],
    ['GatherND', [x, ints([], [0])], 'do not name places of shape [2, 3, 4]'],
    ['Concat', [scalar(1), scalar(2)], 'axis 0 is outside a tensor of rank 0'],
  ] satisfies [string, Operand[], string][])(
    '%s of what has no such axis is refused in words',
    (op, inputs, message) => {
      const graph = graphOf({ op, inputs });
      expect(() => interpretSource(graph, { in0: refTensor(inputs[0].dims, inputs[0].data) })).toThrow(
        message,
      );
    },
  );

  it('an unknown operator is refused by name', () => {
    const graph = graphOf({ op: 'Quux', inputs: [x] });
    expect(() => interpretSource(graph, { in0: refTensor(x.dims, x.data) })).toThrow(/node.*Quux/);
  });
});
