/** Matrices of few entries. Products take their operands transposed: an entry is then a vector of tokens times a number. */
import type { Program } from '../../graph/program.ts';
import type { KernelCall, Lowering, LoweringTable, Operand } from '../kernel-call.ts';
import { countOf, matrixOf, read, scratch, update, write } from '../lower/support.ts';
import { copyCall, zeros } from './layout.ts';
import { kernel, partsOf } from './support.ts';

/** Multiply-adds that are worth a part. */
const GRAIN = 65536;

const lowerScatter: Lowering<'Scatter'> = ({ inputs, outputs }, program) => {
  const count = countOf(program, inputs[0]);
  return [
    zeros(outputs[0], program),
    kernel('sparse/scatter', partsOf(count, 16384), [read(inputs[0]), read(inputs[1]), update(outputs[0])], {
      count,
    }),
  ];
};

/** A value of [rows, columns] copied to [columns, rows]. */
function transposed(value: string, to: string, program: Program): { call: KernelCall; operand: Operand } {
  const { rows, columns } = matrixOf(program, value);
  const from = { operand: read(value), strides: [1, columns] };
  const target = { operand: scratch(to, rows * columns, 'write'), strides: [rows, 1] };
  return {
    call: copyCall([columns, rows], from, target),
    operand: scratch(to, rows * columns, 'read'),
  };
}

const lowerProduct: Lowering<'SparseMatMul'> = ({ inputs, outputs, attributes }, program) => {
  const [x, values, index] = inputs;
  const { rows: tokens, columns } = matrixOf(program, outputs[0]);
  const entries = countOf(program, values);
  const turned = transposed(x, 'x', program);
  const product = kernel(
    'sparse/product',
    Math.min(columns, partsOf(tokens * entries, GRAIN)),
    [turned.operand, read(values), read(index), scratch('y', tokens * columns, 'write')],
    { tokens, columns, entries, ordered: attributes.ordered ? 1 : 0 },
  );
  const back = copyCall(
    [tokens, columns],
    { operand: scratch('y', tokens * columns, 'read'), strides: [1, tokens] },
    { operand: write(outputs[0]), strides: [columns, 1] },
  );
  return [turned.call, { ...product, flops: 2 * tokens * entries }, back];
};

const lowerGradient: Lowering<'SparseMatMulGrad'> = ({ inputs, outputs }, program) => {
  const [x, dy, index] = inputs;
  const { rows: tokens, columns } = matrixOf(program, dy);
  const entries = countOf(program, outputs[0]);
  const [one, other] = [transposed(x, 'x', program), transposed(dy, 'dy', program)];
  const gradient = kernel(
    'sparse/gradient',
    Math.min(columns, partsOf(tokens * entries, GRAIN)),
    [one.operand, other.operand, read(index), write(outputs[0])],
    { tokens, columns },
  );
  return [one.call, other.call, { ...gradient, flops: 2 * tokens * entries }];
};

export const sparse: Pick<LoweringTable, 'Scatter' | 'SparseMatMul' | 'SparseMatMulGrad'> = {
  Scatter: lowerScatter,
  SparseMatMul: lowerProduct,
  SparseMatMulGrad: lowerGradient,
};
