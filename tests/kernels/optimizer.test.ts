/** The update kernels against their float64 references, which equal PyTorch (src/graph/reference/optimizer.test.ts). */
import { describe, expect, it } from 'vitest';
import type { Program, ProgramValue } from '../../src/graph/program.ts';
import * as reference from '../../src/graph/reference/optimizer.ts';
import type { AdapterProfile, KernelCall, Operand } from '../../src/plan/kernel-call.ts';
import { updateKernels } from '../../src/plan/lower/update-kernels.ts';
import { VARIANTS } from '../support/check-op.ts';
import { randomData, relativeError } from '../support/random.ts';
import { runCalls, testDevice, variantsHere, type StepWords } from '../support/run-kernel.ts';

type Data = Record<string, Float32Array>;

/** Runs calls over flat buffers and returns those in `outputs`. */
async function run(
  variant: string,
  lower: (adapter: AdapterProfile) => KernelCall[],
  data: Data,
  outputs: Record<string, number>,
  step?: StepWords,
): Promise<Data> {
  const opened = await testDevice(VARIANTS[variant]);
  const values = new Map<string, ProgramValue>();
  const sizes = Object.fromEntries(Object.entries(data).map(([id, { length }]) => [id, length]));
  for (const [id, length] of Object.entries({ ...sizes, ...outputs }))
    values.set(id, { id, shape: [length], type: 'f32', kind: 'node' });
  const program: Program = { values, nodes: [], outputs: Object.keys(outputs) };
  const calls = lower({ ...opened.profile, ...VARIANTS[variant] });
  return runCalls(opened, calls, program, Object.keys(outputs), data, step);
}

const wide = (data: Float32Array): Float64Array => Float64Array.from(data);

