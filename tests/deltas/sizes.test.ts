/** What real sizes take on the least GPU there may be: planned only, so weights are empty and no device is opened. */
import { describe, expect, it } from 'vitest';
import { bertConfig, bertModel, bertTensors, type BertConfig } from '../../src/measure/random-bert.ts';
import { BENCH_RUN } from '../../src/measure/methods.ts';
import { t5DeltaModel } from '../../bench/t5-steps.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { MethodType } from '../../src/deltas/defaults.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Precision } from '../../src/plan/precisions.ts';
import type { RecomputeMode } from '../../src/plan/recompute-modes.ts';
import { compileRun, type CompiledRun, type CompileRequest } from '../../src/train/compile.ts';

const BERT_BASE: BertConfig = { ...bertConfig(768, 12), vocabulary: 30522 };

const empty = (config: BertConfig) =>
  bertModel(
    config,
    bertTensors(config, (_name, length) => new Float32Array(length)),
  );

function compile(
  type: MethodType,
  [batchSize, length]: [number, number],
  recompute?: RecomputeMode,
  config = BERT_BASE,
  more: Partial<CompileRequest> = {},
): CompiledRun {
  return compileRun({
    model: empty(config),
    recompute,
    modelKey: 'sizes',
    method: defaultOptions(type),
    loss: 'crossEntropy',
    seed: 1,
    dropout: 0,
    optimizer: {
      type: 'adamw',
      weightDecay: 0,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      maxGradNorm: 1,
      accumulation: 1,
    },
    training: { batchSize, lengths: [{ length }] },
    adapter: DEFAULT_PROFILE,
    ...more,
  });
}

const planOf = ({ training }: CompiledRun): Plan => [...training.values()][0].plan;

describe('BERT-base on a GPU with WebGPU’s default limits', () => {
  it('trains by LoRA on 32 texts of 128 tokens, activations in several buffers', () => {
    const { buffers, compute, update } = planOf(compile('lora', [32, 128]));
    const { maxBufferSize, maxStorageBufferBindingSize } = DEFAULT_PROFILE.limits;
    const parts = buffers.filter(({ category }) => category === 'activations');
    expect(parts.length).toBeGreaterThan(4);
    for (const { bytes } of buffers) expect(bytes).toBeLessThanOrEqual(maxBufferSize);
    for (const { bindings } of [...compute, ...update])
      for (const { size } of bindings) expect(size).toBeLessThanOrEqual(maxStorageBufferBindingSize);
  });

  it('counts each product once: a step of full fine-tuning is three times a forward pass', () => {
    const { hidden, inner, layers } = BERT_BASE;
    const [rows, length] = [8, 128];
    const attention = 4 * rows * length * length * hidden;
    const products = 2 * rows * length * (4 * hidden * hidden + 2 * hidden * inner);
    const expected = layers * (3 * products + attention * (1 + 2.5));
    const total = flopsOf(compile('full', [rows, length]));
    // Norms, activations and the head are little beside them.
    expect(total / expected).toBeGreaterThan(1);
    expect(total / expected).toBeLessThan(1.02);
  });
});

describe('a step of full fine-tuning of BERT-base', () => {
  const launches = (maxStorageBuffersPerShaderStage: number, recompute: RecomputeMode) => {
    const limits = { ...DEFAULT_PROFILE.limits, maxStorageBuffersPerShaderStage };
    const adapter = { ...DEFAULT_PROFILE, limits };
    const { dispatches } = compile('full', [8, 128], recompute, BERT_BASE, { adapter });
    return dispatches.compute + dispatches.update;
  };

  it('is 300 dispatches at most where ten buffers are bound at once, and little more where eight are', () => {
    expect(launches(10, 'none')).toBeLessThanOrEqual(300);
    expect(launches(8, 'none')).toBeLessThanOrEqual(325);
    expect(launches(10, 'cheap')).toBeLessThanOrEqual(340);
  });

  it('joins queries, keys and values, and makes no gradient of a bias by itself', () => {
    const limits = { ...DEFAULT_PROFILE.limits, maxStorageBuffersPerShaderStage: 10 };
    const run = compile('full', [8, 128], 'none', BERT_BASE, { adapter: { ...DEFAULT_PROFILE, limits } });
    const count = (shader: string) => planOf(run).compute.filter((one) => one.shader === shader).length;
    for (const kind of ['layers', 'gradients', 'sum'])
      expect(count(`matmul/tiled-${kind}`), kind).toBe(BERT_BASE.layers);
    // What is left sums a table of positions over the batch.
    expect(count('reduce/columns')).toBe(1);
  });
});

