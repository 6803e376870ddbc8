/**
 * Our training against PyTorch with PEFT, step by step: 20 losses within 1e-4 relative, gradient norms,
 * logits before and after, trainable counts, final tensors within 1e-3.
 */
import { join } from 'node:path';
import { expect } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { openFolder } from '../../cli/load.ts';
import { bakedValues } from '../../src/deltas/bake.ts';
import type { Delta } from '../../src/deltas/delta.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { loadModel } from '../../src/models/load.ts';
import { withWordHead } from '../../src/models/word-head.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { adapterLayout } from '../../src/runs/adapter-layout.ts';
import { openFused } from '../../src/runs/fusion-adapters.ts';
import { compileRun } from '../../src/train/compile.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { DeviceInstance } from '../../src/train/device-instance.ts';
import { farthest } from './random.ts';
import {
  batchOf,
  headRateOf,
  methodOf,
  optimizerOf,
  ORACLES,
  recordedStart,
  recordedTensors,
} from './oracle.ts';
import type { OracleCase } from './oracle.ts';

function relative(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-8);
}

/** Trains a recorded case on a device and holds every number against the recorded ones. */
export async function checkOracle(studio: Studio, oracle: OracleCase): Promise<void> {
  const folder = join(ORACLES, oracle.family);
  const loaded = await loadModel(modelFiles(folder), folder);
  const labels = Array.from({ length: oracle.labels }, (_, i) => `LABEL_${i}`);
  const model = oracle.words
    ? withWordHead(loaded, { maskId: oracle.words.mask, wordIds: oracle.words.ids, labels })
    : prepareForTask(loaded, { task: oracle.task, labels, seed: 1 });
  const { training } = oracle;
  const length = oracle.batches[0].input_ids[0].length;
  const shapes = { batchSize: training.batchSize, lengths: [{ length }] };
  const deltaModel = deltaModelOf(model);
  await openFused([methodOf(oracle)], deltaModel, (name) => openFolder(join(folder, name)));
  const compiled = compileRun({
    model: deltaModel,
    modelKey: model.hash,
    method: methodOf(oracle),
    loss: oracle.task === 'regression' ? 'meanSquared' : 'crossEntropy',
    seed: 1,
    dropout: 0,
    optimizer: optimizerOf(oracle),
    headRate: headRateOf(oracle),
    training: shapes,
    evaluation: shapes,
    adapter: studio.profile,
    steps: training.steps,
  });
  expect(compiled.trainableParameters).toBe(oracle.trainableParameters);

  const instance = await DeviceInstance.create(studio, compiled, deltaModel, { seed: 1 });
  try {
    const layout = adapterLayout(compiled.delta, compiled.trainables, model.parameters);
    expect([...new Set(layout.map((tensor) => tensor.file.name))].sort()).toEqual(
      oracle.trainable.map((t) => t.name).sort(),
    );
    if (oracle.tensors.initial) {
      instance.write(recordedStart(join(folder, oracle.tensors.initial), compiled.delta, layout));
    }
    const names = model.graph.inputs.map((input) => input.name);
    await expectLogits(instance, oracle, names, 'initial');
    for (let step = 1; step <= training.steps; step++) {
      const batches = Array.from({ length: training.accumulation }, (_, i) =>
        batchOf(oracle, (step - 1) * training.accumulation + i, names),
      );
      const learningRate = oracle.learningRates[step - 1];
      const { loss, penalty, gradNorm } = await instance.step(batches, { optimizerStep: step, learningRate });
      await instance.applyEvents(step);
      const bound = CLOSE.has(oracle.method.type) ? 1e-5 : 1e-4;
      expect(relative(loss, oracle.losses[step - 1]), `loss of step ${step}: ${loss}`).toBeLessThan(bound);
      expect(penalty === undefined).toBe(oracle.penalties === undefined);
      if (penalty !== undefined)
        expect(relative(penalty, oracle.penalties![step - 1]), `penalty of step ${step}`).toBeLessThan(1e-5);
      expect(
        relative(gradNorm, oracle.gradNorms[step - 1]),
        `norm of step ${step}: ${gradNorm}`,
      ).toBeLessThan(2e-3);
    }
    await expectLogits(instance, oracle, names, 'final');
    const trained = await instance.read();
    expectTensors(trained, oracle, layout);
    expectBaked(compiled.delta, trained, oracle);
    const { predicted, allocated } = instance.memory();
    expect(allocated).toEqual(predicted);
  } finally {
    instance.destroy();
  }
}

/** Methods whose losses are held closer than the others'. */
export const CLOSE: ReadonlySet<string> = new Set([
  'sparse',
  'mask',
  'diffPruning',
  'said',
  'mam',
  'unipelt',
  'multitaskPrompt',
  'ipt',
  'fusion',
]);

async function expectLogits(
  instance: DeviceInstance,
  oracle: OracleCase,
  names: readonly string[],
  when: 'initial' | 'final',
): Promise<void> {
  for (const [index, rows] of oracle.logits[when].entries()) {
    const logits = await instance.forward(batchOf(oracle, index, names));
    rows.flat().forEach((value, i) => {
      const bound = when === 'initial' ? 1e-4 : 1e-3;
      expect(Math.abs(logits[i] - value), `${when} logit ${i} of batch ${index}`).toBeLessThan(bound);
    });
  }
}

function expectTensors(
  tensors: ReadonlyMap<string, Float32Array>,
  oracle: OracleCase,
  layout: Parameters<typeof recordedTensors>[1],
): void {
  if (!oracle.tensors.final) return;
  const expected = recordedTensors(join(ORACLES, oracle.family, oracle.tensors.final), layout);
  const undetermined = new Set(oracle.undetermined);
  for (const tensor of layout) {
    if (undetermined.has(tensor.file.name)) continue;
    const actual = tensors.get(tensor.name)!;
    const wanted = expected.get(tensor.name)!;
    expect(farthest(actual, wanted), tensor.name).toBeLessThan(1e-3);
  }
}

/** What files hold of an encoder is what PEFT's hold. */
function expectBaked(delta: Delta, tensors: ReadonlyMap<string, Float32Array>, oracle: OracleCase): void {
  // Differences under their gates are recorded apart, as w and α.
  if (delta.type === 'diffPruning') return;
  expect(delta.baked !== undefined && delta.baked.length > 0).toBe(oracle.tensors.baked !== undefined);
  if (oracle.tensors.baked === undefined) return;
  const [baked] = delta.baked!;
  const layout = [{ name: baked.name, dims: baked.dims, file: baked.file }];
  const recorded = recordedTensors(join(ORACLES, oracle.family, oracle.tensors.baked), layout);
  const wanted = recorded.get(baked.name)!;
  const actual = bakedValues(delta, tensors).get(baked.name)!;
  expect(farthest(actual, wanted)).toBeLessThan(1e-3);
}
