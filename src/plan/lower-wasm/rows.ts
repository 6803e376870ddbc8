/** Kernels over rows: softmax and the norms. */
import type { KernelCall, Lowering, LoweringTable, Operand } from '../kernel-call.ts';
import { countOf, matrixOf, read, scratch, write, writeOrDrop } from '../lower/support.ts';
import { rowBlocks, sumColumns } from './reduce.ts';
import { kernel, partsOf } from './support.ts';

/** Floats that are worth a part. */
const GRAIN = 8192;

/** A kernel that takes each row by itself. */
export function rowKernel(
  name: string,
  { rows, columns }: { rows: number; columns: number },
  operands: Operand[],
  constants: Record<string, number> = {},
): KernelCall {
  const parts = Math.min(rows, partsOf(rows * columns, GRAIN));
  return kernel(name, parts, operands, { rows, columns, ...constants });
}

const lowerSoftmax: Lowering<'Softmax'> = ({ inputs, outputs }, program) => [
  rowKernel('softmax/softmax', matrixOf(program, inputs[0]), [read(inputs[0]), write(outputs[0])]),
];

const lowerSoftmaxGrad: Lowering<'SoftmaxGrad'> = ({ inputs, outputs }, program) => [
  rowKernel('softmax/softmaxGrad', matrixOf(program, inputs[1]), [...inputs.map(read), write(outputs[0])]),
];

const lowerLayerNorm: Lowering<'LayerNorm'> = ({ inputs, outputs, attributes }, program) => {
  const size = matrixOf(program, inputs[0]);
  const [y, mean, rstd] = outputs;
  return [
    rowKernel(
      'norm/layerNorm',
      size,
      [
        ...inputs.map(read),
        writeOrDrop(y, 'y', size.rows * size.columns),
        writeOrDrop(mean, 'mean', size.rows),
        writeOrDrop(rstd, 'rstd', size.rows),
      ],
      { epsilon: attributes.epsilon },
    ),
  ];
};

const lowerLayerNormGrad: Lowering<'LayerNormGrad'> = ({ inputs, outputs }, program) => [
  rowKernel('norm/layerNormGrad', matrixOf(program, inputs[1]), [...inputs.map(read), write(outputs[0])]),
];

const lowerLayerNormParamGrad: Lowering<'LayerNormParamGrad'> = ({ inputs, outputs }, program) => {
  const columns = matrixOf(program, inputs[1]).columns;
  const rows = countOf(program, inputs[1]) / columns;
  const [dgamma, dbeta] = outputs;
  const sums = { outers: 1, rows, columns, scale: 1, name: 'blocks' };
  if (!dgamma) return sumColumns(read(inputs[0]), write(dbeta), sums);
  const { blocks } = rowBlocks(rows, columns);
  const floats = blocks * columns;
  const first = (to: Operand[]): KernelCall =>
    kernel('norm/layerNormParamGrad', blocks, [...inputs.map(read), ...to], { rows, columns });
  if (blocks === 1) return [first([write(dgamma), writeOrDrop(dbeta, 'dbeta', columns)])];
  const finish = (name: string, to: string): KernelCall[] =>
    sumColumns(scratch(name, floats, 'read'), write(to), { ...sums, rows: blocks, name: `${name}Again` });
  return [
    first([scratch('gammaBlocks', floats, 'write'), scratch('betaBlocks', floats, 'write')]),
    ...finish('gammaBlocks', dgamma),
    ...(dbeta ? finish('betaBlocks', dbeta) : []),
  ];
};

const lowerRmsNorm: Lowering<'RmsNorm'> = ({ inputs, outputs, attributes }, program) => {
  const size = matrixOf(program, inputs[0]);
  const [y, rstd] = outputs;
  return [
    rowKernel(
      'norm/rmsNorm',
      size,
      [
        ...inputs.map(read),
        writeOrDrop(y, 'y', size.rows * size.columns),
        writeOrDrop(rstd, 'rstd', size.rows),
      ],
      { epsilon: attributes.epsilon },
    ),
  ];
};

const lowerRmsNormGrad: Lowering<'RmsNormGrad'> = ({ inputs, outputs }, program) => [
  rowKernel('norm/rmsNormGrad', matrixOf(program, inputs[1]), [...inputs.map(read), write(outputs[0])]),
];

const lowerRmsNormParamGrad: Lowering<'RmsNormParamGrad'> = ({ inputs, outputs }, program) => {
  const columns = matrixOf(program, inputs[1]).columns;
  const rows = countOf(program, inputs[1]) / columns;
  const { blocks } = rowBlocks(rows, columns);
  const floats = blocks * columns;
  const first = (to: Operand): KernelCall =>
    kernel('norm/rmsNormParamGrad', blocks, [...inputs.map(read), to], { rows, columns });
  if (blocks === 1) return [first(write(outputs[0]))];
  const sums = { outers: 1, rows: blocks, columns, scale: 1, name: 'blocks' };
  return [
    first(scratch('gammaBlocks', floats, 'write')),
    ...sumColumns(scratch('gammaBlocks', floats, 'read'), write(outputs[0]), sums),
  ];
};

export const rows: Pick<
  LoweringTable,
  | 'Softmax'
  | 'SoftmaxGrad'
  | 'LayerNorm'
  | 'LayerNormGrad'
  | 'LayerNormParamGrad'
  | 'RmsNorm'
  | 'RmsNormGrad'
  | 'RmsNormParamGrad'
> = {
  Softmax: lowerSoftmax,
  SoftmaxGrad: lowerSoftmaxGrad,
  LayerNorm: lowerLayerNorm,
  LayerNormGrad: lowerLayerNormGrad,
  LayerNormParamGrad: lowerLayerNormParamGrad,
  RmsNorm: lowerRmsNorm,
  RmsNormGrad: lowerRmsNormGrad,
  RmsNormParamGrad: lowerRmsNormParamGrad,
};
