/** What real sizes take on the least GPU there may be: planned only, so weights are empty and no device is opened. */
import { describe, expect, it } from 'vitest';
import { bertConfig, bertModel, bertTensors, type BertConfig } from '../../bench/model.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import type { MethodType } from '../../src/deltas/defaults.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { compileRun, type CompiledRun } from '../../src/train/compile.ts';

const BERT_BASE: BertConfig = { ...bertConfig(768, 12), vocabulary: 30522 };

const empty = (config: BertConfig) =>
  bertModel(
    config,
    bertTensors(config, (_name, length) => new Float32Array(length)),
  );

function compile(type: MethodType, [batchSize, length]: [number, number]): CompiledRun {
  return compileRun({
    model: empty(BERT_BASE),
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
    const total = planOf(compile('full', [rows, length])).compute.reduce((sum, { flops }) => sum + flops, 0);
    // Norms, activations and the head are little beside them.
    expect(total / expected).toBeGreaterThan(1);
    expect(total / expected).toBeLessThan(1.02);
  });
});
