/** The update rules against values that PyTorch 2.13 gives in float64. */
import { describe, expect, it } from 'vitest';
import { accumulate, adafactor, adamW, globalNorm, sgd } from './optimizer.ts';

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

/** Gradients of a matrix of two rows, one after the other; a vector takes the first rows. */
const MATRIX_GRADIENTS = [0, 1, 2].map((k) => [...GRADIENTS[k], ...GRADIENTS[(k + 1) % 3]]);
const MATRIX = [1, -0.5, 2, 0.3, 0.1, -1.2];
/** transformers.Adafactor([p]): relative steps, no first moment. */
const ADAFACTOR_RELATIVE = [
  [
    0.9828756884327573, -0.4827297695676523, 1.9989106605569202, 0.3017725346460003, 0.0986592709873822,
    -1.2090205875852302,
  ],
  [
    0.9868634253848103, -0.48577840704936914, 1.9854338886572573, 0.3017725346460003, 0.0986466053476044,
    -1.2060811345306144,
  ],
  [
    0.9868634253848103, -0.48578701280088604, 1.9886067986110607, 0.28368557461251276, 0.11686968681712938,
    -1.2072809176156776,
  ],
];
/** transformers.Adafactor([p], lr=0.01, relative_step=False, scale_parameter=True, weight_decay=0.1, beta1=0.9). */
const ADAFACTOR = [
  [
    0.9972237706167936, -0.49774107784352417, 1.9977634696027278, 0.29985811399665535, 0.09975954727609,
    -1.1996255008867445,
  ],
  [
    0.995022342377881, -0.49596315591392515, 1.9941938245339665, 0.2996990713033613, 0.0995316286386886,
    -1.1988685944658175,
  ],
  [
    0.9929391966875251, -0.49431376861115306, 1.9910944905170256, 0.29771033838927347, 0.10114440793186191,
    -1.198183197103608,
  ],
];
/** transformers.Adafactor([p], lr=0.01, relative_step=False, scale_parameter=False, clip_threshold=0.5), a vector. */
const ADAFACTOR_VECTOR = [
  [0.995, -0.495, 1.995],
  [0.9968877312065163, -0.4964319299425783, 1.9866701712183568],
  [0.9968877312065163, -0.496441803215903, 1.9896301423140312],
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

  it.each([
    { name: 'with relative steps', expected: ADAFACTOR_RELATIVE, options: {} },
    {
      name: 'at a given rate, with decay and a first moment',
      expected: ADAFACTOR,
      options: { weightDecay: 0.1, beta1: 0.9 },
    },
    { name: 'stored the other way round', expected: ADAFACTOR_RELATIVE, options: {}, transposed: true },
    {
      name: 'of a vector, clipped',
      expected: ADAFACTOR_VECTOR,
      options: { scaleParameter: false, clipThreshold: 0.5 },
      vector: true,
    },
  ])('Adafactor $name equals Hugging Face', ({ expected, options, transposed, vector }) => {
    const turned = (values: readonly number[]): Float64Array =>
      Float64Array.from(transposed ? [0, 3, 1, 4, 2, 5].map((i) => values[i]) : values);
    const p = vector ? Float64Array.from(START) : turned(MATRIX);
    const columns = vector ? undefined : transposed ? 2 : 3;
    const state = columns ? [6 / columns, columns] : [3];
    if ('beta1' in options) state.push(6);
    const moments = state.map((size) => new Float64Array(size));
    const settings = {
      learningRate: 0.01,
      weightDecay: 0,
      scaleParameter: true,
      clipThreshold: 1,
      decayRate: -0.8,
    };
    expected.forEach((after, k) => {
      const g = vector ? GRADIENTS[k] : turned(MATRIX_GRADIENTS[k]);
      const step = { ...settings, epsilon: [1e-30, 1e-3] as const, ...options, optimizerStep: k + 1 };
      adafactor(p, g, moments, globalNorm([g]), step, columns);
      const wanted = vector ? after : turned(after);
      wanted.forEach((value, i) => expect(p[i]).toBeCloseTo(value, 12));
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
