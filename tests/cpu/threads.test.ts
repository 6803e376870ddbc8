/** What comes out does not depend on the number of threads: whole trainings on 1, 2 and 4 leave the same bytes. */
import { describe, expect, it } from 'vitest';
import { benchBatch } from '../../src/measure/batch.ts';
import { methodOptions } from '../../src/measure/methods.ts';
import { bertConfig, bertModel } from '../../src/measure/random-bert.ts';
import { openNodeCpu } from '../../src/cpu/node-threads.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import type { OptimizerSettings } from '../../src/plan/optimizer-settings.ts';
import { compileRun } from '../../src/train/compile.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';

const CONFIG = { ...bertConfig(64, 2), vocabulary: 300 };
const MODEL = bertModel(CONFIG);
const SIZE = { batchSize: 16, length: 33 };

const common = { weightDecay: 0.01, maxGradNorm: 1, accumulation: 1 };
const ADAMW: OptimizerSettings = { type: 'adamw', betas: [0.9, 0.999], epsilon: 1e-8, ...common };
const ADAFACTOR: OptimizerSettings = {
  type: 'adafactor',
  scaleParameter: true,
  clipThreshold: 1,
  decayRate: -0.8,
  epsilon: [1e-30, 1e-3],
  ...common,
};

/** Losses, norms and trained tensors of a few steps, as bytes. */
async function train(
  threads: number,
  method: MethodOptions,
  optimizer: OptimizerSettings,
): Promise<Buffer[]> {
  const studio = await openNodeCpu(threads);
  try {
    const compiled = compileRun({
      model: MODEL,
      modelKey: 'threads',
      method,
      loss: 'crossEntropy',
      seed: 3,
      dropout: 0.1,
      optimizer,
      training: { batchSize: SIZE.batchSize, lengths: [{ length: SIZE.length }] },
      adapter: studio.profile,
    });
    const parts = [...compiled.training.values()][0].plan.compute.map(({ workgroups }) => workgroups[0]);
    expect(Math.max(...parts)).toBeGreaterThanOrEqual(8);
    const instance = await DeviceInstance.create(studio, compiled, MODEL, { seed: 3 });
    const batch = benchBatch(SIZE, CONFIG.vocabulary);
    const steps = [1, 2, 3, 4].map((optimizerStep) =>
      instance.step([batch], { optimizerStep, learningRate: 0.01 }),
    );
    const told = (await Promise.all(steps)).flatMap(({ loss, gradNorm }) => [loss, gradNorm]);
    expect(told.every(Number.isFinite)).toBe(true);
    expect(told[6]).not.toBe(told[0]);
    const tensors = [...(await instance.read()).values()];
    instance.destroy();
    return [Float64Array.from(told), ...tensors].map((data) => Buffer.from(data.buffer));
  } finally {
    studio.destroy();
  }
}

describe('threads', () => {
  it.each<[string, MethodOptions, OptimizerSettings]>([
    ['full', { type: 'full' }, ADAMW],
    ['full with Adafactor', { type: 'full' }, ADAFACTOR],
    ['lora', methodOptions('lora'), ADAMW],
  ])('change nothing of %s', async (_name, method, optimizer) => {
    const [one, ...others] = [
      await train(1, method, optimizer),
      await train(2, method, optimizer),
      await train(4, method, optimizer),
    ];
    for (const other of others)
      expect(other.map((data, i) => data.equals(one[i]))).toEqual(one.map(() => true));
  });
});