describe.each(Object.keys(variantsHere(VARIANTS)))('update kernels, %s', (variant) => {
  const norms = (data: Data, maxGradNorm?: number, lossScale?: number) =>
    run(
      variant,
      (adapter) =>
        updateKernels(adapter).globalNorm(
          {
            gradients: Object.entries(data).map(([value, { length }]) => ({ value, elements: length })),
            norm: 'norm',
            maxGradNorm,
            lossScale,
          },
          adapter,
        ),
      data,
      { norm: 4 },
    ).then(({ norm }) => norm);

  it.each([
    { sizes: [1], maxGradNorm: 1 },
    { sizes: [7, 1000], maxGradNorm: 1 },
    { sizes: [4096, 5, 70001], maxGradNorm: 0 },
    { sizes: [600000], maxGradNorm: 5000 },
  ])('norm over $sizes', async ({ sizes, maxGradNorm }) => {
    const data = Object.fromEntries(sizes.map((n, i) => [`g${i}`, randomData([n], i + 1, 3)]));
    const expected = reference.globalNorm(Object.values(data).map(wide), maxGradNorm);
    const [norm, scale, finite] = await norms(data, maxGradNorm);
    expect(Math.abs(norm - expected.norm) / expected.norm).toBeLessThan(1e-6);
    expect(Math.abs(scale - expected.scale) / expected.scale).toBeLessThan(1e-6);
    expect(finite).toBe(1);
  });

  it.each([0, 1])('takes the scale of the loss out again, clipping at %d', async (maxGradNorm) => {
    const data = { a: randomData([100], 1), b: randomData([33], 2) };
    const [norm, scale, finite] = await norms(data, maxGradNorm);
    const large = Object.fromEntries(Object.entries(data).map(([id, g]) => [id, g.map((x) => 4096 * x)]));
    expect([...(await norms(large, maxGradNorm, 4096))]).toEqual([norm, scale / 4096, finite, 0]);
  });

  it.each([NaN, Infinity, -Infinity, 1e30])('flags a gradient of %d', async (bad) => {
    const data = { a: randomData([100], 1), b: randomData([33], 2) };
    data.b[17] = bad;
    expect((await norms(data, 1))[2]).toBe(0);
  });

  it('has norm 0 without gradients', async () => {
    expect([...(await norms({ a: new Float32Array(9) }, 1))]).toEqual([0, 1, 1, 0]);
  });

  const normOf = (scale: number, finite = 1) => Float32Array.of(1, scale, finite, 0);

  it.each([1, 6, 5000])('AdamW on %i elements over steps', async (n) => {
    const rates = { weightDecay: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    const state = { p: randomData([n], 1), m: new Float32Array(n), v: new Float32Array(n) };
    const [p, m, v] = [wide(state.p), wide(state.m), wide(state.v)];
    for (let optimizerStep = 1; optimizerStep <= 3; optimizerStep++) {
      const g = randomData([n], 10 + optimizerStep, optimizerStep === 2 ? 1e-4 : 1);
      const learningRate = 0.01;
      const norm = { norm: 1, scale: 0.5, finite: true };
      reference.adamW(p, wide(g), m, v, norm, { ...rates, learningRate, optimizerStep });
      const result = await run(
        variant,
        (adapter) =>
          updateKernels(adapter).adamW(
            {
              ...rates,
              parameters: 'p',
              gradients: 'g',
              firstMoment: 'm',
              secondMoment: 'v',
              norm: 'norm',
              elements: n,
            },
            adapter,
          ),
        { ...state, g, norm: normOf(0.5) },
        { p: n, m: n, v: n },
        {
          learningRate,
          optimizerStep,
          beta1Correction: 1 - rates.beta1 ** optimizerStep,
          beta2Correction: 1 - rates.beta2 ** optimizerStep,
        },
      );
      expect(relativeError(result.p, p)).toBeLessThan(1e-6);
      expect(relativeError(result.m, m)).toBeLessThan(1e-6);
      expect(relativeError(result.v, v)).toBeLessThan(1e-6);
      Object.assign(state, result);
    }
  });

  it.each([3, 4096])('SGD on %i elements over steps', async (n) => {
    const rates = { weightDecay: 0.01, momentum: 0.9 };
    const state = { p: randomData([n], 1), velocity: new Float32Array(n) };
    const [p, velocity] = [wide(state.p), wide(state.velocity)];
    for (let k = 1; k <= 3; k++) {
      const g = randomData([n], 10 + k);
      reference.sgd(
        p,
        wide(g),
        velocity,
        { norm: 1, scale: 0.5, finite: true },
        { ...rates, learningRate: 0.1 },
      );
      const operands = { parameters: 'p', gradients: 'g', velocity: 'velocity', norm: 'norm', elements: n };
      const result = await run(
        variant,
        (adapter) => updateKernels(adapter).sgd({ ...rates, ...operands }, adapter),
        { ...state, g, norm: normOf(0.5) },
        { p: n, velocity: n },
        { learningRate: 0.1 },
      );
      expect(relativeError(result.p, p)).toBeLessThan(1e-6);
      expect(relativeError(result.velocity, velocity)).toBeLessThan(1e-6);
      Object.assign(state, result);
    }
  });

  it('leaves everything alone when the norm is not finite', async () => {
    const data = {
      p: randomData([8], 1),
      m: randomData([8], 2),
      v: randomData([8], 3),
      g: new Float32Array(8).fill(NaN),
      norm: normOf(NaN, 0),
    };
    const result = await run(
      variant,
      (adapter) => [
        ...updateKernels(adapter).adamW(
          {
            parameters: 'p',
            gradients: 'g',
            firstMoment: 'm',
            secondMoment: 'v',
            norm: 'norm',
            elements: 8,
            weightDecay: 0.1,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
          },
          adapter,
        ),
        ...updateKernels(adapter).sgd(
          {
            parameters: 'p',
            gradients: 'g',
            velocity: 'm',
            norm: 'norm',
            elements: 8,
            weightDecay: 0.1,
            momentum: 0.9,
          },
          adapter,
        ),
      ],
      data,
      { p: 8, m: 8, v: 8 },
      { learningRate: 1 },
    );
    expect(result).toEqual({ p: data.p, m: data.m, v: data.v });
  });

  it.each([5, 4096])('accumulates %i elements, overwriting at the first', async (n) => {
    const [before, g] = [randomData([n], 1), randomData([n], 2)];
    for (const first of [true, false]) {
      const stale = first ? new Float32Array(n).fill(NaN) : before;
      const expected = wide(stale);
      reference.accumulate(expected, wide(g), first, 0.25);
      const { sum } = await run(
        variant,
        (adapter) => updateKernels(adapter).accumulate({ sum: 'sum', gradients: 'g', elements: n }, adapter),
        { sum: stale, g },
        { sum: n },
        { flags: first ? 1 : 0, lossScale: 0.25 },
      );
      expect(relativeError(sum, expected)).toBeLessThan(1e-6);
    }
  });

  it.each([
    { shape: [7], scaleParameter: true },
    { shape: [5, 12], scaleParameter: true, beta1: 0.9 },
    { shape: [130, 33], scaleParameter: false },
  ])('Adafactor over steps, %o', async ({ shape, scaleParameter, beta1 }) => {
    const n = shape.reduce((a, b) => a * b, 1);
    const [rows, columns] = shape.length > 1 ? shape : [undefined, n];
    const rates = {
      weightDecay: 0.1,
      scaleParameter,
      clipThreshold: 0.8,
      beta1,
      epsilon: [1e-30, 1e-3],
      learningRateScale: 1,
    } as const;
    const sizes: Record<string, number> = { p: n, v0: rows ?? n, ...(rows !== undefined && { v1: columns }) };
    if (beta1 !== undefined) sizes.first = n;
    const state: Data = { p: randomData([n], 1) };
    for (const [name, size] of Object.entries(sizes)) state[name] ??= new Float32Array(size);
    const expected = Object.fromEntries(Object.entries(state).map(([name, data]) => [name, wide(data)]));
    const { p: parameters, ...moments } = expected;
    const value = (name: string): Operand => ({ value: name, access: 'readwrite' });
    for (let optimizerStep = 1; optimizerStep <= 3; optimizerStep++) {
      const g = randomData([n], 10 + optimizerStep, optimizerStep === 2 ? 1e-4 : 1);
      const step = { ...rates, learningRate: 0.01, decayRate: -0.8, optimizerStep };
      const norm = { norm: 1, scale: 0.5, finite: true };
      reference.adafactor(parameters, wide(g), Object.values(moments), norm, step, rows && columns);
      const result = await run(
        variant,
        (adapter) =>
          updateKernels(adapter).adafactor(
            {
              rows,
              columns,
              parameters: value('p'),
              gradients: value('g'),
              moments: rows === undefined ? [value('v0')] : [value('v0'), value('v1')],
              ...(beta1 !== undefined && { first: value('first') }),
            },
            rates,
            value('norm'),
            adapter,
          ),
        { ...state, g, norm: normOf(0.5) },
        sizes,
        { learningRate: 0.01, optimizerStep, beta2Correction: optimizerStep ** -0.8 },
      );
      for (const name of Object.keys(sizes))
        expect(relativeError(result[name], expected[name]), name).toBeLessThan(3e-6);
      Object.assign(state, result);
    }
  });
});
