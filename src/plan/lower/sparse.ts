/** Matrices of few entries: filled, multiplied by, and the gradient of what is in them. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { zeros } from './layout.ts';
import { countOf, matrixOf, overItems, read, update, write } from './support.ts';

const lowerScatter: Lowering<'Scatter'> = ({ inputs, outputs }, program, adapter) => {
  const { constants, workgroups } = overItems(countOf(program, inputs[0]), adapter);
  return [
    zeros(outputs[0], program, adapter),
    {
      shader: 'sparse/scatter',
      entry: 'main',
      constants,
      operands: [read(inputs[0]), read(inputs[1]), update(outputs[0])],
      workgroups,
    },
  ];
};

const lowerProduct: Lowering<'SparseMatMul'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const [x, values, index] = inputs;
  const { constants, workgroups } = overItems(countOf(program, outputs[0]), adapter);
  const entries = countOf(program, values);
  const { rows, columns } = matrixOf(program, outputs[0]);
  return [
    {
      shader: 'sparse/product',
      entry: 'main',
      constants: {
        ...constants,
        inner: matrixOf(program, x).columns,
        columns,
        entries,
        ordered: attributes.ordered ? 1 : 0,
      },
      operands: [read(x), read(values), read(index), write(outputs[0])],
      workgroups,
      flops: 2 * rows * entries,
    },
  ];
};

const lowerGradient: Lowering<'SparseMatMulGrad'> = ({ inputs, outputs }, program, adapter) => {
  const [x, dy, index] = inputs;
  const entries = countOf(program, outputs[0]);
  const { constants, workgroups } = overItems(entries, adapter);
  const { rows, columns } = matrixOf(program, dy);
  return [
    {
      shader: 'sparse/gradient',
      entry: 'main',
      constants: { ...constants, inner: matrixOf(program, x).columns, columns, rows },
      operands: [read(x), read(dy), read(index), write(outputs[0])],
      workgroups,
      flops: 2 * rows * entries,
    },
  ];
};

export const sparse: Pick<LoweringTable, 'Scatter' | 'SparseMatMul' | 'SparseMatMulGrad'> = {
  Scatter: lowerScatter,
  SparseMatMul: lowerProduct,
  SparseMatMulGrad: lowerGradient,
};
