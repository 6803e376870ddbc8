/** Every operator, given tensors of any shape: values of the shape it says, or one sentence. */
import { expect, it } from 'vitest';
import { english } from '../../sentence.ts';
import { refTensor, sizeOf, type RefTensor } from '../reference/tensor.ts';
import { costOf } from './cost.ts';
import { ONNX_OP_NAMES, runOnnxOp, type OnnxCall } from './index.ts';
import { InvalidNode } from './invalid.ts';

const TENSORS: readonly RefTensor[] = [
  refTensor([], [2]),
  refTensor([0], [], 'int64'),
  refTensor([1], [-1], 'int64'),
  refTensor([2], [1, 0], 'int64'),
  refTensor([3], [2, -3, 0.5]),
  refTensor([2, 3], [1, 2, 3, 4, 5, 6]),
  refTensor([1, 0, 2], []),
];
const INPUTS: readonly (readonly RefTensor[])[] = [
  [],
  ...TENSORS.map((a) => [a]),
  ...TENSORS.flatMap((a) => TENSORS.map((b) => [a, b])),
  ...TENSORS.flatMap((a) => TENSORS.flatMap((b) => TENSORS.map((c) => [a, b, c]))),
];
const ATTRIBUTES: readonly OnnxCall['attributes'][] = [
  {},
  { axis: 1, to: 7, keepdims: 0 },
  { axis: -3, transA: 1 },
];

/** What is wrong with the answer; null for values, or a refusal in words. */
function wrong(inputs: readonly RefTensor[], call: OnnxCall): string | null {
  try {
    costOf(inputs, call);
    for (const { shape, data } of runOnnxOp(inputs, call))
      if (sizeOf(shape) !== data.length || !shape.every((n) => Number.isInteger(n) && n >= 0))
        return `shape [${shape.join(', ')}] of ${data.length} numbers`;
    return null;
  } catch (error) {
    if (!(error instanceof InvalidNode)) return String(error);
    const said = english(error.sentence);
    return /undefined|\[object|NaN/.test(said) ? said : null;
  }
}

it.each(ONNX_OP_NAMES)('%s', (op) => {
  const problems = ATTRIBUTES.flatMap((attributes) =>
    INPUTS.flatMap((inputs) => {
      const problem = wrong(inputs, { op, attributes, opset: 17, outputs: 1 });
      const shapes = inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');
      return problem === null ? [] : [`${shapes} ${JSON.stringify(attributes)}: ${problem}`];
    }),
  );
  expect(problems.slice(0, 5)).toEqual([]);
});
