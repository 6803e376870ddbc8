/** Reference of dropout (Srivastava et al., 2014), inverted: kept elements are scaled by 1/(1 − rate). */
import { philoxUniform } from '../philox.ts';
import { filled, required, type ReferenceOp } from './op.ts';

export const dropout: ReferenceOp<'Dropout'> = (inputs, { rate, id }, _shapes, random) => {
  const x = required(inputs, 0, 'Dropout');
  if (rate === 0) return [{ ...x }];
  if (random === undefined) throw new Error('internal: Dropout needs the seed and the step');
  const { seed, step } = random;
  return [filled(x.shape, (i) => (philoxUniform(seed, id, step, i) >= rate ? x.data[i] / (1 - rate) : 0))];
};
