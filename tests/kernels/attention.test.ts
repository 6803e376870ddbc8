/** Fused attention and its gradient against the float64 reference: odd lengths, biases of every shape, dropout. */
import { describe, expect, it } from 'vitest';
import { attention, attentionGrad } from '../../src/graph/reference/attention.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { AT_LENGTH } from '../support/at-length.ts';
import { build, checkBackward, checkForward, RANDOM, type Case } from '../support/check-attention.ts';
import { asRef, randomData, relativeError } from '../support/random.ts';
import { COLUMNS, ONLY_WASM, programOf, runNode, some } from '../support/run-kernel.ts';

// Odd lengths, masks, dropout and biases of heads come first: what follows them runs on WGSL kernels at length.
const cases: Case[] = [
  { queries: 33, bias: [2, 1, 1, 33], masked: 7 },
  { queries: 20, keys: 7, heads: 3, dim: 4, bias: [2, 3, 20, 7] },
  { queries: 7, keys: 13, dropout: 0.5, bias: [2, 1, 1, 13], masked: 2 },
  { queries: 1 },
  { queries: 5 },
  { queries: 5, keys: 9, bias: [2, 1, 1, 9] },
  { queries: 16, dim: 32, bias: [1, 2, 16, 16] },
  { queries: 8, keys: 12, bias: [12] },
  { queries: 9, keys: 130, batch: 1, dim: 64 },
  { queries: 130, keys: 270, batch: 1, heads: 1, dim: 16, bias: [1, 1, 130, 270] },
  { queries: 12, batch: 1, heads: 1, dim: 128 },
  { queries: 8, dropout: 0.3 },
];

const biases: [Case, number[]][] = [
  [{ queries: 7, keys: 13, bias: [2, 2, 7, 13], dropout: 0.5 }, [1, 2, 7, 13]],
  [{ queries: 5, keys: 9, bias: [2, 2, 5, 9] }, [2, 2, 5, 9]],
  [{ queries: 33, keys: 6, heads: 3, bias: [1, 3, 33, 6] }, [1, 3, 33, 6]],
  [{ queries: 4, keys: 4, batch: 3, bias: [1, 1, 4, 4] }, [1, 1, 4, 4]],
  [{ queries: 3, keys: 5, bias: [2, 1, 3, 5] }, [2, 1, 3, 5]],
  [{ queries: 1, keys: 1, bias: [1, 2, 1, 1] }, [1, 2, 1, 1]],
];
const all = ['dq', 'dk', 'dv', 'dbias'];

for (const [column, profile] of COLUMNS) {
  describe(`the gradient of the bias, ${column}`, () => {
    it.each(some(biases, profile))('%j in shape %j', async (c, shape) => {
      await checkBackward(c, profile, all, shape);
      await checkBackward(c, profile, ['dbias'], shape);
    });
  });

  describe(`attention, ${column}`, () => {
    const named = some(cases, profile, 3).map((c) => [JSON.stringify(c), c] as const);
    it.each(named)('forward %s', (_name, c) => checkForward(c, profile));
    it.each(named)('backward %s', (_name, c) => checkBackward(c, profile));
  });
}

// Adapters differ in the width of a workgroup: each invocation then owns other keys and columns.
const OTHERS: [string, Partial<AdapterProfile>][] = [
  ['SwiftShader', { software: true, architecture: 'swiftshader' }],
  ['lavapipe', { software: true, architecture: 'software' }],
  ['a software adapter without subgroups', { software: true, subgroups: false }],
  ['a GPU', { software: false }],
];

// lavapipe's compiler takes minutes over the workgroups of the GPU form, which it never gets in use.
const runsOn = (adapter: string): boolean =>
  AT_LENGTH && !ONLY_WASM && (adapter !== 'a GPU' || process.env.DELTA_ADAPTER !== 'lavapipe');

for (const [adapter, profile] of OTHERS) {
  describe.runIf(runsOn(adapter))(`attention as for ${adapter}`, () => {
    const c: Case = {
      queries: 37,
      keys: 70,
      heads: 2,
      dim: 16,
      bias: [2, 1, 1, 70],
      dropout: 0.1,
      masked: 5,
    };
    it('forward', () => checkForward(c, profile));
    it('backward', () => checkBackward(c, profile));
  });
}

const parts = [['dk', 'dv'], ['dq'], ['dk'], ['dv'], ['dq', 'dv']];

describe('attention gradients', () => {
  for (const [column, profile] of COLUMNS)
    it.each(some(parts, profile))(`only %s %s, ${column}`, (...wanted) =>
      checkBackward({ queries: 6, keys: 10, bias: [2, 1, 1, 10] }, profile, wanted),
    );

  it('of the reference agree with finite differences', () => {
    for (const dropout of [0, 0.4]) {
      const { shapes, attributes, refs } = build({
        queries: 3,
        keys: 4,
        heads: 2,
        dim: 4,
        batch: 1,
        dropout,
      });
      const dy = asRef(shapes.q, randomData(shapes.q, 60));
      const loss = (): number =>
        attention([refs.q, refs.k, refs.v], attributes, [shapes.q], RANDOM)[0].data.reduce(
          (sum, value, i) => sum + value * dy.data[i],
          0,
        );
      const analytic = attentionGrad([dy, refs.q, refs.k, refs.v], attributes, [], RANDOM);
      [refs.q, refs.k, refs.v].forEach((tensor, index) => {
        const numeric = tensor.data.map((value, i) => {
          const h = 1e-5;
          tensor.data[i] = value + h;
          const up = loss();
          tensor.data[i] = value - h;
          const down = loss();
          tensor.data[i] = value;
          return (up - down) / (2 * h);
        });
        expect(relativeError(analytic[index].data, numeric)).toBeLessThan(1e-7);
      });
    }
  });
});

describe.each(COLUMNS)('attention operands, %s', (_column, profile) => {
  it('may be one value: self-attention without projections', async () => {
    const shape = [2, 6, 16];
    const x = randomData(shape, 70);
    const attributes = { heads: 2, scale: 0.35, dropout: 0, dropoutId: 0 };
    const outputs = { y: shape, lse: [2, 2, 6] };
    const { program, node } = programOf('Attention', attributes, { x: shape }, outputs, {
      inputs: ['x', 'x', 'x', ''],
    });
    const result = await runNode(node, program, { x }, { profile });
    const ref = asRef(shape, x);
    const [y] = attention([ref, ref, ref], attributes, [shape]);
    expect(relativeError(result.y, y.data)).toBeLessThan(3e-6);
  });

  it('may mask every key of a row, as float32’s lowest number or minus infinity', async () => {
    for (const lowest of [-3.4028234663852886e38, -Infinity]) {
      const { shapes, data, attributes, outputs } = build({ queries: 4, bias: [2, 1, 1, 4] });
      data.bias.fill(lowest);
      const { program, node } = programOf('Attention', attributes, shapes, outputs);
      const result = await runNode(node, program, data, { profile });
      expect(result.y.every(Number.isFinite)).toBe(true);
    }
  });
});
