/** Losses with their gradients, and dropout, against the float64 reference. */
import { describe, expect, it } from 'vitest';
import { philoxUniform } from '../../src/graph/philox.ts';
import { PhiloxStream } from '../../src/graph/philox.ts';
import { checkOp, floats, given, integers } from '../support/check-op.ts';

describe('CrossEntropy', () => {
  const build = (rows: number, classes: number, deviation = 2, masked = 0) => {
    const random = new PhiloxStream(3, 2);
    const labels = Array.from({ length: rows }, (_, r) => (r < masked ? -100 : random.below(classes)));
    const weights = labels.map((_, r) => (r < masked ? 0 : 1 / Math.max(1, rows - masked)));
    return {
      logits: floats([rows, classes], 1, deviation),
      labels: integers([rows], labels),
      weights: given([rows], weights),
    };
  };

  it.each([
    { rows: 1, classes: 2 },
    { rows: 5, classes: 1 },
    { rows: 17, classes: 3 },
    { rows: 40, classes: 50, masked: 13 },
    { rows: 6, classes: 3000 },
    { rows: 600, classes: 2 },
    { rows: 9, classes: 5, deviation: 1e4 },
    { rows: 3, classes: 4, masked: 3 },
  ])('$rows rows, $classes classes', async ({ rows, classes, masked, deviation }) => {
    const inputs = build(rows, classes, deviation, masked);
    await checkOp('CrossEntropy', {}, inputs, { loss: [1] });
    await checkOp('CrossEntropyGrad', {}, inputs, { dz: [rows, classes] });
  });
});

describe('MeanSquared', () => {
  it.each([[1], [7], [64], [1000]])('%i rows', async (n) => {
    const inputs = {
      predictions: floats([n, 1], 1),
      targets: floats([n], 2, 3),
      weights: given([n], new Array<number>(n).fill(1 / n)),
    };
    await checkOp('MeanSquared', {}, inputs, { loss: [1] });
    await checkOp('MeanSquaredGrad', {}, inputs, { dp: [n, 1] });
  });
});

describe('Dropout', () => {
  it.each([1, 6, 4097, 8192])('drops the same of %i elements as the CPU', async (count) => {
    for (const rate of [0, 0.1, 0.5]) {
      const step = { seed: 42, step: 7 };
      await checkOp(
        'Dropout',
        { rate, id: 3 },
        { x: floats([count], 1) },
        { y: [count] },
        { step, tolerance: 1e-6 },
      );
    }
  });

  it('keeps exactly where the uniform is at least the rate', async () => {
    const n = 20000;
    const rate = 0.7;
    const x = given([n], new Array<number>(n).fill(1));
    const step = { seed: 1, step: 2 };
    const { y } = await checkOp('Dropout', { rate, id: 9 }, { x }, { y: [n] }, { step });
    for (let i = 0; i < n; i++) expect(y[i] !== 0).toBe(philoxUniform(1, 9, 2, i) >= rate);
  });
});
