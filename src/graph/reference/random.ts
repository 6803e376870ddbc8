/** References of what is drawn anew each step: dropout, and gates. */
import { philoxUniform } from '../philox.ts';
import { filled, required, type ReferenceOp } from './op.ts';

/** Srivastava et al., 2014, inverted: kept elements are scaled by 1/(1 − rate). */
export const dropout: ReferenceOp<'Dropout'> = (inputs, { rate, id }, _shapes, random) => {
  const x = required(inputs, 0, 'Dropout');
  if (rate === 0) return [{ ...x }];
  if (random === undefined) throw new Error('internal: Dropout needs the seed and the step');
  const { seed, step } = random;
  return [filled(x.shape, (i) => (philoxUniform(seed, id, step, i) >= rate ? x.data[i] / (1 - rate) : 0))];
};

/** Uniforms of gates are held off the ends, where their logit is infinite (Guo et al., 2021). */
const EDGE = 1e-4;

/** Louizos et al., 2018. */
export const hardConcrete: ReferenceOp<'HardConcrete'> = (inputs, { low, high, stream }, _shapes, random) => {
  const alpha = required(inputs, 0, 'HardConcrete');
  if (stream !== undefined && random === undefined)
    throw new Error('internal: HardConcrete needs the seed and the step');
  const noise = (i: number): number => {
    if (stream === undefined) return 0;
    const u = Math.min(1 - EDGE, Math.max(EDGE, philoxUniform(random!.seed, stream, random!.step, i)));
    return Math.log(u / (1 - u));
  };
  return [
    filled(alpha.shape, (i) => {
      const s = sigmoid(alpha.data[i] + noise(i));
      return Math.min(1, Math.max(0, s * (high - low) + low));
    }),
  ];
};

export const hardConcreteGrad: ReferenceOp<'HardConcreteGrad'> = (inputs, { low, high }) => {
  const dz = required(inputs, 0, 'HardConcreteGrad');
  const z = required(inputs, 1, 'HardConcreteGrad');
  return [
    filled(dz.shape, (i) => {
      const v = z.data[i];
      return v > 0 && v < 1 ? (dz.data[i] * (v - low) * (high - v)) / (high - low) : 0;
    }),
  ];
};

export const gated: ReferenceOp<'Gated'> = (inputs, attributes, shapes, random) => {
  const w = required(inputs, 0, 'Gated');
  const alpha = required(inputs, 1, 'Gated');
  const base = inputs[2];
  const [z] = hardConcrete([alpha], attributes, [alpha.shape], random);
  const y = filled(w.shape, (i) => (base?.data[i] ?? 0) + w.data[i] * z.data[i]);
  const open = alpha.data.reduce((sum, a) => sum + sigmoid(a), 0);
  return [y, z, filled(shapes[2] ?? [1], () => open)];
};

export const gatedGrad: ReferenceOp<'GatedGrad'> = (inputs, bounds) => {
  const [dy, w, z] = [0, 1, 2].map((i) => required(inputs, i, 'GatedGrad'));
  const [, , , alpha, dopen] = inputs;
  const dz = filled(dy.shape, (i) => dy.data[i] * w.data[i]);
  const [dalpha] = hardConcreteGrad([dz, z], bounds, [dy.shape]);
  const slope = (a: number): number => sigmoid(a) * (1 - sigmoid(a));
  return [
    filled(dy.shape, (i) => dy.data[i] * z.data[i]),
    filled(dy.shape, (i) => dalpha.data[i] + (alpha && dopen ? dopen.data[0] * slope(alpha.data[i]) : 0)),
  ];
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
