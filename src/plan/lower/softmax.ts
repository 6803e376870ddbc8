/** Softmax over the last axis. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { matrixOf, read, rowKernel, write } from './support.ts';

const lowerSoftmax: Lowering<'Softmax'> = ({ inputs, outputs }, program, adapter) => [
  {
    ...rowKernel('softmax/softmax', matrixOf(program, inputs[0]), adapter),
    operands: [read(inputs[0]), write(outputs[0])],
  },
];

const lowerSoftmaxGrad: Lowering<'SoftmaxGrad'> = ({ inputs, outputs }, program, adapter) => [
  {
    ...rowKernel('softmax/softmax-grad', matrixOf(program, inputs[1]), adapter),
    operands: [...inputs.map(read), write(outputs[0])],
  },
];

export const softmax: Pick<LoweringTable, 'Softmax' | 'SoftmaxGrad'> = {
  Softmax: lowerSoftmax,
  SoftmaxGrad: lowerSoftmaxGrad,
};
