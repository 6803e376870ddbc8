/** Losses and their gradients. */
import type { AdapterProfile, KernelCall, Lowering, LoweringTable, Operand } from '../kernel-call.ts';
import { sumRows } from './reduce.ts';
import { countOf, grid, matrixOf, overItems, read, rowGroup, scratch, write } from './support.ts';

/** Up to this many classes, a row is too short to share among a workgroup. */
const FEW_CLASSES = 32;

function crossEntropyCall(
  entry: 'rowLosses' | 'gradient',
  { rows, columns }: { rows: number; columns: number },
  operands: Operand[],
  adapter: AdapterProfile,
): KernelCall {
  if (adapter.software || columns <= FEW_CLASSES)
    return {
      shader: 'loss/cross-entropy-serial',
      entry,
      constants: { rows, columns },
      operands,
      workgroups: grid(Math.ceil(rows / 32), adapter),
    };
  return {
    shader: 'loss/cross-entropy',
    entry,
    constants: { rows, columns, workgroupSize: rowGroup(columns) },
    operands,
    workgroups: grid(rows, adapter),
  };
}

const lowerCrossEntropy: Lowering<'CrossEntropy'> = ({ inputs, outputs }, program, adapter) => {
  const size = matrixOf(program, inputs[0]);
  const { rows } = size;
  return [
    crossEntropyCall('rowLosses', size, [...inputs.map(read), scratch('rowLosses', rows, 'write')], adapter),
    ...sumRows(
      scratch('rowLosses', rows, 'read'),
      write(outputs[0]),
      { rows: 1, length: rows, scale: 1, name: 'partial' },
      adapter,
    ),
  ];
};

const lowerCrossEntropyGrad: Lowering<'CrossEntropyGrad'> = ({ inputs, outputs }, program, adapter) => [
  crossEntropyCall(
    'gradient',
    matrixOf(program, inputs[0]),
    [...inputs.map(read), write(outputs[0])],
    adapter,
  ),
];

const lowerMeanSquared: Lowering<'MeanSquared'> = ({ inputs, outputs }, program, adapter) => {
  const total = countOf(program, inputs[0]);
  return [
    {
      shader: 'loss/mean-squared',
      entry: 'loss',
      constants: { total, workgroupSize: adapter.software ? 4 : rowGroup(total) },
      operands: [...inputs.map(read), write(outputs[0])],
      workgroups: [1, 1, 1],
    },
  ];
};

const lowerMeanSquaredGrad: Lowering<'MeanSquaredGrad'> = ({ inputs, outputs }, program, adapter) => {
  const { constants, workgroups } = overItems(countOf(program, inputs[0]), adapter);
  return [
    {
      shader: 'loss/mean-squared',
      entry: 'gradient',
      constants,
      operands: [...inputs.map(read), write(outputs[0])],
      workgroups,
    },
  ];
};

export const loss: Pick<
  LoweringTable,
  'CrossEntropy' | 'CrossEntropyGrad' | 'MeanSquared' | 'MeanSquaredGrad'
> = {
  CrossEntropy: lowerCrossEntropy,
  CrossEntropyGrad: lowerCrossEntropyGrad,
  MeanSquared: lowerMeanSquared,
  MeanSquaredGrad: lowerMeanSquaredGrad,
};
