/**
 * The arithmetic that plans say they have beside a count by hand: what one more layer of BERT adds to a step, each
 * product once, whatever kernels compute it. The pacer, forecasts of time and rates of measurement all read it there.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { cpuProfile } from '../../src/cpu/profile.ts';
import type { MethodType } from '../../src/deltas/defaults.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import { BENCH_RUN } from '../../src/measure/methods.ts';
import { bertConfig, bertModel, bertTensors } from '../../src/measure/random-bert.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { ATTENTION_VARIANTS, MATMUL_VARIANTS } from '../../src/plan/lower/variants.ts';
import type { RecomputeMode } from '../../src/plan/recompute-modes.ts';
import { compileRun } from '../../src/train/compile.ts';

const [HIDDEN, BATCH, LENGTH, RANK] = [256, 8, 128, 8];
const INNER = 4 * HIDDEN;
const ROWS = BATCH * LENGTH;
const METHODS: MethodType[] = ['full', 'lora'];

/** Multiply and add are two. */
const product = (m: number, n: number, k: number): number => 2 * m * n * k;
/** The four of attention and the two of the feed-forward part. */
const FORWARD = 4 * product(ROWS, HIDDEN, HIDDEN) + 2 * product(ROWS, INNER, HIDDEN);
/** Of attention over all heads: scores, or weighted values. */
const SCORES = product(BATCH * LENGTH, LENGTH, HIDDEN);
/** One factor of LoRA's two, at queries and at values. */
const FACTORS = 2 * (product(ROWS, RANK, HIDDEN) + product(ROWS, HIDDEN, RANK));

/**
 * Backward, attention has five products: the scores again, the gradients of weights, queries, keys and values. A weight
 * that trains has its gradient, and what it reads has one; a frozen one only the second.
 */
const BY_HAND = {
  full: { products: 3 * FORWARD, attention: 7 * SCORES },
  lora: { products: 2 * FORWARD + 3 * FACTORS, attention: 7 * SCORES },
} as Record<MethodType, { products: number; attention: number }>;

/**
 * What is computed once more where, as at these sizes, both of a layer's residual sums are kept: all but the two
 * products that end in them.
 */
const TWICE = FORWARD - product(ROWS, HIDDEN, HIDDEN) - product(ROWS, HIDDEN, INNER);
const AGAIN = {
  full: { products: TWICE, attention: 2 * SCORES },
  lora: { products: TWICE + FACTORS, attention: 2 * SCORES },
} as Record<MethodType, { products: number; attention: number }>;

function workOf(layers: number, type: MethodType, adapter: AdapterProfile, recompute: RecomputeMode) {
  const config = { ...bertConfig(HIDDEN, layers), vocabulary: 100 };
  const run = compileRun({
    ...BENCH_RUN,
    model: bertModel(
      config,
      bertTensors(config, (_name, length) => new Float32Array(length)),
    ),
    modelKey: 'arithmetic',
    method: defaultOptions(type),
    training: { batchSize: BATCH, lengths: [{ length: LENGTH }] },
    recompute,
    adapter,
  });
  const [{ plan }] = run.training.values();
  const sum = (counts: (shader: string) => boolean): number =>
    plan.compute.reduce((all, { shader, flops }) => all + (counts(shader) ? flops : 0), 0);
  return {
    products: sum((shader) => shader.startsWith('matmul/') && shader !== 'matmul/split-sum'),
    attention: sum((shader) => shader.startsWith('attention/') && !shader.endsWith('stats')),
    shaders: new Set(plan.compute.map(({ shader }) => shader)),
  };
}

/** What one layer in the middle adds: the lowest need not send all gradients on, and the head is in both. */
function layerOf(type: MethodType, adapter: AdapterProfile, recompute: RecomputeMode = 'none') {
  const [more, fewer] = [4, 3].map((layers) => workOf(layers, type, adapter, recompute));
  return { products: more.products - fewer.products, attention: more.attention - fewer.attention };
}

const gpu = (changes: Partial<AdapterProfile>): AdapterProfile => ({ ...DEFAULT_PROFILE, ...changes });
const forced = (variant: string) => gpu({ choices: new Proxy({}, { get: () => variant }) });

const ADAPTERS: Record<string, AdapterProfile> = {
  'a GPU': DEFAULT_PROFILE,
  'a GPU that binds ten buffers': gpu({
    limits: { ...DEFAULT_PROFILE.limits, maxStorageBuffersPerShaderStage: 10 },
  }),
  'a software GPU': gpu({ software: true }),
  'the processor': cpuProfile(1),
};

describe.each(METHODS)('the arithmetic of a layer in a step of %s', (type) => {
  let usual: { products: number; attention: number };
  beforeAll(() => {
    const { products, attention } = workOf(2, type, DEFAULT_PROFILE, 'none');
    usual = { products, attention };
  });

  it.each(Object.entries(ADAPTERS))('is what a count by hand says, on %s', (_name, adapter) => {
    expect(layerOf(type, adapter)).toEqual(BY_HAND[type]);
  });

  it.each(Object.keys({ ...MATMUL_VARIANTS, ...ATTENTION_VARIANTS }))('is the same by %s', (variant) => {
    const { products, attention } = workOf(2, type, forced(variant), 'none');
    expect({ products, attention }).toEqual(usual);
  });

  it.each(Object.entries(ADAPTERS))(
    'has most of a forward pass more where layers are computed twice, on %s',
    (_name, adapter) => {
      const [own, again] = [BY_HAND[type], AGAIN[type]];
      expect(layerOf(type, adapter, 'layers')).toEqual({
        products: own.products + again.products,
        attention: own.attention + again.attention,
      });
    },
  );
});

it('long sums were split in it', () => {
  expect([...workOf(1, 'full', forced('8×8, 16×16, 16, 512'), 'none').shaders]).toContain('matmul/split-sum');
});
