/** The update rules against values that PyTorch 2.13 gives in float64. */
import { describe, expect, it } from 'vitest';
import { accumulate, adamW, globalNorm, sgd } from './optimizer.ts';

const GRADIENTS = [
  [0.5, -2, 0.25],
  [-0.1, 0.3, 4],
  [0, 1e-3, -0.7],
].map((g) => Float64Array.from(g));
const NORMS = [2.0766559657295187, 4.012480529547776, 0.7000007142853498];
const START = [1, -0.5, 2];

/** torch.optim.AdamW([p], lr=0.01, betas=(0.9, 0.99), eps=1e-6, weight_decay=0.1) after clip_grad_norm_([p], 1). */
const ADAMW = [
  [0.9890000415329668, -0.48950001038327406, 1.9880000830655886],
  [0.98209956798163, -0.482892604579348, 1.9778393375724006],
  [0.976537490452732, -0.4776764458440801, 1.974325094700892],
];

/** torch.optim.SGD([p], lr=0.01, momentum=0.9, weight_decay=0.1) after clip_grad_norm_([p], 1). */
const SGD = [
  [0.9965922840977044, -0.4898691363908174, 1.9967961420488523],
  [0.9927779698325684, -0.48100915699924573, 1.9819469805096572],
  [0.9883523090241134, -0.47256416638983195, 1.973600788143872],
];

const close = (actual: Float64Array, expected: readonly number[]): void =>
  expected.forEach((v, i) => expect(actual[i]).toBeCloseTo(v, 14));

describe('update rules', () => {
  it('AdamW with clipping equals PyTorch', () => {
    const p = Float64Array.from(START);
    const [m, v] = [new Float64Array(3), new Float64Array(3)];
    const rates = { learningRate: 0.01, weightDecay: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-6 };
    GRADIENTS.forEach((g, k) => {
      const norm = globalNorm([g], 1);
      expect(norm.norm).toBeCloseTo(NORMS[k], 14);
      adamW(p, g, m, v, norm, { ...rates, optimizerStep: k + 1 });
      close(p, ADAMW[k]);
    });
  });

  it('SGD with clipping equals PyTorch', () => {
    const p = Float64Array.from(START);
    const velocity = new Float64Array(3);
    GRADIENTS.forEach((g, k) => {
      sgd(p, g, velocity, globalNorm([g], 1), { learningRate: 0.01, weightDecay: 0.1, momentum: 0.9 });
      close(p, SGD[k]);
    });
  });

  it('skips an update whose norm is not finite', () => {
    const p = Float64Array.from(START);
    const norm = globalNorm([Float64Array.of(1, NaN)], 1);
    expect(norm.finite).toBe(false);
    sgd(p, GRADIENTS[0], new Float64Array(3), norm, { learningRate: 1, weightDecay: 0, momentum: 0 });
    expect([...p]).toEqual(START);
  });

  it('takes the norm over all buffers, and clips only above the limit', () => {
    const parts = [Float64Array.of(3), Float64Array.of(4)];
    expect(globalNorm(parts)).toEqual({ norm: 5, scale: 1, finite: true });
    expect(globalNorm(parts, 10).scale).toBe(1);
    expect(globalNorm(parts, 1).scale).toBeCloseTo(0.2, 6);
  });

  it('accumulates', () => {
    const sum = Float64Array.of(NaN, NaN);
    accumulate(sum, Float64Array.of(1, 2), true);
    accumulate(sum, Float64Array.of(10, 20), false, 0.5);
    expect([...sum]).toEqual([6, 12]);
  });
});
