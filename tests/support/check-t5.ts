/**
 * Training of T5 against PyTorch with PEFT, step by step: 20 losses within 1e-4 relative, gradient norms, logits
 * before and after, trainable counts, final tensors within 1e-3.
 */
import { join } from 'node:path';
import { expect } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { openFolder } from '../../cli/load.ts';
import { loadModel } from '../../src/models/load.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { openFused } from '../../src/runs/fusion-adapters.ts';
import { compileRun } from '../../src/train/compile.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { CLOSE } from './check-oracle.ts';
import { ORACLES, recordedStart, recordedTensors } from './oracle.ts';
import { t5BatchOf, t5MethodOf } from './oracle-t5.ts';
import type { T5Case } from './oracle-t5.ts';

export function relative(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-8);
}

/** A recorded case, ready to be trained on a device. */
export async function t5Instance(studio: Studio, oracle: T5Case, evaluates: 'logits' | 'tokenLosses') {
  const folder = join(ORACLES, oracle.family);
  const model = await loadModel(modelFiles(folder), folder);
  const deltaModel = deltaModelOf(model);
  await openFused([t5MethodOf(oracle)], deltaModel, (name) => openFolder(join(folder, name)));
  const { training } = oracle;
  const { length, targetLength } = t5BatchOf(oracle, 0);
  const shapes = { batchSize: training.batchSize, lengths: [{ length, targetLength }] };
  const compiled = compileRun({
    model: deltaModel,
    modelKey: model.hash,
    method: t5MethodOf(oracle),
    steps: training.steps,
    loss: 'crossEntropy',
    seed: 1,
    dropout: 0,
    optimizer: {
      type: 'adamw',
      weightDecay: training.optimizer.weightDecay,
      betas: training.optimizer.betas,
      epsilon: training.optimizer.epsilon,
      maxGradNorm: training.maxGradNorm ?? 0,
      accumulation: training.accumulation,
    },
    training: shapes,
    evaluation: shapes,
    evaluates,
    adapter: studio.profile,
  });
  const instance = await DeviceInstance.create(studio, compiled, deltaModel, { seed: 1 });
  return { instance, compiled, layout: adapterLayout(compiled.delta, compiled.trainables, model.parameters) };
}

/** Trains a recorded case on a device and holds every number against the recorded ones. */
export async function checkT5(studio: Studio, oracle: T5Case): Promise<void> {
  const { instance, compiled, layout } = await t5Instance(studio, oracle, 'logits');
  const folder = join(ORACLES, oracle.family);
  const { steps, accumulation } = oracle.training;
  try {
    expect(compiled.trainableParameters).toBe(oracle.trainableParameters);
    expect([...new Set(layout.map((tensor) => tensor.file.name))].sort()).toEqual(
      oracle.trainable.map((t) => t.name).sort(),
    );
    if (oracle.tensors.initial)
      instance.write(recordedStart(join(folder, oracle.tensors.initial), compiled.delta, layout));
    await expectLogits(instance, oracle, 'initial', 1e-4);
    for (let step = 1; step <= steps; step++) {
      const batches = Array.from({ length: accumulation }, (_, i) =>
        t5BatchOf(oracle, (step - 1) * accumulation + i),
      );
      const learningRate = oracle.learningRates[step - 1];
      const { loss, penalty, gradNorm } = await instance.step(batches, { optimizerStep: step, learningRate });
      if (oracle.penalties) expect(relative(penalty!, oracle.penalties[step - 1])).toBeLessThan(1e-5);
      await instance.applyEvents(step);
      const bound = CLOSE.has(oracle.method.type) ? 1e-5 : 1e-4;
      expect(relative(loss, oracle.losses[step - 1]), `loss of step ${step}: ${loss}`).toBeLessThan(bound);
      expect(
        relative(gradNorm, oracle.gradNorms[step - 1]),
        `norm of step ${step}: ${gradNorm}`,
      ).toBeLessThan(2e-3);
    }
    await expectLogits(instance, oracle, 'final', 1e-3);
    await expectTensors(instance, oracle, layout);
    const { predicted, allocated } = instance.memory();
    expect(allocated).toEqual(predicted);
  } finally {
    instance.destroy();
  }
}

async function expectLogits(
  instance: DeviceInstance,
  oracle: T5Case,
  when: 'initial' | 'final',
  bound: number,
): Promise<void> {
  const logits = await instance.forward(t5BatchOf(oracle, 0));
  oracle.logits[when]
    .flat(3)
    .forEach((value, i) => expect(Math.abs(logits[i] - value), `${when} logit ${i}`).toBeLessThan(bound));
}

async function expectTensors(
  instance: DeviceInstance,
  oracle: T5Case,
  layout: Parameters<typeof recordedTensors>[1],
): Promise<void> {
  if (!oracle.tensors.final) return;
  const actual = await instance.read();
  const expected = recordedTensors(join(ORACLES, oracle.family, oracle.tensors.final), layout);
  const undetermined = new Set(oracle.undetermined);
  for (const tensor of layout) {
    if (undetermined.has(tensor.file.name)) continue;
    const ours = actual.get(tensor.name)!;
    let worst = 0;
    expected.get(tensor.name)!.forEach((value, i) => (worst = Math.max(worst, Math.abs(ours[i] - value))));
    expect(worst, tensor.name).toBeLessThan(1e-3);
  }
}
