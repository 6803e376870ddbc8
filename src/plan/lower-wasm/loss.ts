/** Losses and their gradients, of whole logits and in chunks of columns. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { linearLossBy } from '../lower/linear-loss.ts';
import { countOf, matrixOf, read, scratch, write } from '../lower/support.ts';
import { copyCall } from './layout.ts';
import { productCalls } from './matmul.ts';
import { sumColumns, sumRows } from './reduce.ts';
import { rowKernel } from './rows.ts';
import { kernel, partsOf } from './support.ts';

const lowerCrossEntropy: Lowering<'CrossEntropy'> = ({ inputs, outputs }, program) => {
  const size = matrixOf(program, inputs[0]);
  const { rows } = size;
  return [
    rowKernel('loss/crossEntropy', size, [...inputs.map(read), scratch('rowLosses', rows, 'write')]),
    ...sumRows(scratch('rowLosses', rows, 'read'), write(outputs[0]), {
      rows: 1,
      length: rows,
      scale: 1,
      name: 'partial',
    }),
  ];
};

const lowerCrossEntropyGrad: Lowering<'CrossEntropyGrad'> = ({ inputs, outputs }, program) => [
  rowKernel('loss/crossEntropyGrad', matrixOf(program, inputs[0]), [...inputs.map(read), write(outputs[0])]),
];

const lowerMeanSquared: Lowering<'MeanSquared'> = ({ inputs, outputs }, program) => [
  kernel('loss/meanSquared', 1, [...inputs.map(read), write(outputs[0])], {
    count: countOf(program, inputs[0]),
  }),
];

const lowerMeanSquaredGrad: Lowering<'MeanSquaredGrad'> = ({ inputs, outputs }, program) => {
  const count = countOf(program, inputs[0]);
  return [
    kernel('loss/meanSquaredGrad', partsOf(count, 16384), [...inputs.map(read), write(outputs[0])], {
      count,
    }),
  ];
};

export const loss: Pick<
  LoweringTable,
  | 'CrossEntropy'
  | 'CrossEntropyGrad'
  | 'MeanSquared'
  | 'MeanSquaredGrad'
  | 'LinearCrossEntropy'
  | 'LinearCrossEntropyGrad'
> = {
  CrossEntropy: lowerCrossEntropy,
  CrossEntropyGrad: lowerCrossEntropyGrad,
  MeanSquared: lowerMeanSquared,
  MeanSquaredGrad: lowerMeanSquaredGrad,
  ...linearLossBy({
    // Chunks that stay in the last cache.
    chunkBytes: 8 * 2 ** 20,
    productCalls,
    sumRows,
    sumColumns,
    copyCall,
    finish: (rows, operands) => kernel('loss/chunkFinish', 1, operands, { rows }),
    chunkKernel: (what, { rows, columns, first }, operands) =>
      rowKernel(
        what === 'statistics' ? 'loss/chunkStatistics' : 'loss/chunkGradient',
        { rows, columns },
        operands,
        {
          first: first ? 1 : 0,
        },
      ),
  }),
};
