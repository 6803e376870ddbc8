/** Root-mean-square normalisation, forward and backward, both variants, against the float64 reference. */
import { describe, it } from 'vitest';
import { rmsNorm } from '../../src/graph/reference/rmsnorm.ts';
import { checkOp, floats, given, type TestInput } from '../support/check-op.ts';
import { asRef } from '../support/random.ts';

const SHAPES = [
  [1, 1],
  [5, 7],
  [33, 12],
  [2, 9, 64],
  [70, 130],
  [2, 1500],
];

const rstdOf = (x: TestInput, gamma: TestInput): TestInput => {
  const tensors = [x, gamma].map(({ shape, data }) => asRef(shape, data));
  const [, rstd] = rmsNorm(tensors, { epsilon: 1e-6 }, []);
  return given(rstd.shape, [...rstd.data]);
};

describe('RmsNorm', () => {
  it.each(SHAPES)('%j, %j, ...', async (...shape) => {
    const columns = shape.at(-1)!;
    const x = floats(shape, 1);
    const gamma = { ...floats([columns], 2), kind: 'parameter' as const };
    const outputs = { y: shape, rstd: [x.data.length / columns] };
    await checkOp('RmsNorm', { epsilon: 1e-6 }, { x, gamma }, outputs);
  });

  it('takes tiny, huge and empty rows, and leaves out what is not wanted', async () => {
    const gamma = floats([8], 2);
    const outputs = { y: [2, 8], rstd: [2] };
    await checkOp('RmsNorm', { epsilon: 1e-6 }, { x: floats([2, 8], 1, 1e-4), gamma }, outputs);
    await checkOp('RmsNorm', { epsilon: 1e-6 }, { x: floats([2, 8], 1, 1e6), gamma }, outputs);
    const zeros = given([2, 8], new Array<number>(16).fill(0));
    await checkOp('RmsNorm', { epsilon: 1e-6 }, { x: zeros, gamma }, outputs, { outputNames: ['y', ''] });
  });
});

describe('RmsNorm gradients', () => {
  // With one column dx is what rounding leaves of the difference of two equal numbers.
  it.each([...SHAPES.slice(1), [2000, 12]])('%j, %j, ...', async (...shape) => {
    const columns = shape.at(-1)!;
    const x = floats(shape, 1);
    const gamma = floats([columns], 2);
    const rstd = rstdOf(x, gamma);
    const dy = floats(shape, 4);
    await checkOp('RmsNormGrad', {}, { dy, x, gamma, rstd }, { dx: shape });
    await checkOp('RmsNormParamGrad', {}, { dy, x, rstd }, { dgamma: [columns] });
  });
});