const flopsOf = (run: CompiledRun): number => planOf(run).compute.reduce((sum, { flops }) => sum + flops, 0);

describe('recomputation', () => {
  it.each([
    ['full', 1.25],
    ['lora', 1.4],
  ] as const)('by layers needs a fifth of the activations of %s for %f of the arithmetic', (type, most) => {
    const [none, layers] = (['none', 'layers'] as const).map((mode) => compile(type, [8, 128], mode));
    expect(layers.memory.activations).toBeLessThan(none.memory.activations / 5);
    expect(flopsOf(layers)).toBeLessThan(most * flopsOf(none));
  });

  it('is by default the cheap one in wide models, and none where that could be measured', () => {
    const narrow: BertConfig = { ...bertConfig(128, 2), vocabulary: 1000 };
    const memoryOf = (config: BertConfig) =>
      ([undefined, 'cheap', 'none'] as const).map(
        (mode) => compile('full', [8, 64], mode, config).memory.activations,
      );
    const [wideDefault, wideCheap, wideNone] = memoryOf({ ...BERT_BASE, layers: 2 });
    expect(wideDefault).toBe(wideCheap);
    expect(wideCheap).toBeLessThan(0.8 * wideNone);
    const [narrowDefault, narrowCheap, narrowNone] = memoryOf(narrow);
    expect(narrowDefault).toBe(narrowNone);
    expect(narrowCheap).toBeLessThan(narrowNone);
  });

  it('by layers trains BERT-large by LoRA on 8 × 128 in 2 GiB', () => {
    const large: BertConfig = { ...bertConfig(1024, 24), vocabulary: 30522 };
    const { memory } = compile('lora', [8, 128], 'layers', large);
    expect(memory.total).toBeLessThan(2 * 2 ** 30);
    expect(memory.activations).toBeLessThan(0.25 * 2 ** 30);
    const halves = compile('lora', [8, 128], 'layers', large, { precision: 'f16-base' });
    expect(halves.memory.total).toBeLessThan(0.8 * 2 ** 30);
    expect(halves.memory.frozenWeights).toBeLessThan(0.51 * memory.frozenWeights);
    expect(halves.memory.activations).toBe(memory.activations);
    // Activations too, on a GPU that has halves.
    const adapter = { ...DEFAULT_PROFILE, f16: true };
    const all = compile('lora', [8, 128], 'layers', large, { precision: 'f16', adapter });
    expect(all.memory.activations).toBeLessThan(0.51 * memory.activations);
  });
});

describe('T5-base', () => {
  it('trains by LoRA on 8 texts of 128 tokens and targets of 32 in 1.5 GiB', () => {
    const config = { hidden: 768, layers: 12, heads: 12, inner: 3072, vocabulary: 32128 };
    const model = t5DeltaModel(config, (_name, length) => new Float32Array(length));
    const run = (precision: Precision) =>
      compileRun({
        ...BENCH_RUN,
        model,
        modelKey: 'sizes.t5',
        method: defaultOptions('lora'),
        training: { batchSize: 8, lengths: [{ length: 128, targetLength: 32 }] },
        evaluates: 'tokenLosses',
        precision,
        adapter: DEFAULT_PROFILE,
      }).memory.total;
    expect(run('f32')).toBeLessThan(1.5 * 2 ** 30);
    expect(run('f16-base')).toBeLessThan(1.05 * 2 ** 30);
  });
});
