/** Layer normalisation and softmax, forward and backward, both variants, against the float64 reference. */
import { describe, it } from 'vitest';
import { layerNorm } from '../../src/graph/reference/norm.ts';
import { asRef } from '../support/random.ts';
import { checkOp, floats, given, type TestInput } from '../support/check-op.ts';

const SHAPES = [
  [1, 1],
  [1, 128],
  [5, 7],
  [3, 1],
  [33, 12],
  [2, 9, 64],
  [70, 130],
  [2, 1500],
];

const shifted = (x: TestInput, by: number): TestInput => ({ ...x, data: x.data.map((v) => v + by) });

function statistics(x: TestInput, gamma: TestInput, beta: TestInput, epsilon: number) {
  const tensors = [x, gamma, beta].map(({ shape, data }) => asRef(shape, data));
  const [, mean, rstd] = layerNorm(tensors, { epsilon }, []);
  return { mean: given(mean.shape, [...mean.data]), rstd: given(rstd.shape, [...rstd.data]) };
}

describe('LayerNorm', () => {
  const run = async (x: TestInput, epsilon = 1e-12, tolerance = 1e-5) => {
    const columns = x.shape.at(-1)!;
    const rows = x.data.length / columns;
    const gamma = { ...floats([columns], 2), kind: 'parameter' as const };
    const beta = { ...floats([columns], 3), kind: 'parameter' as const };
    const outputs = { y: x.shape, mean: [rows], rstd: [rows] };
    await checkOp('LayerNorm', { epsilon }, { x, gamma, beta }, outputs, { tolerance });
  };

  it.each(SHAPES)('%j, %j, ...', async (...shape) => run(floats(shape, 1), 1e-5));

  it('keeps its digits far from 0', async () => {
    // Inputs of 100 ± 1 carry errors of 4e-6 already; the mean is exact to that.
    await run(shifted(floats([9, 64], 1), 100), 1e-12, 2e-5);
  });

  it('takes tiny, huge and constant rows', async () => {
    await run(floats([4, 32], 1, 1e-4), 1e-12);
    await run(floats([4, 32], 1, 1e6), 1e-12);
    await run(given([2, 8], [...new Array<number>(8).fill(3), ...new Array<number>(8).fill(0)]), 1e-5);
  });

  it('leaves out what is not wanted', async () => {
    const inputs = { x: floats([6, 8], 1), gamma: floats([8], 2), beta: floats([8], 3) };
    const outputs = { y: [6, 8], mean: [6], rstd: [6] };
    await checkOp('LayerNorm', { epsilon: 1e-5 }, inputs, outputs, { outputNames: ['y', '', ''] });
  });
});

describe('LayerNorm gradients', () => {
  it.each(SHAPES)('%j, %j, ...', async (...shape) => {
    const columns = shape.at(-1)!;
    const x = floats(shape, 1);
    const gamma = floats([columns], 2);
    const { mean, rstd } = statistics(x, gamma, floats([columns], 3), 1e-5);
    const dy = floats(shape, 4);
    await checkOp('LayerNormGrad', {}, { dy, x, gamma, mean, rstd }, { dx: shape });
    await checkOp('LayerNormParamGrad', {}, { dy, x, mean, rstd }, { dgamma: [columns], dbeta: [columns] });
  });

  it('sums the parameters’ gradients over many rows', async () => {
    const shape = [2000, 12];
    const x = floats(shape, 1);
    const { mean, rstd } = statistics(x, floats([12], 2), floats([12], 3), 1e-5);
    const inputs = { dy: floats(shape, 4), x, mean, rstd };
    const outputs = { dgamma: [12], dbeta: [12] };
    await checkOp('LayerNormParamGrad', {}, inputs, outputs);
    await checkOp('LayerNormParamGrad', {}, inputs, outputs, { outputNames: ['dgamma', ''] });
    await checkOp('LayerNormParamGrad', {}, inputs, outputs, { outputNames: ['', 'dbeta'] });
  });
});

describe('Softmax', () => {
  it.each(SHAPES)('%j, %j, ...', async (...shape) => {
    await checkOp('Softmax', {}, { x: floats(shape, 1, 3) }, { y: shape });
  });

  it('takes large scores and masked ones', async () => {
    const lowest = -3.4028234663852886e38;
    await checkOp('Softmax', {}, { x: floats([7, 33], 1, 1e4) }, { y: [7, 33] });
    const masked = [
      1,
      2,
      lowest,
      -Infinity,
      lowest,
      lowest,
      lowest,
      lowest,
      ...new Array<number>(4).fill(-Infinity),
    ];
    await checkOp('Softmax', {}, { x: given([3, 4], masked) }, { y: [3, 4] });
  });
});

describe('SoftmaxGrad', () => {
  it.each(SHAPES)('%j, %j, ...', async (...shape) => {
    const columns = shape.at(-1)!;
    const y = { shape, data: floats(shape, 1).data.map((v) => Math.abs(v) / columns) };
    await checkOp('SoftmaxGrad', {}, { dy: floats(shape, 2), y }, { dx: shape });
  });
});

describe('one value as two inputs', () => {
  it.each([8, 7])('shares its binding in the gradients, width %i', async (columns) => {
    const x = floats([6, columns], 1);
    const gamma = floats([columns], 2);
    const { mean, rstd } = statistics(x, gamma, floats([columns], 3), 1e-5);
    const inputs = { x, gamma, mean, rstd };
    const grad = { inputNames: ['x', 'x', 'gamma', 'mean', 'rstd'] };
    await checkOp('LayerNormGrad', {}, inputs, { dx: [6, columns] }, grad);
    const params = { inputNames: ['x', 'x', 'mean', 'rstd'] };
    const outputs = { dgamma: [columns], dbeta: [columns] };
    await checkOp('LayerNormParamGrad', {}, { x, mean, rstd }, outputs, params);
    await checkOp('SoftmaxGrad', {}, { x }, { dx: [6, columns] }, { inputNames: ['x', 'x'] });
  });
});
